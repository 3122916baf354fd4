from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RecordingResponse")


@_attrs_define
class RecordingResponse:
    """A stored recording of the user.

    Attributes:
        bytes_ (int | None):
        created_at (datetime.datetime):
        job_id (UUID):
        token_id (int):
    """

    bytes_: int | None
    created_at: datetime.datetime
    job_id: UUID
    token_id: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bytes_: int | None
        bytes_ = self.bytes_

        created_at = self.created_at.isoformat()

        job_id = str(self.job_id)

        token_id = self.token_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bytes": bytes_,
                "created_at": created_at,
                "job_id": job_id,
                "token_id": token_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_bytes_(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        bytes_ = _parse_bytes_(d.pop("bytes"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        job_id = UUID(d.pop("job_id"))

        token_id = d.pop("token_id")

        recording_response = cls(
            bytes_=bytes_,
            created_at=created_at,
            job_id=job_id,
            token_id=token_id,
        )

        recording_response.additional_properties = d
        return recording_response

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
