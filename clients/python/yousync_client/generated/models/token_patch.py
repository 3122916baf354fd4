from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.token_patch_translations import TokenPatchTranslations


T = TypeVar("T", bound="TokenPatch")


@_attrs_define
class TokenPatch:
    """The fields of a line to change.

    Attributes:
        actor_id (int | Unset):
        curator_level (int | None | Unset):
        end_time (float | Unset):
        position (int | Unset):
        script_id (int | Unset):
        spoken_form (None | str | Unset):
        start_time (float | Unset):
        text (str | Unset):
        translation (None | str | Unset):
        translations (TokenPatchTranslations | Unset):
    """

    actor_id: int | Unset = UNSET
    curator_level: int | None | Unset = UNSET
    end_time: float | Unset = UNSET
    position: int | Unset = UNSET
    script_id: int | Unset = UNSET
    spoken_form: None | str | Unset = UNSET
    start_time: float | Unset = UNSET
    text: str | Unset = UNSET
    translation: None | str | Unset = UNSET
    translations: TokenPatchTranslations | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        actor_id = self.actor_id

        curator_level: int | None | Unset
        if isinstance(self.curator_level, Unset):
            curator_level = UNSET
        else:
            curator_level = self.curator_level

        end_time = self.end_time

        position = self.position

        script_id = self.script_id

        spoken_form: None | str | Unset
        if isinstance(self.spoken_form, Unset):
            spoken_form = UNSET
        else:
            spoken_form = self.spoken_form

        start_time = self.start_time

        text = self.text

        translation: None | str | Unset
        if isinstance(self.translation, Unset):
            translation = UNSET
        else:
            translation = self.translation

        translations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.translations, Unset):
            translations = self.translations.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if actor_id is not UNSET:
            field_dict["actor_id"] = actor_id
        if curator_level is not UNSET:
            field_dict["curator_level"] = curator_level
        if end_time is not UNSET:
            field_dict["end_time"] = end_time
        if position is not UNSET:
            field_dict["position"] = position
        if script_id is not UNSET:
            field_dict["script_id"] = script_id
        if spoken_form is not UNSET:
            field_dict["spoken_form"] = spoken_form
        if start_time is not UNSET:
            field_dict["start_time"] = start_time
        if text is not UNSET:
            field_dict["text"] = text
        if translation is not UNSET:
            field_dict["translation"] = translation
        if translations is not UNSET:
            field_dict["translations"] = translations

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.token_patch_translations import TokenPatchTranslations  # noqa: PLC0415

        d = dict(src_dict)
        actor_id = d.pop("actor_id", UNSET)

        def _parse_curator_level(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        curator_level = _parse_curator_level(d.pop("curator_level", UNSET))

        end_time = d.pop("end_time", UNSET)

        position = d.pop("position", UNSET)

        script_id = d.pop("script_id", UNSET)

        def _parse_spoken_form(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        spoken_form = _parse_spoken_form(d.pop("spoken_form", UNSET))

        start_time = d.pop("start_time", UNSET)

        text = d.pop("text", UNSET)

        def _parse_translation(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        translation = _parse_translation(d.pop("translation", UNSET))

        _translations = d.pop("translations", UNSET)
        translations: TokenPatchTranslations | Unset
        if isinstance(_translations, Unset):
            translations = UNSET
        else:
            translations = TokenPatchTranslations.from_dict(_translations)

        token_patch = cls(
            actor_id=actor_id,
            curator_level=curator_level,
            end_time=end_time,
            position=position,
            script_id=script_id,
            spoken_form=spoken_form,
            start_time=start_time,
            text=text,
            translation=translation,
            translations=translations,
        )

        return token_patch
