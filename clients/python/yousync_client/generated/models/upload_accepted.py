from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.upload_accepted_status import (
    UploadAcceptedStatus,
    check_upload_accepted_status,
)

T = TypeVar("T", bound="UploadAccepted")


@_attrs_define
class UploadAccepted:
    """The job of an accepted recording.

    Attributes:
        job_id (UUID):
        progress_url (str): Event stream; contains a ticket for this job, valid for 60 s
        result_url (str):
        status (UploadAcceptedStatus):
    """

    job_id: UUID
    progress_url: str
    result_url: str
    status: UploadAcceptedStatus
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = str(self.job_id)

        progress_url = self.progress_url

        result_url = self.result_url

        status: str = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
                "progress_url": progress_url,
                "result_url": result_url,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        job_id = UUID(d.pop("job_id"))

        progress_url = d.pop("progress_url")

        result_url = d.pop("result_url")

        status = check_upload_accepted_status(d.pop("status"))

        upload_accepted = cls(
            job_id=job_id,
            progress_url=progress_url,
            result_url=result_url,
            status=status,
        )

        upload_accepted.additional_properties = d
        return upload_accepted

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
