from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.user_response import UserResponse


T = TypeVar("T", bound="SessionResponse")


@_attrs_define
class SessionResponse:
    """A new pair of tokens and the user whom they sign in.

    Attributes:
        access_token (str):
        expires_in (int): Lifetime of the access token, in seconds
        refresh_token (str):
        user (UserResponse): The account of the signed-in user.
        guest_until (datetime.datetime | None | Unset): When all data of a guest is deleted; null for accounts. A guest
            has no name and no address
        takes_kept (int | Unset): Recordings of a guest that this sign-in has moved to the account Default: 0.
        takes_refused (int | Unset): Recordings of that guest that the account's quotas have refused Default: 0.
        token_type (Literal['bearer'] | Unset):  Default: 'bearer'.
    """

    access_token: str
    expires_in: int
    refresh_token: str
    user: UserResponse
    guest_until: datetime.datetime | None | Unset = UNSET
    takes_kept: int | Unset = 0
    takes_refused: int | Unset = 0
    token_type: Literal["bearer"] | Unset = "bearer"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        access_token = self.access_token

        expires_in = self.expires_in

        refresh_token = self.refresh_token

        user = self.user.to_dict()

        guest_until: None | str | Unset
        if isinstance(self.guest_until, Unset):
            guest_until = UNSET
        elif isinstance(self.guest_until, datetime.datetime):
            guest_until = self.guest_until.isoformat()
        else:
            guest_until = self.guest_until

        takes_kept = self.takes_kept

        takes_refused = self.takes_refused

        token_type = self.token_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "access_token": access_token,
                "expires_in": expires_in,
                "refresh_token": refresh_token,
                "user": user,
            }
        )
        if guest_until is not UNSET:
            field_dict["guest_until"] = guest_until
        if takes_kept is not UNSET:
            field_dict["takes_kept"] = takes_kept
        if takes_refused is not UNSET:
            field_dict["takes_refused"] = takes_refused
        if token_type is not UNSET:
            field_dict["token_type"] = token_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.user_response import UserResponse  # noqa: PLC0415

        d = dict(src_dict)
        access_token = d.pop("access_token")

        expires_in = d.pop("expires_in")

        refresh_token = d.pop("refresh_token")

        user = UserResponse.from_dict(d.pop("user"))

        def _parse_guest_until(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                guest_until_type_0 = datetime.datetime.fromisoformat(data)

                return guest_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        guest_until = _parse_guest_until(d.pop("guest_until", UNSET))

        takes_kept = d.pop("takes_kept", UNSET)

        takes_refused = d.pop("takes_refused", UNSET)

        token_type = cast(Literal["bearer"] | Unset, d.pop("token_type", UNSET))
        if token_type != "bearer" and not isinstance(token_type, Unset):
            raise ValueError(f"token_type must match const 'bearer', got '{token_type}'")

        session_response = cls(
            access_token=access_token,
            expires_in=expires_in,
            refresh_token=refresh_token,
            user=user,
            guest_until=guest_until,
            takes_kept=takes_kept,
            takes_refused=takes_refused,
            token_type=token_type,
        )

        session_response.additional_properties = d
        return session_response

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
