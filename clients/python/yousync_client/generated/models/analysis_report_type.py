from typing import Literal

AnalysisReportType = Literal["analysis.completed", "analysis.failed", "analysis.progress"]

ANALYSIS_REPORT_TYPE_VALUES: set[AnalysisReportType] = {
    "analysis.completed",
    "analysis.failed",
    "analysis.progress",
}


def check_analysis_report_type(value: str) -> AnalysisReportType:
    if value in ANALYSIS_REPORT_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ANALYSIS_REPORT_TYPE_VALUES!r}")
