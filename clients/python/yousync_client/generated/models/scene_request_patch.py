from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.scene_request_patch_status import (
    SceneRequestPatchStatus,
    check_scene_request_patch_status,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="SceneRequestPatch")


@_attrs_define
class SceneRequestPatch:
    """The answer of an administrator, and what else they can change.

    Attributes:
        answer (None | str | Unset):
        is_hidden (bool | Unset):
        script_id (int | None | Unset):
        status (SceneRequestPatchStatus | Unset):
    """

    answer: None | str | Unset = UNSET
    is_hidden: bool | Unset = UNSET
    script_id: int | None | Unset = UNSET
    status: SceneRequestPatchStatus | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        answer: None | str | Unset
        if isinstance(self.answer, Unset):
            answer = UNSET
        else:
            answer = self.answer

        is_hidden = self.is_hidden

        script_id: int | None | Unset
        if isinstance(self.script_id, Unset):
            script_id = UNSET
        else:
            script_id = self.script_id

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if answer is not UNSET:
            field_dict["answer"] = answer
        if is_hidden is not UNSET:
            field_dict["is_hidden"] = is_hidden
        if script_id is not UNSET:
            field_dict["script_id"] = script_id
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_answer(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        answer = _parse_answer(d.pop("answer", UNSET))

        is_hidden = d.pop("is_hidden", UNSET)

        def _parse_script_id(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        script_id = _parse_script_id(d.pop("script_id", UNSET))

        _status = d.pop("status", UNSET)
        status: SceneRequestPatchStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = check_scene_request_patch_status(_status)

        scene_request_patch = cls(
            answer=answer,
            is_hidden=is_hidden,
            script_id=script_id,
            status=status,
        )

        return scene_request_patch
