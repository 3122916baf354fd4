from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.script_write_translations import ScriptWriteTranslations


T = TypeVar("T", bound="ScriptWrite")


@_attrs_define
class ScriptWrite:
    """The fields of a script; `language` is that of its lines, the keys of `translations` are those of its readers.

    Attributes:
        category (str):
        title (str):
        credit (None | str | Unset):
        description (None | str | Unset):
        description_ko (None | str | Unset): The entry `ko` of `translations`: give either, or both with the same text
        expires_at (datetime.datetime | None | Unset): Only administrators see the script from this moment on
        language (str | Unset):  Default: 'en-US'.
        licence (None | str | Unset):
        slug (None | str | Unset):
        source (None | str | Unset):
        synthetic_voice (bool | Unset):  Default: False.
        title_ko (None | str | Unset): The entry `ko` of `translations`: give either, or both with the same text
        translations (ScriptWriteTranslations | Unset):
    """

    category: str
    title: str
    credit: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    description_ko: None | str | Unset = UNSET
    expires_at: datetime.datetime | None | Unset = UNSET
    language: str | Unset = "en-US"
    licence: None | str | Unset = UNSET
    slug: None | str | Unset = UNSET
    source: None | str | Unset = UNSET
    synthetic_voice: bool | Unset = False
    title_ko: None | str | Unset = UNSET
    translations: ScriptWriteTranslations | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        category = self.category

        title = self.title

        credit: None | str | Unset
        if isinstance(self.credit, Unset):
            credit = UNSET
        else:
            credit = self.credit

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        description_ko: None | str | Unset
        if isinstance(self.description_ko, Unset):
            description_ko = UNSET
        else:
            description_ko = self.description_ko

        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        elif isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        language = self.language

        licence: None | str | Unset
        if isinstance(self.licence, Unset):
            licence = UNSET
        else:
            licence = self.licence

        slug: None | str | Unset
        if isinstance(self.slug, Unset):
            slug = UNSET
        else:
            slug = self.slug

        source: None | str | Unset
        if isinstance(self.source, Unset):
            source = UNSET
        else:
            source = self.source

        synthetic_voice = self.synthetic_voice

        title_ko: None | str | Unset
        if isinstance(self.title_ko, Unset):
            title_ko = UNSET
        else:
            title_ko = self.title_ko

        translations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.translations, Unset):
            translations = self.translations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "category": category,
                "title": title,
            }
        )
        if credit is not UNSET:
            field_dict["credit"] = credit
        if description is not UNSET:
            field_dict["description"] = description
        if description_ko is not UNSET:
            field_dict["description_ko"] = description_ko
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        if language is not UNSET:
            field_dict["language"] = language
        if licence is not UNSET:
            field_dict["licence"] = licence
        if slug is not UNSET:
            field_dict["slug"] = slug
        if source is not UNSET:
            field_dict["source"] = source
        if synthetic_voice is not UNSET:
            field_dict["synthetic_voice"] = synthetic_voice
        if title_ko is not UNSET:
            field_dict["title_ko"] = title_ko
        if translations is not UNSET:
            field_dict["translations"] = translations

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.script_write_translations import ScriptWriteTranslations  # noqa: PLC0415

        d = dict(src_dict)
        category = d.pop("category")

        title = d.pop("title")

        def _parse_credit(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        credit = _parse_credit(d.pop("credit", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_description_ko(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description_ko = _parse_description_ko(d.pop("description_ko", UNSET))

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

        language = d.pop("language", UNSET)

        def _parse_licence(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        licence = _parse_licence(d.pop("licence", UNSET))

        def _parse_slug(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        slug = _parse_slug(d.pop("slug", UNSET))

        def _parse_source(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        source = _parse_source(d.pop("source", UNSET))

        synthetic_voice = d.pop("synthetic_voice", UNSET)

        def _parse_title_ko(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title_ko = _parse_title_ko(d.pop("title_ko", UNSET))

        _translations = d.pop("translations", UNSET)
        translations: ScriptWriteTranslations | Unset
        if isinstance(_translations, Unset):
            translations = UNSET
        else:
            translations = ScriptWriteTranslations.from_dict(_translations)

        script_write = cls(
            category=category,
            title=title,
            credit=credit,
            description=description,
            description_ko=description_ko,
            expires_at=expires_at,
            language=language,
            licence=licence,
            slug=slug,
            source=source,
            synthetic_voice=synthetic_voice,
            title_ko=title_ko,
            translations=translations,
        )

        script_write.additional_properties = d
        return script_write

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
