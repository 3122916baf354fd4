from typing import Literal

AnalysisResultResponseAttemptClassType0 = Literal[
    "incomplete", "no_speech", "scored", "too_noisy", "too_short", "wrong_sentence"
]

ANALYSIS_RESULT_RESPONSE_ATTEMPT_CLASS_TYPE_0_VALUES: set[AnalysisResultResponseAttemptClassType0] = {
    "incomplete",
    "no_speech",
    "scored",
    "too_noisy",
    "too_short",
    "wrong_sentence",
}


def check_analysis_result_response_attempt_class_type_0(value: str) -> AnalysisResultResponseAttemptClassType0:
    if value in ANALYSIS_RESULT_RESPONSE_ATTEMPT_CLASS_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ANALYSIS_RESULT_RESPONSE_ATTEMPT_CLASS_TYPE_0_VALUES!r}"
    )
