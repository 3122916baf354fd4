"""Reference audio: the lines as the actors speak them."""

from functools import partial
from shutil import copyfileobj
from typing import IO

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from common.temporary_folder import temporary_folder
from container import Container
from core.errors import (
    AdminOnly,
    AudioEmpty,
    AudioMissing,
    AudioTooLarge,
    AudioTooLong,
    AudioTypeUnsupported,
    AudioUndecodable,
    DatabaseUnavailable,
    InvalidAccessToken,
    MalformedRequest,
    NotAuthenticated,
    ReferenceAudioMissing,
    ScriptNotFound,
    SpoolFull,
    SpoolUnavailable,
    StorageUnavailable,
    TokenNotFound,
)
from dependencies import CheckedAdmin, ContainerDep, PathId, RateLimitedRoute, S3Dep, SessionDep, SettingsDep
from jobs.spool import disk_errors
from routers.shared.drafts import SEES_DRAFTS, sees_drafts
from routers.shared.multipart import BODY_DOCUMENTATION, MAX_BODY_BYTES, audio_field
from routers.shared.problems import problem_responses
from services import script_audio
from services.responses import ResponseDict
from tasks.sweeper import compute_features

TAGS = [{"name": "reference audio", "description": "The lines as the actors speak them"}]
router = APIRouter(tags=["reference audio"], route_class=RateLimitedRoute)


class LineAudio(BaseModel):
    """The reference audio of one line; times in seconds on the scene's timeline."""

    token_id: int
    position: int
    start_time: float
    end_time: float
    audio_url: str | None


class ScriptAudio(BaseModel):
    """The reference audio of all lines of a script, in order."""

    script_id: int
    expires_in: int = Field(description="Lifetime of signed URLs, in seconds; URLs of a CDN do not expire")
    lines: list[LineAudio]


class StoredAudio(BaseModel):
    """The reference audio that a line has now."""

    token_id: int
    content_type: str
    audio_url: str


@router.get(
    "/scripts/{script_id}/audio",
    summary="URLs of a scene's lines",
    response_model=ScriptAudio,
    responses=problem_responses(ScriptNotFound, MalformedRequest, DatabaseUnavailable),
    openapi_extra=SEES_DRAFTS,
)
def get_script_audio(
    request: Request, session: SessionDep, store: S3Dep, settings: SettingsDep, script_id: PathId
) -> ResponseDict:
    """Returns the URL of the reference audio of each line, in order; of a draft to administrators only."""
    try:
        return script_audio.list_script_audio(session, store, settings, script_id)
    except ScriptNotFound:
        if not sees_drafts(request, session):
            raise
    return script_audio.list_script_audio(session, store, settings, script_id, drafts=True)


@router.get(
    "/tokens/{token_id}/audio",
    status_code=307,
    response_class=RedirectResponse,
    summary="Reference audio of a line",
    openapi_extra=SEES_DRAFTS,
    responses={
        200: {
            "description": "The audio, from the store: what clients receive that follow the redirect",
            "content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}},
        },
        307: {
            "description": "Redirect to the audio; Range requests work there",
            "headers": {"Location": {"description": "A signed URL of the store", "schema": {"type": "string"}}},
        },
        **problem_responses(TokenNotFound, ReferenceAudioMissing, MalformedRequest, DatabaseUnavailable),
    },
)
def get_token_audio(request: Request, session: SessionDep, store: S3Dep, token_id: PathId) -> RedirectResponse:
    """Redirects to the reference audio of a line; of a draft for administrators only.

    For links and `<audio>` without `crossorigin`. A script of a page on another origin, and `<audio crossorigin>`, use
    the `audio_url` of the line instead: after a redirect to a third origin, browsers send `Origin: null`, which the
    store does not allow.
    """
    try:
        url = script_audio.get_audio_url(session, store, token_id)
    except TokenNotFound:
        if not sees_drafts(request, session):
            raise
        url = script_audio.get_audio_url(session, store, token_id, drafts=True)
    return RedirectResponse(url, headers={"Cache-Control": "no-store"})


@router.put(
    "/tokens/{token_id}/audio",
    summary="Upload a line's reference audio",
    response_model=StoredAudio,
    max_body_size=4 * MAX_BODY_BYTES,
    openapi_extra=BODY_DOCUMENTATION,
    responses=problem_responses(
        NotAuthenticated,
        InvalidAccessToken,
        AdminOnly,
        TokenNotFound,
        AudioTooLarge,
        AudioTypeUnsupported,
        AudioMissing,
        AudioEmpty,
        AudioTooLong,
        AudioUndecodable,
        MalformedRequest,
        SpoolFull,
        SpoolUnavailable,
        StorageUnavailable,
        DatabaseUnavailable,
    ),
)
async def replace_token_audio(
    request: Request, background: BackgroundTasks, container: ContainerDep, _: CheckedAdmin, token_id: PathId
) -> ResponseDict:
    """Replaces the reference audio of a line. Its pitch and timing are computed after the response."""
    in_upload_thread = partial(to_thread.run_sync, limiter=container.limits.uploads)
    await in_upload_thread(container.reference.require, token_id)
    async with audio_field(request) as file:
        stored = await in_upload_thread(_store, container, token_id, file.file)
    background.add_task(compute_features, container, token_id)
    return stored


def _store(container: Container, token_id: int, file: IO[bytes]) -> ResponseDict:
    with disk_errors(), temporary_folder() as folder:
        path = folder / "reference"
        with path.open("wb") as target:
            copyfileobj(file, target)
        return container.reference.replace(token_id, path)
