from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.token_summary import TokenSummary


T = TypeVar("T", bound="DubbedToken")


@_attrs_define
class DubbedToken:
    """A line that the user has recorded; the scores are null until an attempt was scored.

    Attributes:
        attempts (int):
        best_overall_score (float | None):
        first_overall_score (float | None):
        last_dubbed_at (datetime.datetime):
        last_job_id (UUID):
        last_overall_score (float | None):
        token (TokenSummary): A line in a list.
    """

    attempts: int
    best_overall_score: float | None
    first_overall_score: float | None
    last_dubbed_at: datetime.datetime
    last_job_id: UUID
    last_overall_score: float | None
    token: TokenSummary
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempts = self.attempts

        best_overall_score: float | None
        best_overall_score = self.best_overall_score

        first_overall_score: float | None
        first_overall_score = self.first_overall_score

        last_dubbed_at = self.last_dubbed_at.isoformat()

        last_job_id = str(self.last_job_id)

        last_overall_score: float | None
        last_overall_score = self.last_overall_score

        token = self.token.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "best_overall_score": best_overall_score,
                "first_overall_score": first_overall_score,
                "last_dubbed_at": last_dubbed_at,
                "last_job_id": last_job_id,
                "last_overall_score": last_overall_score,
                "token": token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.token_summary import TokenSummary  # noqa: PLC0415

        d = dict(src_dict)
        attempts = d.pop("attempts")

        def _parse_best_overall_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        best_overall_score = _parse_best_overall_score(d.pop("best_overall_score"))

        def _parse_first_overall_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        first_overall_score = _parse_first_overall_score(d.pop("first_overall_score"))

        last_dubbed_at = datetime.datetime.fromisoformat(d.pop("last_dubbed_at"))

        last_job_id = UUID(d.pop("last_job_id"))

        def _parse_last_overall_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        last_overall_score = _parse_last_overall_score(d.pop("last_overall_score"))

        token = TokenSummary.from_dict(d.pop("token"))

        dubbed_token = cls(
            attempts=attempts,
            best_overall_score=best_overall_score,
            first_overall_score=first_overall_score,
            last_dubbed_at=last_dubbed_at,
            last_job_id=last_job_id,
            last_overall_score=last_overall_score,
            token=token,
        )

        dubbed_token.additional_properties = d
        return dubbed_token

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
