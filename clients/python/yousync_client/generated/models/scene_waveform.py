from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SceneWaveform")


@_attrs_define
class SceneWaveform:
    """The loudness of a part of an imported scene; times in seconds on the scene's timeline.

    Attributes:
        end (float):
        length_s (float): Of the whole file
        peaks (list[int]): The largest amplitudes of equal parts, 255 is full scale
        start (float):
    """

    end: float
    length_s: float
    peaks: list[int]
    start: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        end = self.end

        length_s = self.length_s

        peaks = self.peaks

        start = self.start

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "end": end,
                "length_s": length_s,
                "peaks": peaks,
                "start": start,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        end = d.pop("end")

        length_s = d.pop("length_s")

        peaks = cast(list[int], d.pop("peaks"))

        start = d.pop("start")

        scene_waveform = cls(
            end=end,
            length_s=length_s,
            peaks=peaks,
            start=start,
        )

        scene_waveform.additional_properties = d
        return scene_waveform

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
