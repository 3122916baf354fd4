from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LineProgress")


@_attrs_define
class LineProgress:
    """The user's progress on one line; the overall scores are null until an attempt was scored.

    Attributes:
        attempts (int):
        best (float | None):
        bookmarked (bool):
        last (float | None):
        last_job_id (None | UUID):
        token_id (int):
    """

    attempts: int
    best: float | None
    bookmarked: bool
    last: float | None
    last_job_id: None | UUID
    token_id: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempts = self.attempts

        best: float | None
        best = self.best

        bookmarked = self.bookmarked

        last: float | None
        last = self.last

        last_job_id: None | str
        if isinstance(self.last_job_id, UUID):
            last_job_id = str(self.last_job_id)
        else:
            last_job_id = self.last_job_id

        token_id = self.token_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "best": best,
                "bookmarked": bookmarked,
                "last": last,
                "last_job_id": last_job_id,
                "token_id": token_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempts = d.pop("attempts")

        def _parse_best(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        best = _parse_best(d.pop("best"))

        bookmarked = d.pop("bookmarked")

        def _parse_last(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        last = _parse_last(d.pop("last"))

        def _parse_last_job_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_job_id_type_0 = UUID(data)

                return last_job_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        last_job_id = _parse_last_job_id(d.pop("last_job_id"))

        token_id = d.pop("token_id")

        line_progress = cls(
            attempts=attempts,
            best=best,
            bookmarked=bookmarked,
            last=last,
            last_job_id=last_job_id,
            token_id=token_id,
        )

        line_progress.additional_properties = d
        return line_progress

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
