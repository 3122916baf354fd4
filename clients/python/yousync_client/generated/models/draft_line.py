from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.actor_response import ActorResponse
    from ..models.draft_line_script_titles import DraftLineScriptTitles
    from ..models.draft_line_translations import DraftLineTranslations


T = TypeVar("T", bound="DraftLine")


@_attrs_define
class DraftLine:
    """A line with all that an administrator can change of it.

    Attributes:
        actor (ActorResponse): The speaker of a line in the original.
        curator_level (int | None): Difficulty from 1, easy, to 5
        end_time (float):
        good_to_start (bool): Easy, short and clear: fit for somebody's first recording
        has_audio (bool):
        id (int):
        level (int | None): 1 (easiest) to 5, from the speaking rate, the frequency of the words, the length and the
            sounds; null in languages without a vocabulary. Not a level of the CEFR
        position (int):
        results (int): Number of learners' recordings; a line with any cannot be deleted
        script_id (int):
        script_language (str):
        script_title (str):
        script_titles (DraftLineScriptTitles): By language tag
        spoken_form (None | str):
        start_time (float):
        text (str):
        translation (None | str):
        translations (DraftLineTranslations): By language tag
        version (str): For `If-Match` of PATCH
    """

    actor: ActorResponse
    curator_level: int | None
    end_time: float
    good_to_start: bool
    has_audio: bool
    id: int
    level: int | None
    position: int
    results: int
    script_id: int
    script_language: str
    script_title: str
    script_titles: DraftLineScriptTitles
    spoken_form: None | str
    start_time: float
    text: str
    translation: None | str
    translations: DraftLineTranslations
    version: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor.to_dict()

        curator_level: int | None
        curator_level = self.curator_level

        end_time = self.end_time

        good_to_start = self.good_to_start

        has_audio = self.has_audio

        id = self.id

        level: int | None
        level = self.level

        position = self.position

        results = self.results

        script_id = self.script_id

        script_language = self.script_language

        script_title = self.script_title

        script_titles = self.script_titles.to_dict()

        spoken_form: None | str
        spoken_form = self.spoken_form

        start_time = self.start_time

        text = self.text

        translation: None | str
        translation = self.translation

        translations = self.translations.to_dict()

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "curator_level": curator_level,
                "end_time": end_time,
                "good_to_start": good_to_start,
                "has_audio": has_audio,
                "id": id,
                "level": level,
                "position": position,
                "results": results,
                "script_id": script_id,
                "script_language": script_language,
                "script_title": script_title,
                "script_titles": script_titles,
                "spoken_form": spoken_form,
                "start_time": start_time,
                "text": text,
                "translation": translation,
                "translations": translations,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.actor_response import ActorResponse  # noqa: PLC0415
        from ..models.draft_line_script_titles import DraftLineScriptTitles  # noqa: PLC0415
        from ..models.draft_line_translations import DraftLineTranslations  # noqa: PLC0415

        d = dict(src_dict)
        actor = ActorResponse.from_dict(d.pop("actor"))

        def _parse_curator_level(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        curator_level = _parse_curator_level(d.pop("curator_level"))

        end_time = d.pop("end_time")

        good_to_start = d.pop("good_to_start")

        has_audio = d.pop("has_audio")

        id = d.pop("id")

        def _parse_level(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        level = _parse_level(d.pop("level"))

        position = d.pop("position")

        results = d.pop("results")

        script_id = d.pop("script_id")

        script_language = d.pop("script_language")

        script_title = d.pop("script_title")

        script_titles = DraftLineScriptTitles.from_dict(d.pop("script_titles"))

        def _parse_spoken_form(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        spoken_form = _parse_spoken_form(d.pop("spoken_form"))

        start_time = d.pop("start_time")

        text = d.pop("text")

        def _parse_translation(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        translation = _parse_translation(d.pop("translation"))

        translations = DraftLineTranslations.from_dict(d.pop("translations"))

        version = d.pop("version")

        draft_line = cls(
            actor=actor,
            curator_level=curator_level,
            end_time=end_time,
            good_to_start=good_to_start,
            has_audio=has_audio,
            id=id,
            level=level,
            position=position,
            results=results,
            script_id=script_id,
            script_language=script_language,
            script_title=script_title,
            script_titles=script_titles,
            spoken_form=spoken_form,
            start_time=start_time,
            text=text,
            translation=translation,
            translations=translations,
            version=version,
        )

        draft_line.additional_properties = d
        return draft_line

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
