from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..types import UNSET, File, Unset

if TYPE_CHECKING:
    from ..models.scene_import_form_translations import SceneImportFormTranslations


T = TypeVar("T", bound="SceneImportForm")


@_attrs_define
class SceneImportForm:
    """The form of an import, for the OpenAPI document: the route reads the files separately.

    Attributes:
        category (str):
        media_file (File): Audio or video of the scene; with the subtitles at most 50 MiB
        subtitle_file (File): SubRip (SRT), WebVTT, SubStation Alpha (ASS, SSA); at most 500 lines
        title (str):
        actor (str | Unset):  Default: 'Unknown'.
        audio_track (int | None | Unset):
        description (None | str | Unset):
        description_ko (None | str | Unset): The entry `ko` of `translations`: give either, or both with the same text
        language (str | Unset):  Default: 'en-US'.
        licence (None | str | Unset):
        slug (None | str | Unset):
        source (None | str | Unset):
        synthetic_voice (bool | Unset):  Default: False.
        title_ko (None | str | Unset): The entry `ko` of `translations`: give either, or both with the same text
        translations (SceneImportFormTranslations | Unset):
    """

    category: str
    media_file: File
    subtitle_file: File
    title: str
    actor: str | Unset = "Unknown"
    audio_track: int | None | Unset = UNSET
    description: None | str | Unset = UNSET
    description_ko: None | str | Unset = UNSET
    language: str | Unset = "en-US"
    licence: None | str | Unset = UNSET
    slug: None | str | Unset = UNSET
    source: None | str | Unset = UNSET
    synthetic_voice: bool | Unset = False
    title_ko: None | str | Unset = UNSET
    translations: SceneImportFormTranslations | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        category = self.category

        media_file = self.media_file.to_tuple()

        subtitle_file = self.subtitle_file.to_tuple()

        title = self.title

        actor = self.actor

        audio_track: int | None | Unset
        if isinstance(self.audio_track, Unset):
            audio_track = UNSET
        else:
            audio_track = self.audio_track

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
                "media_file": media_file,
                "subtitle_file": subtitle_file,
                "title": title,
            }
        )
        if actor is not UNSET:
            field_dict["actor"] = actor
        if audio_track is not UNSET:
            field_dict["audio_track"] = audio_track
        if description is not UNSET:
            field_dict["description"] = description
        if description_ko is not UNSET:
            field_dict["description_ko"] = description_ko
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

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        files.append(("category", (None, str(self.category).encode(), "text/plain")))

        files.append(("media_file", self.media_file.to_tuple()))

        files.append(("subtitle_file", self.subtitle_file.to_tuple()))

        files.append(("title", (None, str(self.title).encode(), "text/plain")))

        if not isinstance(self.actor, Unset):
            files.append(("actor", (None, str(self.actor).encode(), "text/plain")))

        if not isinstance(self.audio_track, Unset):
            if isinstance(self.audio_track, int):
                files.append(("audio_track", (None, str(self.audio_track).encode(), "text/plain")))
            else:
                files.append(("audio_track", (None, str(self.audio_track).encode(), "text/plain")))

        if not isinstance(self.description, Unset):
            if isinstance(self.description, str):
                files.append(("description", (None, str(self.description).encode(), "text/plain")))
            else:
                files.append(("description", (None, str(self.description).encode(), "text/plain")))

        if not isinstance(self.description_ko, Unset):
            if isinstance(self.description_ko, str):
                files.append(("description_ko", (None, str(self.description_ko).encode(), "text/plain")))
            else:
                files.append(("description_ko", (None, str(self.description_ko).encode(), "text/plain")))

        if not isinstance(self.language, Unset):
            files.append(("language", (None, str(self.language).encode(), "text/plain")))

        if not isinstance(self.licence, Unset):
            if isinstance(self.licence, str):
                files.append(("licence", (None, str(self.licence).encode(), "text/plain")))
            else:
                files.append(("licence", (None, str(self.licence).encode(), "text/plain")))

        if not isinstance(self.slug, Unset):
            if isinstance(self.slug, str):
                files.append(("slug", (None, str(self.slug).encode(), "text/plain")))
            else:
                files.append(("slug", (None, str(self.slug).encode(), "text/plain")))

        if not isinstance(self.source, Unset):
            if isinstance(self.source, str):
                files.append(("source", (None, str(self.source).encode(), "text/plain")))
            else:
                files.append(("source", (None, str(self.source).encode(), "text/plain")))

        if not isinstance(self.synthetic_voice, Unset):
            files.append(("synthetic_voice", (None, str(self.synthetic_voice).encode(), "text/plain")))

        if not isinstance(self.title_ko, Unset):
            if isinstance(self.title_ko, str):
                files.append(("title_ko", (None, str(self.title_ko).encode(), "text/plain")))
            else:
                files.append(("title_ko", (None, str(self.title_ko).encode(), "text/plain")))

        if not isinstance(self.translations, Unset):
            files.append(("translations", (None, json.dumps(self.translations.to_dict()).encode(), "application/json")))

        for prop_name, prop in self.additional_properties.items():
            files.append((prop_name, (None, str(prop).encode(), "text/plain")))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.scene_import_form_translations import SceneImportFormTranslations  # noqa: PLC0415

        d = dict(src_dict)
        category = d.pop("category")

        media_file = File(payload=BytesIO(d.pop("media_file")))

        subtitle_file = File(payload=BytesIO(d.pop("subtitle_file")))

        title = d.pop("title")

        actor = d.pop("actor", UNSET)

        def _parse_audio_track(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        audio_track = _parse_audio_track(d.pop("audio_track", UNSET))

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
        translations: SceneImportFormTranslations | Unset
        if isinstance(_translations, Unset):
            translations = UNSET
        else:
            translations = SceneImportFormTranslations.from_dict(_translations)

        scene_import_form = cls(
            category=category,
            media_file=media_file,
            subtitle_file=subtitle_file,
            title=title,
            actor=actor,
            audio_track=audio_track,
            description=description,
            description_ko=description_ko,
            language=language,
            licence=licence,
            slug=slug,
            source=source,
            synthetic_voice=synthetic_voice,
            title_ko=title_ko,
            translations=translations,
        )

        scene_import_form.additional_properties = d
        return scene_import_form

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
