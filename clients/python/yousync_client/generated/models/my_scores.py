from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MyScores")


@_attrs_define
class MyScores:
    """The signed-in user's scores on one line; `best` and `last` are null until an attempt was scored.

    Attributes:
        attempts (int):
        best (float | None):
        bookmarked (bool):
        last (float | None):
    """

    attempts: int
    best: float | None
    bookmarked: bool
    last: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempts = self.attempts

        best: float | None
        best = self.best

        bookmarked = self.bookmarked

        last: float | None
        last = self.last

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "best": best,
                "bookmarked": bookmarked,
                "last": last,
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

        my_scores = cls(
            attempts=attempts,
            best=best,
            bookmarked=bookmarked,
            last=last,
        )

        my_scores.additional_properties = d
        return my_scores

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
