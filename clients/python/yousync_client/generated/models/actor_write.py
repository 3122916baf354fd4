from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.actor_write_translations import ActorWriteTranslations


T = TypeVar("T", bound="ActorWrite")


@_attrs_define
class ActorWrite:
    """The fields of an actor.

    Attributes:
        name (str):
        translations (ActorWriteTranslations | Unset): Names by language tag
    """

    name: str
    translations: ActorWriteTranslations | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        translations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.translations, Unset):
            translations = self.translations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
            }
        )
        if translations is not UNSET:
            field_dict["translations"] = translations

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.actor_write_translations import ActorWriteTranslations  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        _translations = d.pop("translations", UNSET)
        translations: ActorWriteTranslations | Unset
        if isinstance(_translations, Unset):
            translations = UNSET
        else:
            translations = ActorWriteTranslations.from_dict(_translations)

        actor_write = cls(
            name=name,
            translations=translations,
        )

        actor_write.additional_properties = d
        return actor_write

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
