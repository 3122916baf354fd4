"""Reference audio: what the actors said."""

import tempfile
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import RedirectResponse

from dependencies import AdminUser, Parts, PartsDep, PathId, S3Dep, SessionDep, SettingsDep
from errors import (
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
    StorageUnavailable,
    TokenNotFound,
    problem_responses,
)
from routers.multipart import BODY_DOCUMENTATION, MAX_BODY_BYTES, audio_field
from schemas import ScriptAudio, StoredAudio
from services import script_audio
from sweeper import compute_features

router = APIRouter(tags=["reference audio"])


@router.get(
    "/scripts/{script_id}/audio",
    summary="Signed URLs of a scene's lines",
    responses=problem_responses(ScriptNotFound, MalformedRequest, DatabaseUnavailable),
)
def get_script_audio(session: SessionDep, store: S3Dep, settings: SettingsDep, script_id: PathId) -> ScriptAudio:
    return script_audio.list_script_audio(session, store, settings, script_id)


@router.get(
    "/tokens/{token_id}/audio",
    status_code=307,
    response_class=RedirectResponse,
    summary="The line as the actor said it",
    responses={
        307: {"description": "Redirect to a signed URL; Range requests work there"},
        **problem_responses(TokenNotFound, ReferenceAudioMissing, MalformedRequest, DatabaseUnavailable),
    },
)
def get_token_audio(session: SessionDep, store: S3Dep, token_id: PathId) -> RedirectResponse:
    url = script_audio.get_audio_url(session, store, token_id)
    return RedirectResponse(url, headers={"Cache-Control": "no-store"})


@router.put(
    "/tokens/{token_id}/audio",
    summary="Upload a line's reference audio",
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
        StorageUnavailable,
        DatabaseUnavailable,
    ),
)
async def replace_token_audio(
    request: Request, background: BackgroundTasks, parts: PartsDep, _: AdminUser, token_id: PathId
) -> StoredAudio:
    """Its pitch and timing are computed behind the answer."""
    in_upload_thread = partial(to_thread.run_sync, limiter=parts.limits.uploads)
    await in_upload_thread(parts.reference.require, token_id)
    async with audio_field(request) as file:
        stored = await in_upload_thread(_store, parts, token_id, file)
    background.add_task(compute_features, parts, token_id)
    return stored


def _store(parts: Parts, token_id: int, file: IO[bytes]) -> StoredAudio:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reference"
        with path.open("wb") as target:
            copyfileobj(file, target)
        kind, url = parts.reference.replace(token_id, path)
    return StoredAudio(token_id=token_id, content_type=kind.content_type, audio_url=url)
