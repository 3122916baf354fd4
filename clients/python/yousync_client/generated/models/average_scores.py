from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AverageScores")


@_attrs_define
class AverageScores:
    """Mean scores over all scored attempts; null if there are none.

    Attributes:
        emotion (float | None):
        intonation (float | None):
        overall (float | None):
        pronunciation (float | None):
    """

    emotion: float | None
    intonation: float | None
    overall: float | None
    pronunciation: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        emotion: float | None
        emotion = self.emotion

        intonation: float | None
        intonation = self.intonation

        overall: float | None
        overall = self.overall

        pronunciation: float | None
        pronunciation = self.pronunciation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "emotion": emotion,
                "intonation": intonation,
                "overall": overall,
                "pronunciation": pronunciation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_emotion(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        emotion = _parse_emotion(d.pop("emotion"))

        def _parse_intonation(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        intonation = _parse_intonation(d.pop("intonation"))

        def _parse_overall(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        overall = _parse_overall(d.pop("overall"))

        def _parse_pronunciation(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        pronunciation = _parse_pronunciation(d.pop("pronunciation"))

        average_scores = cls(
            emotion=emotion,
            intonation=intonation,
            overall=overall,
            pronunciation=pronunciation,
        )

        average_scores.additional_properties = d
        return average_scores

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
