from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.script_patch_translations import ScriptPatchTranslations


T = TypeVar("T", bound="ScriptPatch")


@_attrs_define
class ScriptPatch:
    """The fields of a script to change.

    Attributes:
        category (str | Unset):
        credit (None | str | Unset):
        description (None | str | Unset):
        description_ko (None | str | Unset):
        expires_at (datetime.datetime | None | Unset):
        language (str | Unset):
        licence (None | str | Unset):
        slug (None | str | Unset):
        source (None | str | Unset):
        synthetic_voice (bool | Unset):
        title (str | Unset):
        title_ko (None | str | Unset):
        translations (ScriptPatchTranslations | Unset):
    """

    category: str | Unset = UNSET
    credit: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    description_ko: None | str | Unset = UNSET
    expires_at: datetime.datetime | None | Unset = UNSET
    language: str | Unset = UNSET
    licence: None | str | Unset = UNSET
    slug: None | str | Unset = UNSET
    source: None | str | Unset = UNSET
    synthetic_voice: bool | Unset = UNSET
    title: str | Unset = UNSET
    title_ko: None | str | Unset = UNSET
    translations: ScriptPatchTranslations | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        category = self.category

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

        title = self.title

        title_ko: None | str | Unset
        if isinstance(self.title_ko, Unset):
            title_ko = UNSET
        else:
            title_ko = self.title_ko

        translations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.translations, Unset):
            translations = self.translations.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if category is not UNSET:
            field_dict["category"] = category
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
        if title is not UNSET:
            field_dict["title"] = title
        if title_ko is not UNSET:
            field_dict["title_ko"] = title_ko
        if translations is not UNSET:
            field_dict["translations"] = translations

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.script_patch_translations import ScriptPatchTranslations  # noqa: PLC0415

        d = dict(src_dict)
        category = d.pop("category", UNSET)

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

        title = d.pop("title", UNSET)

        def _parse_title_ko(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title_ko = _parse_title_ko(d.pop("title_ko", UNSET))

        _translations = d.pop("translations", UNSET)
        translations: ScriptPatchTranslations | Unset
        if isinstance(_translations, Unset):
            translations = UNSET
        else:
            translations = ScriptPatchTranslations.from_dict(_translations)

        script_patch = cls(
            category=category,
            credit=credit,
            description=description,
            description_ko=description_ko,
            expires_at=expires_at,
            language=language,
            licence=licence,
            slug=slug,
            source=source,
            synthetic_voice=synthetic_voice,
            title=title,
            title_ko=title_ko,
            translations=translations,
        )

        return script_patch
