from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="GoogleSignIn")


@_attrs_define
class GoogleSignIn:
    """A Google ID token, issued for this server's client id.

    Attributes:
        id_token (str):
        guest_token (None | str | Unset): The refresh token of a guest; the cookie counts when it is absent
        keep_guest_takes (bool | Unset): Moves the guest's recordings to the account; false deletes them Default: True.
    """

    id_token: str
    guest_token: None | str | Unset = UNSET
    keep_guest_takes: bool | Unset = True
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id_token = self.id_token

        guest_token: None | str | Unset
        if isinstance(self.guest_token, Unset):
            guest_token = UNSET
        else:
            guest_token = self.guest_token

        keep_guest_takes = self.keep_guest_takes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id_token": id_token,
            }
        )
        if guest_token is not UNSET:
            field_dict["guest_token"] = guest_token
        if keep_guest_takes is not UNSET:
            field_dict["keep_guest_takes"] = keep_guest_takes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id_token = d.pop("id_token")

        def _parse_guest_token(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        guest_token = _parse_guest_token(d.pop("guest_token", UNSET))

        keep_guest_takes = d.pop("keep_guest_takes", UNSET)

        google_sign_in = cls(
            id_token=id_token,
            guest_token=guest_token,
            keep_guest_takes=keep_guest_takes,
        )

        google_sign_in.additional_properties = d
        return google_sign_in

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
