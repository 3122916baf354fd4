from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PitchContour")


@_attrs_define
class PitchContour:
    """F0 in semitones relative to the speaker's median, one value per `hop_s` seconds; null where unvoiced.

    Attributes:
        hop_s (float):
        semitones (list[float | None]):
    """

    hop_s: float
    semitones: list[float | None]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hop_s = self.hop_s

        semitones = []
        for semitones_item_data in self.semitones:
            semitones_item: float | None
            semitones_item = semitones_item_data
            semitones.append(semitones_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "hop_s": hop_s,
                "semitones": semitones,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        hop_s = d.pop("hop_s")

        semitones = []
        _semitones = d.pop("semitones")
        for semitones_item_data in _semitones:

            def _parse_semitones_item(data: object) -> float | None:
                if data is None:
                    return data
                return cast(float | None, data)

            semitones_item = _parse_semitones_item(semitones_item_data)

            semitones.append(semitones_item)

        pitch_contour = cls(
            hop_s=hop_s,
            semitones=semitones,
        )

        pitch_contour.additional_properties = d
        return pitch_contour

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
