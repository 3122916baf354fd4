from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.actor_response import ActorResponse
    from ..models.script_summary_translations import ScriptSummaryTranslations


T = TypeVar("T", bound="ScriptSummary")


@_attrs_define
class ScriptSummary:
    """A script in a list.

    Attributes:
        actor_details (list[ActorResponse]): The actors in the same order, with their other names
        actors (list[str]):
        category (str):
        created_at (datetime.datetime):
        description (None | str):
        description_ko (None | str):
        good_to_start (bool): Easy, short and clear: fit for somebody's first recording
        id (int):
        language (str):
        level (int | None): 1 (easiest) to 5, from the speaking rate, the frequency of the words, the length and the
            sounds; null in languages without a vocabulary. Not a level of the CEFR
        spoken_s (float): Length of all lines together
        synthetic_voice (bool):
        title (str):
        title_ko (None | str):
        token_count (int):
        translations (ScriptSummaryTranslations): By language tag
        views (int):
    """

    actor_details: list[ActorResponse]
    actors: list[str]
    category: str
    created_at: datetime.datetime
    description: None | str
    description_ko: None | str
    good_to_start: bool
    id: int
    language: str
    level: int | None
    spoken_s: float
    synthetic_voice: bool
    title: str
    title_ko: None | str
    token_count: int
    translations: ScriptSummaryTranslations
    views: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor_details = []
        for actor_details_item_data in self.actor_details:
            actor_details_item = actor_details_item_data.to_dict()
            actor_details.append(actor_details_item)

        actors = self.actors

        category = self.category

        created_at = self.created_at.isoformat()

        description: None | str
        description = self.description

        description_ko: None | str
        description_ko = self.description_ko

        good_to_start = self.good_to_start

        id = self.id

        language = self.language

        level: int | None
        level = self.level

        spoken_s = self.spoken_s

        synthetic_voice = self.synthetic_voice

        title = self.title

        title_ko: None | str
        title_ko = self.title_ko

        token_count = self.token_count

        translations = self.translations.to_dict()

        views = self.views

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor_details": actor_details,
                "actors": actors,
                "category": category,
                "created_at": created_at,
                "description": description,
                "description_ko": description_ko,
                "good_to_start": good_to_start,
                "id": id,
                "language": language,
                "level": level,
                "spoken_s": spoken_s,
                "synthetic_voice": synthetic_voice,
                "title": title,
                "title_ko": title_ko,
                "token_count": token_count,
                "translations": translations,
                "views": views,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.actor_response import ActorResponse  # noqa: PLC0415
        from ..models.script_summary_translations import ScriptSummaryTranslations  # noqa: PLC0415

        d = dict(src_dict)
        actor_details = []
        _actor_details = d.pop("actor_details")
        for actor_details_item_data in _actor_details:
            actor_details_item = ActorResponse.from_dict(actor_details_item_data)

            actor_details.append(actor_details_item)

        actors = cast(list[str], d.pop("actors"))

        category = d.pop("category")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        def _parse_description_ko(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description_ko = _parse_description_ko(d.pop("description_ko"))

        good_to_start = d.pop("good_to_start")

        id = d.pop("id")

        language = d.pop("language")

        def _parse_level(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        level = _parse_level(d.pop("level"))

        spoken_s = d.pop("spoken_s")

        synthetic_voice = d.pop("synthetic_voice")

        title = d.pop("title")

        def _parse_title_ko(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title_ko = _parse_title_ko(d.pop("title_ko"))

        token_count = d.pop("token_count")

        translations = ScriptSummaryTranslations.from_dict(d.pop("translations"))

        views = d.pop("views")

        script_summary = cls(
            actor_details=actor_details,
            actors=actors,
            category=category,
            created_at=created_at,
            description=description,
            description_ko=description_ko,
            good_to_start=good_to_start,
            id=id,
            language=language,
            level=level,
            spoken_s=spoken_s,
            synthetic_voice=synthetic_voice,
            title=title,
            title_ko=title_ko,
            token_count=token_count,
            translations=translations,
            views=views,
        )

        script_summary.additional_properties = d
        return script_summary

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
