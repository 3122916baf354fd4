from typing import Literal

AnalysisResultResponseStatus = Literal["completed", "failed", "processing"]

ANALYSIS_RESULT_RESPONSE_STATUS_VALUES: set[AnalysisResultResponseStatus] = {
    "completed",
    "failed",
    "processing",
}


def check_analysis_result_response_status(value: str) -> AnalysisResultResponseStatus:
    if value in ANALYSIS_RESULT_RESPONSE_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ANALYSIS_RESULT_RESPONSE_STATUS_VALUES!r}")
