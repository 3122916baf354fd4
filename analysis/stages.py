"""The stages of a job in order, with the progress and the English message that each one reports."""

from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """The stage names on the wire."""

    QUEUED = "queued"
    DECODING = "decoding"
    CHECKING = "checking"
    PRONUNCIATION = "pronunciation"
    ALIGNMENT = "alignment"
    PROSODY = "prosody"
    SCORING = "scoring"
    COMPLETED = "completed"
    FAILED = "failed"


# Progress in percent at which a running job enters the stage.
STARTS_AT: Final = {
    Stage.DECODING: 20,
    Stage.CHECKING: 30,
    Stage.PRONUNCIATION: 40,
    Stage.ALIGNMENT: 60,
    Stage.PROSODY: 75,
    Stage.SCORING: 95,
}

MESSAGES: Final = {
    Stage.QUEUED: "Waiting in the queue.",
    Stage.DECODING: "Decoding the recording.",
    Stage.CHECKING: "Checking the recording.",
    Stage.PRONUNCIATION: "Listening to each sound.",
    Stage.ALIGNMENT: "Finding each word.",
    Stage.PROSODY: "Measuring pitch and energy.",
    Stage.SCORING: "Calculating the scores.",
    Stage.COMPLETED: "The analysis is complete.",
    Stage.FAILED: "The analysis failed.",
}
