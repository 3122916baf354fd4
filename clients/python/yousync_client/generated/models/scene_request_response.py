from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scene_request_response_status import (
    SceneRequestResponseStatus,
    check_scene_request_response_status,
)

T = TypeVar("T", bound="SceneRequestResponse")


@_attrs_define
class SceneRequestResponse:
    """A request for a scene. It does not tell whose it is, except to the learner who made it.

    Attributes:
        answer (None | str):
        created_at (datetime.datetime):
        id (int):
        is_hidden (bool): Whether administrators have hidden it from other learners
        is_mine (bool):
        is_voted (bool): Whether I have voted for it
        note (None | str):
        script_id (int | None): The scene that was added
        status (SceneRequestResponseStatus):
        title (str):
        votes (int):
    """

    answer: None | str
    created_at: datetime.datetime
    id: int
    is_hidden: bool
    is_mine: bool
    is_voted: bool
    note: None | str
    script_id: int | None
    status: SceneRequestResponseStatus
    title: str
    votes: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        answer: None | str
        answer = self.answer

        created_at = self.created_at.isoformat()

        id = self.id

        is_hidden = self.is_hidden

        is_mine = self.is_mine

        is_voted = self.is_voted

        note: None | str
        note = self.note

        script_id: int | None
        script_id = self.script_id

        status: str = self.status

        title = self.title

        votes = self.votes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "answer": answer,
                "created_at": created_at,
                "id": id,
                "is_hidden": is_hidden,
                "is_mine": is_mine,
                "is_voted": is_voted,
                "note": note,
                "script_id": script_id,
                "status": status,
                "title": title,
                "votes": votes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_answer(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        answer = _parse_answer(d.pop("answer"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        id = d.pop("id")

        is_hidden = d.pop("is_hidden")

        is_mine = d.pop("is_mine")

        is_voted = d.pop("is_voted")

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        def _parse_script_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        script_id = _parse_script_id(d.pop("script_id"))

        status = check_scene_request_response_status(d.pop("status"))

        title = d.pop("title")

        votes = d.pop("votes")

        scene_request_response = cls(
            answer=answer,
            created_at=created_at,
            id=id,
            is_hidden=is_hidden,
            is_mine=is_mine,
            is_voted=is_voted,
            note=note,
            script_id=script_id,
            status=status,
            title=title,
            votes=votes,
        )

        scene_request_response.additional_properties = d
        return scene_request_response

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
