from typing import Literal

ReportedResultAttemptClass = Literal["incomplete", "no_speech", "scored", "too_noisy", "too_short", "wrong_sentence"]

REPORTED_RESULT_ATTEMPT_CLASS_VALUES: set[ReportedResultAttemptClass] = {
    "incomplete",
    "no_speech",
    "scored",
    "too_noisy",
    "too_short",
    "wrong_sentence",
}


def check_reported_result_attempt_class(value: str) -> ReportedResultAttemptClass:
    if value in REPORTED_RESULT_ATTEMPT_CLASS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {REPORTED_RESULT_ATTEMPT_CLASS_VALUES!r}")
