from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.script_reference_translations import ScriptReferenceTranslations


T = TypeVar("T", bound="ScriptReference")


@_attrs_define
class ScriptReference:
    """The script of a line.

    Attributes:
        category (str):
        id (int):
        language (str):
        synthetic_voice (bool):
        title (str):
        title_ko (None | str):
        translations (ScriptReferenceTranslations): By language tag
    """

    category: str
    id: int
    language: str
    synthetic_voice: bool
    title: str
    title_ko: None | str
    translations: ScriptReferenceTranslations
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        category = self.category

        id = self.id

        language = self.language

        synthetic_voice = self.synthetic_voice

        title = self.title

        title_ko: None | str
        title_ko = self.title_ko

        translations = self.translations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "category": category,
                "id": id,
                "language": language,
                "synthetic_voice": synthetic_voice,
                "title": title,
                "title_ko": title_ko,
                "translations": translations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.script_reference_translations import ScriptReferenceTranslations  # noqa: PLC0415

        d = dict(src_dict)
        category = d.pop("category")

        id = d.pop("id")

        language = d.pop("language")

        synthetic_voice = d.pop("synthetic_voice")

        title = d.pop("title")

        def _parse_title_ko(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title_ko = _parse_title_ko(d.pop("title_ko"))

        translations = ScriptReferenceTranslations.from_dict(d.pop("translations"))

        script_reference = cls(
            category=category,
            id=id,
            language=language,
            synthetic_voice=synthetic_voice,
            title=title,
            title_ko=title_ko,
            translations=translations,
        )

        script_reference.additional_properties = d
        return script_reference

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
