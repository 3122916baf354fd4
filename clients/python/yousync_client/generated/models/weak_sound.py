from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.token_summary import TokenSummary


T = TypeVar("T", bound="WeakSound")


@_attrs_define
class WeakSound:
    """A sound that was corrected in the user's latest scored attempts.

    Attributes:
        average_score (float):
        corrected (int): Number of times it was corrected
        heard_ipa (list[str]): Sounds that were heard instead
        ipa (str):
        lines (list[TokenSummary]): Lines to practise the sound on
        phone (str): ARPAbet
        said (int): Number of times the sound was expected
        words (list[str]):
    """

    average_score: float
    corrected: int
    heard_ipa: list[str]
    ipa: str
    lines: list[TokenSummary]
    phone: str
    said: int
    words: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        average_score = self.average_score

        corrected = self.corrected

        heard_ipa = self.heard_ipa

        ipa = self.ipa

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        phone = self.phone

        said = self.said

        words = self.words

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "average_score": average_score,
                "corrected": corrected,
                "heard_ipa": heard_ipa,
                "ipa": ipa,
                "lines": lines,
                "phone": phone,
                "said": said,
                "words": words,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.token_summary import TokenSummary  # noqa: PLC0415

        d = dict(src_dict)
        average_score = d.pop("average_score")

        corrected = d.pop("corrected")

        heard_ipa = cast(list[str], d.pop("heard_ipa"))

        ipa = d.pop("ipa")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = TokenSummary.from_dict(lines_item_data)

            lines.append(lines_item)

        phone = d.pop("phone")

        said = d.pop("said")

        words = cast(list[str], d.pop("words"))

        weak_sound = cls(
            average_score=average_score,
            corrected=corrected,
            heard_ipa=heard_ipa,
            ipa=ipa,
            lines=lines,
            phone=phone,
            said=said,
            words=words,
        )

        weak_sound.additional_properties = d
        return weak_sound

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
