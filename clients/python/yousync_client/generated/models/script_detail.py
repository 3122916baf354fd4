from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.actor_response import ActorResponse
    from ..models.script_detail_translations import ScriptDetailTranslations
    from ..models.token_summary import TokenSummary


T = TypeVar("T", bound="ScriptDetail")


@_attrs_define
class ScriptDetail:
    """A script with its lines, in order.

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
        licence (None | str):
        source (None | str):
        spoken_s (float): Length of all lines together
        synthetic_voice (bool):
        title (str):
        title_ko (None | str):
        token_count (int):
        tokens (list[TokenSummary]):
        translations (ScriptDetailTranslations): By language tag
        views (int):
        credit (None | str | Unset):
        expires_at (datetime.datetime | None | Unset): Only administrators see the script from this moment on
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
    licence: None | str
    source: None | str
    spoken_s: float
    synthetic_voice: bool
    title: str
    title_ko: None | str
    token_count: int
    tokens: list[TokenSummary]
    translations: ScriptDetailTranslations
    views: int
    credit: None | str | Unset = UNSET
    expires_at: datetime.datetime | None | Unset = UNSET
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

        licence: None | str
        licence = self.licence

        source: None | str
        source = self.source

        spoken_s = self.spoken_s

        synthetic_voice = self.synthetic_voice

        title = self.title

        title_ko: None | str
        title_ko = self.title_ko

        token_count = self.token_count

        tokens = []
        for tokens_item_data in self.tokens:
            tokens_item = tokens_item_data.to_dict()
            tokens.append(tokens_item)

        translations = self.translations.to_dict()

        views = self.views

        credit: None | str | Unset
        if isinstance(self.credit, Unset):
            credit = UNSET
        else:
            credit = self.credit

        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        elif isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

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
                "licence": licence,
                "source": source,
                "spoken_s": spoken_s,
                "synthetic_voice": synthetic_voice,
                "title": title,
                "title_ko": title_ko,
                "token_count": token_count,
                "tokens": tokens,
                "translations": translations,
                "views": views,
            }
        )
        if credit is not UNSET:
            field_dict["credit"] = credit
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.actor_response import ActorResponse  # noqa: PLC0415
        from ..models.script_detail_translations import ScriptDetailTranslations  # noqa: PLC0415
        from ..models.token_summary import TokenSummary  # noqa: PLC0415

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

        def _parse_licence(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        licence = _parse_licence(d.pop("licence"))

        def _parse_source(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source = _parse_source(d.pop("source"))

        spoken_s = d.pop("spoken_s")

        synthetic_voice = d.pop("synthetic_voice")

        title = d.pop("title")

        def _parse_title_ko(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title_ko = _parse_title_ko(d.pop("title_ko"))

        token_count = d.pop("token_count")

        tokens = []
        _tokens = d.pop("tokens")
        for tokens_item_data in _tokens:
            tokens_item = TokenSummary.from_dict(tokens_item_data)

            tokens.append(tokens_item)

        translations = ScriptDetailTranslations.from_dict(d.pop("translations"))

        views = d.pop("views")

        def _parse_credit(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        credit = _parse_credit(d.pop("credit", UNSET))

        def _parse_expires_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        expires_at = _parse_expires_at(d.pop("expires_at", UNSET))

        script_detail = cls(
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
            licence=licence,
            source=source,
            spoken_s=spoken_s,
            synthetic_voice=synthetic_voice,
            title=title,
            title_ko=title_ko,
            token_count=token_count,
            tokens=tokens,
            translations=translations,
            views=views,
            credit=credit,
            expires_at=expires_at,
        )

        script_detail.additional_properties = d
        return script_detail

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
