from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.line_audio import LineAudio


T = TypeVar("T", bound="ScriptAudio")


@_attrs_define
class ScriptAudio:
    """The reference audio of all lines of a script, in order.

    Attributes:
        expires_in (int): Lifetime of signed URLs, in seconds; URLs of a CDN do not expire
        lines (list[LineAudio]):
        script_id (int):
    """

    expires_in: int
    lines: list[LineAudio]
    script_id: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        expires_in = self.expires_in

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        script_id = self.script_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "expires_in": expires_in,
                "lines": lines,
                "script_id": script_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.line_audio import LineAudio  # noqa: PLC0415

        d = dict(src_dict)
        expires_in = d.pop("expires_in")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = LineAudio.from_dict(lines_item_data)

            lines.append(lines_item)

        script_id = d.pop("script_id")

        script_audio = cls(
            expires_in=expires_in,
            lines=lines,
            script_id=script_id,
        )

        script_audio.additional_properties = d
        return script_audio

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
