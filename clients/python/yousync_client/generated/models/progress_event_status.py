from typing import Literal

ProgressEventStatus = Literal["completed", "failed", "processing"]

PROGRESS_EVENT_STATUS_VALUES: set[ProgressEventStatus] = {
    "completed",
    "failed",
    "processing",
}


def check_progress_event_status(value: str) -> ProgressEventStatus:
    if value in PROGRESS_EVENT_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PROGRESS_EVENT_STATUS_VALUES!r}")
