"""Failures of a job: stable codes, each with an English message for logs and for callers without translations."""

from enum import StrEnum
from typing import Final


class FailureCode(StrEnum):
    """The codes on the wire: in webhooks, in the state of a job and in answers to /features."""

    AUDIO_UNDECODABLE = "audio_undecodable"
    AUDIO_TOO_LONG = "audio_too_long"
    AUDIO_TOO_LARGE = "audio_too_large"
    AUDIO_EMPTY = "audio_empty"
    AUDIO_FETCH_FAILED = "audio_fetch_failed"
    REFERENCE_FETCH_FAILED = "reference_fetch_failed"
    REFERENCE_UNUSABLE = "reference_unusable"
    TEXT_UNREADABLE = "text_unreadable"
    WORDS_OUTSIDE_LINE = "words_outside_line"
    ANALYSIS_TIMEOUT = "analysis_timeout"
    ANALYSIS_CRASHED = "analysis_crashed"


MESSAGES: Final[dict[FailureCode, str]] = {
    FailureCode.AUDIO_UNDECODABLE: "The recording could not be decoded.",
    FailureCode.AUDIO_TOO_LONG: "The recording is longer than the limit.",
    FailureCode.AUDIO_TOO_LARGE: "The recording is larger than the limit.",
    FailureCode.AUDIO_EMPTY: "The recording is empty.",
    FailureCode.AUDIO_FETCH_FAILED: "The recording could not be downloaded.",
    FailureCode.REFERENCE_FETCH_FAILED: "The reference audio could not be downloaded.",
    FailureCode.REFERENCE_UNUSABLE: "The reference audio does not contain the text of the line.",
    FailureCode.TEXT_UNREADABLE: "The line contains no word that can be pronounced.",
    FailureCode.WORDS_OUTSIDE_LINE: "The line has fewer words than were to be assessed.",
    FailureCode.ANALYSIS_TIMEOUT: "The analysis took too long and was stopped.",
    FailureCode.ANALYSIS_CRASHED: "The analysis stopped unexpectedly.",
}
# Caused by this server or by the network: a job that failed with one of these runs again when it is sent again.
RETRYABLE: Final = frozenset(
    {FailureCode.AUDIO_FETCH_FAILED, FailureCode.ANALYSIS_TIMEOUT, FailureCode.ANALYSIS_CRASHED}
)


class AnalysisFailedError(Exception):
    """A job or a /features request failed for the reason in `code`."""

    def __init__(self, code: FailureCode) -> None:
        super().__init__(MESSAGES[code])
        self.code = code
        self.message = MESSAGES[code]
