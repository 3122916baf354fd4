from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SceneProgress")


@_attrs_define
class SceneProgress:
    """The user's progress on one script; `best_average` is the mean of the best overall scores on its lines.

    Attributes:
        best_average (float | None):
        script_id (int):
        tokens_dubbed (int):
    """

    best_average: float | None
    script_id: int
    tokens_dubbed: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        best_average: float | None
        best_average = self.best_average

        script_id = self.script_id

        tokens_dubbed = self.tokens_dubbed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "best_average": best_average,
                "script_id": script_id,
                "tokens_dubbed": tokens_dubbed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_best_average(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        best_average = _parse_best_average(d.pop("best_average"))

        script_id = d.pop("script_id")

        tokens_dubbed = d.pop("tokens_dubbed")

        scene_progress = cls(
            best_average=best_average,
            script_id=script_id,
            tokens_dubbed=tokens_dubbed,
        )

        scene_progress.additional_properties = d
        return scene_progress

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
