from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.upload_offer_fields import UploadOfferFields
    from ..models.upload_part import UploadPart


T = TypeVar("T", bound="UploadOffer")


@_attrs_define
class UploadOffer:
    """Permission to send one recording to the store.

    Send a form to `url`: `fields` first, then the file in a field named `file`. If parts were requested, send `parts`.

        Attributes:
            complete_url (str): POST here after the upload; valid for this recording and its owner only
            expires_in (int): Lifetime of the form and of `complete_url`, in seconds
            fields (UploadOfferFields):
            job_id (UUID):
            max_bytes (int): The announced size; without one, as much as the quota leaves
            parts (list[UploadPart]):
            url (None | str):
    """

    complete_url: str
    expires_in: int
    fields: UploadOfferFields
    job_id: UUID
    max_bytes: int
    parts: list[UploadPart]
    url: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        complete_url = self.complete_url

        expires_in = self.expires_in

        fields = self.fields.to_dict()

        job_id = str(self.job_id)

        max_bytes = self.max_bytes

        parts = []
        for parts_item_data in self.parts:
            parts_item = parts_item_data.to_dict()
            parts.append(parts_item)

        url: None | str
        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "complete_url": complete_url,
                "expires_in": expires_in,
                "fields": fields,
                "job_id": job_id,
                "max_bytes": max_bytes,
                "parts": parts,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.upload_offer_fields import UploadOfferFields  # noqa: PLC0415
        from ..models.upload_part import UploadPart  # noqa: PLC0415

        d = dict(src_dict)
        complete_url = d.pop("complete_url")

        expires_in = d.pop("expires_in")

        fields = UploadOfferFields.from_dict(d.pop("fields"))

        job_id = UUID(d.pop("job_id"))

        max_bytes = d.pop("max_bytes")

        parts = []
        _parts = d.pop("parts")
        for parts_item_data in _parts:
            parts_item = UploadPart.from_dict(parts_item_data)

            parts.append(parts_item)

        def _parse_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        url = _parse_url(d.pop("url"))

        upload_offer = cls(
            complete_url=complete_url,
            expires_in=expires_in,
            fields=fields,
            job_id=job_id,
            max_bytes=max_bytes,
            parts=parts,
            url=url,
        )

        upload_offer.additional_properties = d
        return upload_offer

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
