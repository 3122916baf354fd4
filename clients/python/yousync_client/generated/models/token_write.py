from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.token_write_translations import TokenWriteTranslations


T = TypeVar("T", bound="TokenWrite")


@_attrs_define
class TokenWrite:
    """The fields of a line; its times are in seconds on the scene's timeline.

    Attributes:
        actor_id (int):
        end_time (float):
        script_id (int):
        start_time (float):
        text (str):
        curator_level (int | None | Unset):
        position (int | None | Unset): Place in the script; last when absent
        spoken_form (None | str | Unset): What readers are expected to say, in words, where the expected reading of the
            text is wrong; the text stays as it is shown
        translation (None | str | Unset): The entry `ko` of `translations`: give either, or both with the same text
        translations (TokenWriteTranslations | Unset):
    """

    actor_id: int
    end_time: float
    script_id: int
    start_time: float
    text: str
    curator_level: int | None | Unset = UNSET
    position: int | None | Unset = UNSET
    spoken_form: None | str | Unset = UNSET
    translation: None | str | Unset = UNSET
    translations: TokenWriteTranslations | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor_id = self.actor_id

        end_time = self.end_time

        script_id = self.script_id

        start_time = self.start_time

        text = self.text

        curator_level: int | None | Unset
        if isinstance(self.curator_level, Unset):
            curator_level = UNSET
        else:
            curator_level = self.curator_level

        position: int | None | Unset
        if isinstance(self.position, Unset):
            position = UNSET
        else:
            position = self.position

        spoken_form: None | str | Unset
        if isinstance(self.spoken_form, Unset):
            spoken_form = UNSET
        else:
            spoken_form = self.spoken_form

        translation: None | str | Unset
        if isinstance(self.translation, Unset):
            translation = UNSET
        else:
            translation = self.translation

        translations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.translations, Unset):
            translations = self.translations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor_id": actor_id,
                "end_time": end_time,
                "script_id": script_id,
                "start_time": start_time,
                "text": text,
            }
        )
        if curator_level is not UNSET:
            field_dict["curator_level"] = curator_level
        if position is not UNSET:
            field_dict["position"] = position
        if spoken_form is not UNSET:
            field_dict["spoken_form"] = spoken_form
        if translation is not UNSET:
            field_dict["translation"] = translation
        if translations is not UNSET:
            field_dict["translations"] = translations

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.token_write_translations import TokenWriteTranslations  # noqa: PLC0415

        d = dict(src_dict)
        actor_id = d.pop("actor_id")

        end_time = d.pop("end_time")

        script_id = d.pop("script_id")

        start_time = d.pop("start_time")

        text = d.pop("text")

        def _parse_curator_level(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        curator_level = _parse_curator_level(d.pop("curator_level", UNSET))

        def _parse_position(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        position = _parse_position(d.pop("position", UNSET))

        def _parse_spoken_form(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        spoken_form = _parse_spoken_form(d.pop("spoken_form", UNSET))

        def _parse_translation(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        translation = _parse_translation(d.pop("translation", UNSET))

        _translations = d.pop("translations", UNSET)
        translations: TokenWriteTranslations | Unset
        if isinstance(_translations, Unset):
            translations = UNSET
        else:
            translations = TokenWriteTranslations.from_dict(_translations)

        token_write = cls(
            actor_id=actor_id,
            end_time=end_time,
            script_id=script_id,
            start_time=start_time,
            text=text,
            curator_level=curator_level,
            position=position,
            spoken_form=spoken_form,
            translation=translation,
            translations=translations,
        )

        token_write.additional_properties = d
        return token_write

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
