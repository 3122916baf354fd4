from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.actor_summary_translations import ActorSummaryTranslations


T = TypeVar("T", bound="ActorSummary")


@_attrs_define
class ActorSummary:
    """An actor in a list, with the number of their lines.

    Attributes:
        id (int):
        name (str):
        token_count (int):
        translations (ActorSummaryTranslations): Names by language tag
    """

    id: int
    name: str
    token_count: int
    translations: ActorSummaryTranslations
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        token_count = self.token_count

        translations = self.translations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "token_count": token_count,
                "translations": translations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.actor_summary_translations import ActorSummaryTranslations  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        token_count = d.pop("token_count")

        translations = ActorSummaryTranslations.from_dict(d.pop("translations"))

        actor_summary = cls(
            id=id,
            name=name,
            token_count=token_count,
            translations=translations,
        )

        actor_summary.additional_properties = d
        return actor_summary

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
