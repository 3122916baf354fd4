from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="DevelopmentSignIn")


@_attrs_define
class DevelopmentSignIn:
    """The account to sign in to, without Google.

    Attributes:
        email (str):
        guest_token (None | str | Unset): The refresh token of a guest; the cookie counts when it is absent
        keep_guest_takes (bool | Unset): Moves the guest's recordings to the account; false deletes them Default: True.
        name (str | Unset):  Default: 'Learner'.
    """

    email: str
    guest_token: None | str | Unset = UNSET
    keep_guest_takes: bool | Unset = True
    name: str | Unset = "Learner"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        guest_token: None | str | Unset
        if isinstance(self.guest_token, Unset):
            guest_token = UNSET
        else:
            guest_token = self.guest_token

        keep_guest_takes = self.keep_guest_takes

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "email": email,
            }
        )
        if guest_token is not UNSET:
            field_dict["guest_token"] = guest_token
        if keep_guest_takes is not UNSET:
            field_dict["keep_guest_takes"] = keep_guest_takes
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        email = d.pop("email")

        def _parse_guest_token(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        guest_token = _parse_guest_token(d.pop("guest_token", UNSET))

        keep_guest_takes = d.pop("keep_guest_takes", UNSET)

        name = d.pop("name", UNSET)

        development_sign_in = cls(
            email=email,
            guest_token=guest_token,
            keep_guest_takes=keep_guest_takes,
            name=name,
        )

        development_sign_in.additional_properties = d
        return development_sign_in

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
