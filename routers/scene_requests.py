"""Requests of learners for scenes: asked, voted for and answered, without a name."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.errors import (
    AccountRequired,
    AdminOnly,
    DatabaseUnavailable,
    InvalidAccessToken,
    InvalidCursor,
    MalformedRequest,
    NotAuthenticated,
    SceneRequestClosed,
    SceneRequestExists,
    SceneRequestNotFound,
    ScriptNotFound,
    TooManySceneRequests,
)
from core.field_types import STORABLE, Id
from dependencies import (
    LIMIT,
    AccountRoute,
    AdminUser,
    CurrentPrincipal,
    Cursor,
    Limit,
    PathId,
    SceneRequestLimit,
    SessionDep,
)
from routers.shared.patches import UNCHANGED, Patch
from routers.shared.path_ids import SCENE_REQUEST
from routers.shared.problems import problem_responses
from schemas import Page, RequestBody
from services import scene_requests
from services.responses import ResponseDict
from services.scene_requests import Status

TAGS = [{"name": "requests", "description": "Requests of learners for scenes"}]
_signed_in = (NotAuthenticated, InvalidAccessToken, AccountRequired, MalformedRequest, DatabaseUnavailable)
router = APIRouter(tags=["requests"], route_class=AccountRoute, responses=problem_responses(*_signed_in))

RequestTitle = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    STORABLE,
    Field(examples=["The last scene of Late coffee"]),
]
RequestText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    STORABLE,
    Field(examples=["The part where they meet again, please."]),
]
StatusFilter = Annotated[Status, Query(description="Only requests with this status", examples=["open"])]


class SceneRequestWrite(RequestBody):
    """A learner's request for a scene. Other learners read both texts, without a name."""

    title: RequestTitle
    note: RequestText | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "The last scene of Late coffee"}]})


class SceneRequestPatch(Patch):
    """The answer of an administrator, and what else they can change."""

    status: Status = UNCHANGED
    answer: RequestText | None = UNCHANGED
    script_id: Id | None = UNCHANGED
    is_hidden: bool = UNCHANGED

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"minProperties": 1, "examples": [{"status": "done", "answer": "It is there now."}]},
    )


class SceneRequestResponse(BaseModel):
    """A request for a scene. It does not tell whose it is, except to the learner who made it."""

    id: int
    title: str = Field(examples=["The last scene of Late coffee"])
    note: str | None = Field(examples=["The part where they meet again, please."])
    status: Status = Field(examples=["open"])
    answer: str | None = Field(examples=[None])
    script_id: int | None = Field(description="The scene that was added", examples=[None])
    votes: int = Field(examples=[12])
    is_mine: bool = Field(examples=[False])
    is_voted: bool = Field(description="Whether I have voted for it", examples=[True])
    is_hidden: bool = Field(description="Whether administrators have hidden it from other learners", examples=[False])
    created_at: datetime


@router.get(
    "/scripts/requests",
    response_model=Page[SceneRequestResponse],
    responses=problem_responses(InvalidCursor),
)
def list_scene_requests(
    session: SessionDep,
    principal: CurrentPrincipal,
    status: StatusFilter = "open",
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> ResponseDict:
    """Lists requests of all learners for scenes, those with the most votes first."""
    return scene_requests.list_requests(session, principal.user_id, status, limit, cursor)


@router.get(
    "/scripts/requests/mine",
    response_model=Page[SceneRequestResponse],
    responses=problem_responses(InvalidCursor),
)
def list_own_scene_requests(
    session: SessionDep, principal: CurrentPrincipal, limit: Limit = LIMIT, cursor: Cursor = None
) -> ResponseDict:
    """Lists my requests, the newest first, with their answers."""
    return scene_requests.list_own(session, principal.user_id, limit, cursor)


@router.get(
    "/scripts/requests/managed",
    response_model=Page[SceneRequestResponse],
    responses=problem_responses(AdminOnly, InvalidCursor),
)
def list_managed_scene_requests(
    session: SessionDep,
    admin: AdminUser,
    status: Annotated[Status | None, Query(description="Only requests with this status", examples=["open"])] = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> ResponseDict:
    """Lists requests in every status, hidden ones too, those with the most votes first."""
    return scene_requests.list_managed(session, admin.user_id, status, limit, cursor)


@router.post(
    "/scripts/requests",
    status_code=201,
    response_model=SceneRequestResponse,
    responses=problem_responses(SceneRequestExists, TooManySceneRequests),
    dependencies=[SceneRequestLimit],
)
def create_scene_request(session: SessionDep, principal: CurrentPrincipal, body: SceneRequestWrite) -> ResponseDict:
    """Asks for a scene, with my own vote. One request at a time may be open."""
    return scene_requests.create_request(session, principal.user_id, body.title, body.note)


@router.patch(
    SCENE_REQUEST,
    response_model=SceneRequestResponse,
    responses=problem_responses(AdminOnly, SceneRequestNotFound, ScriptNotFound, SceneRequestExists),
)
def answer_scene_request(
    session: SessionDep, admin: AdminUser, request_id: PathId, body: SceneRequestPatch
) -> ResponseDict:
    """Answers, closes, opens or hides a request."""
    return scene_requests.answer_request(session, admin.user_id, request_id, body.changes())


@router.delete(SCENE_REQUEST, status_code=204, responses=problem_responses(SceneRequestNotFound))
def withdraw_scene_request(session: SessionDep, principal: CurrentPrincipal, request_id: PathId) -> None:
    """Deletes my request with its votes."""
    scene_requests.withdraw_request(session, principal.user_id, request_id)


@router.put(
    "/scripts/requests/{request_id}/vote",
    status_code=204,
    responses=problem_responses(SceneRequestNotFound, SceneRequestClosed),
)
def vote_for_scene_request(session: SessionDep, principal: CurrentPrincipal, request_id: PathId) -> None:
    """Votes for an open request. A second vote changes nothing."""
    scene_requests.vote(session, principal.user_id, request_id)


@router.delete(
    "/scripts/requests/{request_id}/vote",
    status_code=204,
    responses=problem_responses(SceneRequestNotFound, SceneRequestClosed),
)
def remove_scene_request_vote(session: SessionDep, principal: CurrentPrincipal, request_id: PathId) -> None:
    """Takes back my vote for an open request."""
    scene_requests.remove_vote(session, principal.user_id, request_id)
