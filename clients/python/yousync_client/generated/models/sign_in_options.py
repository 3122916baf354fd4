from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="SignInOptions")


@_attrs_define
class SignInOptions:
    """The ways to sign in and to send recordings that this server offers.

    Attributes:
        development (bool): True if `POST /api/auth/dev` exists
        direct_uploads (bool): True if browsers can send recordings directly to the object store
        google_client_id (None | str): For Google Identity Services; null if it is not configured
        guest_takes (int | Unset): Recordings that a guest may make without signing in; 0 for none Default: 0.
    """

    development: bool
    direct_uploads: bool
    google_client_id: None | str
    guest_takes: int | Unset = 0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        development = self.development

        direct_uploads = self.direct_uploads

        google_client_id: None | str
        google_client_id = self.google_client_id

        guest_takes = self.guest_takes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "development": development,
                "direct_uploads": direct_uploads,
                "google_client_id": google_client_id,
            }
        )
        if guest_takes is not UNSET:
            field_dict["guest_takes"] = guest_takes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        development = d.pop("development")

        direct_uploads = d.pop("direct_uploads")

        def _parse_google_client_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        google_client_id = _parse_google_client_id(d.pop("google_client_id"))

        guest_takes = d.pop("guest_takes", UNSET)

        sign_in_options = cls(
            development=development,
            direct_uploads=direct_uploads,
            google_client_id=google_client_id,
            guest_takes=guest_takes,
        )

        sign_in_options.additional_properties = d
        return sign_in_options

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
