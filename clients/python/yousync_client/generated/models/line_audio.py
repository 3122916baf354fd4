from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LineAudio")


@_attrs_define
class LineAudio:
    """The reference audio of one line; times in seconds on the scene's timeline.

    Attributes:
        audio_url (None | str):
        end_time (float):
        position (int):
        start_time (float):
        token_id (int):
    """

    audio_url: None | str
    end_time: float
    position: int
    start_time: float
    token_id: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        audio_url: None | str
        audio_url = self.audio_url

        end_time = self.end_time

        position = self.position

        start_time = self.start_time

        token_id = self.token_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "audio_url": audio_url,
                "end_time": end_time,
                "position": position,
                "start_time": start_time,
                "token_id": token_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_audio_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        audio_url = _parse_audio_url(d.pop("audio_url"))

        end_time = d.pop("end_time")

        position = d.pop("position")

        start_time = d.pop("start_time")

        token_id = d.pop("token_id")

        line_audio = cls(
            audio_url=audio_url,
            end_time=end_time,
            position=position,
            start_time=start_time,
            token_id=token_id,
        )

        line_audio.additional_properties = d
        return line_audio

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
