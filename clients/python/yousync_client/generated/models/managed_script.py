from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.managed_script_state import ManagedScriptState, check_managed_script_state

if TYPE_CHECKING:
    from ..models.managed_script_translations import ManagedScriptTranslations


T = TypeVar("T", bound="ManagedScript")


@_attrs_define
class ManagedScript:
    """A script in the list of administrators.

    Attributes:
        actors (list[str]):
        category (str):
        created_at (datetime.datetime):
        description (None | str):
        description_ko (None | str):
        expires_at (datetime.datetime | None):
        hidden_at (datetime.datetime | None):
        id (int):
        language (str):
        state (ManagedScriptState):
        synthetic_voice (bool):
        title (str):
        title_ko (None | str):
        token_count (int):
        translations (ManagedScriptTranslations): By language tag
        views (int):
    """

    actors: list[str]
    category: str
    created_at: datetime.datetime
    description: None | str
    description_ko: None | str
    expires_at: datetime.datetime | None
    hidden_at: datetime.datetime | None
    id: int
    language: str
    state: ManagedScriptState
    synthetic_voice: bool
    title: str
    title_ko: None | str
    token_count: int
    translations: ManagedScriptTranslations
    views: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actors = self.actors

        category = self.category

        created_at = self.created_at.isoformat()

        description: None | str
        description = self.description

        description_ko: None | str
        description_ko = self.description_ko

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        hidden_at: None | str
        if isinstance(self.hidden_at, datetime.datetime):
            hidden_at = self.hidden_at.isoformat()
        else:
            hidden_at = self.hidden_at

        id = self.id

        language = self.language

        state: str = self.state

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
                "actors": actors,
                "category": category,
                "created_at": created_at,
                "description": description,
                "description_ko": description_ko,
                "expires_at": expires_at,
                "hidden_at": hidden_at,
                "id": id,
                "language": language,
                "state": state,
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
        from ..models.managed_script_translations import ManagedScriptTranslations  # noqa: PLC0415

        d = dict(src_dict)
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

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        def _parse_hidden_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                hidden_at_type_0 = datetime.datetime.fromisoformat(data)

                return hidden_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        hidden_at = _parse_hidden_at(d.pop("hidden_at"))

        id = d.pop("id")

        language = d.pop("language")

        state = check_managed_script_state(d.pop("state"))

        synthetic_voice = d.pop("synthetic_voice")

        title = d.pop("title")

        def _parse_title_ko(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title_ko = _parse_title_ko(d.pop("title_ko"))

        token_count = d.pop("token_count")

        translations = ManagedScriptTranslations.from_dict(d.pop("translations"))

        views = d.pop("views")

        managed_script = cls(
            actors=actors,
            category=category,
            created_at=created_at,
            description=description,
            description_ko=description_ko,
            expires_at=expires_at,
            hidden_at=hidden_at,
            id=id,
            language=language,
            state=state,
            synthetic_voice=synthetic_voice,
            title=title,
            title_ko=title_ko,
            token_count=token_count,
            translations=translations,
            views=views,
        )

        managed_script.additional_properties = d
        return managed_script

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
