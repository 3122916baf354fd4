from typing import Literal

UploadAcceptedStatus = Literal["completed", "failed", "processing"]

UPLOAD_ACCEPTED_STATUS_VALUES: set[UploadAcceptedStatus] = {
    "completed",
    "failed",
    "processing",
}


def check_upload_accepted_status(value: str) -> UploadAcceptedStatus:
    if value in UPLOAD_ACCEPTED_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {UPLOAD_ACCEPTED_STATUS_VALUES!r}")
