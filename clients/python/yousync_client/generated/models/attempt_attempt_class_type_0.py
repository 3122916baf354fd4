from typing import Literal

AttemptAttemptClassType0 = Literal["incomplete", "no_speech", "scored", "too_noisy", "too_short", "wrong_sentence"]

ATTEMPT_ATTEMPT_CLASS_TYPE_0_VALUES: set[AttemptAttemptClassType0] = {
    "incomplete",
    "no_speech",
    "scored",
    "too_noisy",
    "too_short",
    "wrong_sentence",
}


def check_attempt_attempt_class_type_0(value: str) -> AttemptAttemptClassType0:
    if value in ATTEMPT_ATTEMPT_CLASS_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ATTEMPT_ATTEMPT_CLASS_TYPE_0_VALUES!r}")
