"""Why a job failed: stable codes, with a message in English for the log and for callers without a catalogue."""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "audio_undecodable": "The recording could not be decoded.",
    "audio_too_long": "The recording is longer than the limit.",
    "audio_too_large": "The recording is larger than the limit.",
    "audio_empty": "The recording is empty.",
    "audio_fetch_failed": "The recording could not be fetched.",
    "reference_fetch_failed": "The reference audio could not be fetched.",
    "reference_unusable": "The reference audio does not hold the text of the line.",
    "text_unreadable": "The line holds no word that can be pronounced.",
    "analysis_timeout": "The analysis took too long and was stopped.",
    "analysis_crashed": "The analysis stopped unexpectedly.",
}
# Ours, or the network's: the same job may be sent again and is run again.
RETRYABLE: Final = frozenset({"audio_fetch_failed", "analysis_timeout", "analysis_crashed"})


class AnalysisFailedError(Exception):
    """The job cannot be done; `code` is one of MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code])
        self.code = code
        self.message = MESSAGES[code]
