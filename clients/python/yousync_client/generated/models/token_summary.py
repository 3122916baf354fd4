from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.actor_response import ActorResponse
    from ..models.token_summary_translations import TokenSummaryTranslations


T = TypeVar("T", bound="TokenSummary")


@_attrs_define
class TokenSummary:
    """A line in a list.

    Attributes:
        actor (ActorResponse): The speaker of a line in the original.
        end_time (float):
        has_audio (bool):
        id (int):
        position (int):
        script_id (int):
        script_language (str):
        script_title (str):
        start_time (float):
        text (str):
        translation (None | str):
        translations (TokenSummaryTranslations): By language tag
    """

    actor: ActorResponse
    end_time: float
    has_audio: bool
    id: int
    position: int
    script_id: int
    script_language: str
    script_title: str
    start_time: float
    text: str
    translation: None | str
    translations: TokenSummaryTranslations
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor.to_dict()

        end_time = self.end_time

        has_audio = self.has_audio

        id = self.id

        position = self.position

        script_id = self.script_id

        script_language = self.script_language

        script_title = self.script_title

        start_time = self.start_time

        text = self.text

        translation: None | str
        translation = self.translation

        translations = self.translations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "end_time": end_time,
                "has_audio": has_audio,
                "id": id,
                "position": position,
                "script_id": script_id,
                "script_language": script_language,
                "script_title": script_title,
                "start_time": start_time,
                "text": text,
                "translation": translation,
                "translations": translations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.actor_response import ActorResponse  # noqa: PLC0415
        from ..models.token_summary_translations import TokenSummaryTranslations  # noqa: PLC0415

        d = dict(src_dict)
        actor = ActorResponse.from_dict(d.pop("actor"))

        end_time = d.pop("end_time")

        has_audio = d.pop("has_audio")

        id = d.pop("id")

        position = d.pop("position")

        script_id = d.pop("script_id")

        script_language = d.pop("script_language")

        script_title = d.pop("script_title")

        start_time = d.pop("start_time")

        text = d.pop("text")

        def _parse_translation(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        translation = _parse_translation(d.pop("translation"))

        translations = TokenSummaryTranslations.from_dict(d.pop("translations"))

        token_summary = cls(
            actor=actor,
            end_time=end_time,
            has_audio=has_audio,
            id=id,
            position=position,
            script_id=script_id,
            script_language=script_language,
            script_title=script_title,
            start_time=start_time,
            text=text,
            translation=translation,
            translations=translations,
        )

        token_summary.additional_properties = d
        return token_summary

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
