from __future__ import annotations

import datetime
from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..types import UNSET, File, Unset

T = TypeVar("T", bound="SceneImportForm")


@_attrs_define
class SceneImportForm:
    """The form of an import. Optional fields may be empty.

    Attributes:
        category (str):
        media_file (File): Audio or video of the scene; with the subtitles at most 50 MiB
        subtitle_file (File): SubRip (SRT), WebVTT, SubStation Alpha (ASS, SSA); at most 500 lines
        title (str):
        actor (str | Unset):  Default: 'Unknown'.
        audio_track (int | Unset): Counts the audio tracks of the media file; by default the one in the script's
            language, else the one that the file marks as default
        credit (str | Unset): Whom the licence asks to name
        description (str | Unset):
        description_ko (str | Unset): The entry `ko` of `translations`: give either, or both with the same text
        expires_at (datetime.datetime | Unset): Only administrators see the script from this moment on
        language (str | Unset):  Default: 'en-US'.
        licence (str | Unset):
        slug (str | Unset):
        source (str | Unset):
        synthetic_voice (bool | Unset):  Default: False.
        title_ko (str | Unset): The entry `ko` of `translations`: give either, or both with the same text
        translations (str | Unset): A JSON object by language tag
    """

    category: str
    media_file: File
    subtitle_file: File
    title: str
    actor: str | Unset = "Unknown"
    audio_track: int | Unset = UNSET
    credit: str | Unset = UNSET
    description: str | Unset = UNSET
    description_ko: str | Unset = UNSET
    expires_at: datetime.datetime | Unset = UNSET
    language: str | Unset = "en-US"
    licence: str | Unset = UNSET
    slug: str | Unset = UNSET
    source: str | Unset = UNSET
    synthetic_voice: bool | Unset = False
    title_ko: str | Unset = UNSET
    translations: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        category = self.category

        media_file = self.media_file.to_tuple()

        subtitle_file = self.subtitle_file.to_tuple()

        title = self.title

        actor = self.actor

        audio_track = self.audio_track

        credit = self.credit

        description = self.description

        description_ko = self.description_ko

        expires_at: str | Unset = UNSET
        if not isinstance(self.expires_at, Unset):
            expires_at = self.expires_at.isoformat()

        language = self.language

        licence = self.licence

        slug = self.slug

        source = self.source

        synthetic_voice = self.synthetic_voice

        title_ko = self.title_ko

        translations = self.translations

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

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        files.append(("category", (None, str(self.category).encode(), "text/plain")))

        files.append(("media_file", self.media_file.to_tuple()))

        files.append(("subtitle_file", self.subtitle_file.to_tuple()))

        files.append(("title", (None, str(self.title).encode(), "text/plain")))

        if not isinstance(self.actor, Unset):
            files.append(("actor", (None, str(self.actor).encode(), "text/plain")))

        if not isinstance(self.audio_track, Unset):
            files.append(("audio_track", (None, str(self.audio_track).encode(), "text/plain")))

        if not isinstance(self.credit, Unset):
            files.append(("credit", (None, str(self.credit).encode(), "text/plain")))

        if not isinstance(self.description, Unset):
            files.append(("description", (None, str(self.description).encode(), "text/plain")))

        if not isinstance(self.description_ko, Unset):
            files.append(("description_ko", (None, str(self.description_ko).encode(), "text/plain")))

        if not isinstance(self.expires_at, Unset):
            files.append(("expires_at", (None, self.expires_at.isoformat().encode(), "text/plain")))

        if not isinstance(self.language, Unset):
            files.append(("language", (None, str(self.language).encode(), "text/plain")))

        if not isinstance(self.licence, Unset):
            files.append(("licence", (None, str(self.licence).encode(), "text/plain")))

        if not isinstance(self.slug, Unset):
            files.append(("slug", (None, str(self.slug).encode(), "text/plain")))

        if not isinstance(self.source, Unset):
            files.append(("source", (None, str(self.source).encode(), "text/plain")))

        if not isinstance(self.synthetic_voice, Unset):
            files.append(("synthetic_voice", (None, str(self.synthetic_voice).encode(), "text/plain")))

        if not isinstance(self.title_ko, Unset):
            files.append(("title_ko", (None, str(self.title_ko).encode(), "text/plain")))

        if not isinstance(self.translations, Unset):
            files.append(("translations", (None, str(self.translations).encode(), "text/plain")))

        for prop_name, prop in self.additional_properties.items():
            files.append((prop_name, (None, str(prop).encode(), "text/plain")))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        category = d.pop("category")

        media_file = File(payload=BytesIO(d.pop("media_file")))

        subtitle_file = File(payload=BytesIO(d.pop("subtitle_file")))

        title = d.pop("title")

        actor = d.pop("actor", UNSET)

        audio_track = d.pop("audio_track", UNSET)

        credit = d.pop("credit", UNSET)

        description = d.pop("description", UNSET)

        description_ko = d.pop("description_ko", UNSET)

        _expires_at = d.pop("expires_at", UNSET)
        expires_at: datetime.datetime | Unset
        if isinstance(_expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = datetime.datetime.fromisoformat(_expires_at)

        language = d.pop("language", UNSET)

        licence = d.pop("licence", UNSET)

        slug = d.pop("slug", UNSET)

        source = d.pop("source", UNSET)

        synthetic_voice = d.pop("synthetic_voice", UNSET)

        title_ko = d.pop("title_ko", UNSET)

        translations = d.pop("translations", UNSET)

        scene_import_form = cls(
            category=category,
            media_file=media_file,
            subtitle_file=subtitle_file,
            title=title,
            actor=actor,
            audio_track=audio_track,
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
