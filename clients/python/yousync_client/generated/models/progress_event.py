from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.progress_event_status import (
    ProgressEventStatus,
    check_progress_event_status,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.job_error import JobError
    from ..models.progress_event_result_type_0 import ProgressEventResultType0


T = TypeVar("T", bound="ProgressEvent")


@_attrs_define
class ProgressEvent:
    """The `data` of one server-sent event: always the complete state of the job.

    Attributes:
        job_id (UUID):
        message (None | str):
        progress (int):
        stage (str):
        status (ProgressEventStatus):
        error (JobError | None | Unset):
        result (None | ProgressEventResultType0 | Unset):
    """

    job_id: UUID
    message: None | str
    progress: int
    stage: str
    status: ProgressEventStatus
    error: JobError | None | Unset = UNSET
    result: None | ProgressEventResultType0 | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.job_error import JobError  # noqa: PLC0415
        from ..models.progress_event_result_type_0 import ProgressEventResultType0  # noqa: PLC0415

        job_id = str(self.job_id)

        message: None | str
        message = self.message

        progress = self.progress

        stage = self.stage

        status: str = self.status

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, JobError):
            error = self.error.to_dict()
        else:
            error = self.error

        result: dict[str, Any] | None | Unset
        if isinstance(self.result, Unset):
            result = UNSET
        elif isinstance(self.result, ProgressEventResultType0):
            result = self.result.to_dict()
        else:
            result = self.result

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
                "message": message,
                "progress": progress,
                "stage": stage,
                "status": status,
            }
        )
        if error is not UNSET:
            field_dict["error"] = error
        if result is not UNSET:
            field_dict["result"] = result

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_error import JobError  # noqa: PLC0415
        from ..models.progress_event_result_type_0 import ProgressEventResultType0  # noqa: PLC0415

        d = dict(src_dict)
        job_id = UUID(d.pop("job_id"))

        def _parse_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        message = _parse_message(d.pop("message"))

        progress = d.pop("progress")

        stage = d.pop("stage")

        status = check_progress_event_status(d.pop("status"))

        def _parse_error(data: object) -> JobError | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = JobError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobError | None | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_result(data: object) -> None | ProgressEventResultType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                result_type_0 = ProgressEventResultType0.from_dict(data)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ProgressEventResultType0 | Unset, data)

        result = _parse_result(d.pop("result", UNSET))

        progress_event = cls(
            job_id=job_id,
            message=message,
            progress=progress,
            stage=stage,
            status=status,
            error=error,
            result=result,
        )

        progress_event.additional_properties = d
        return progress_event

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
