"""Reference audio: the lines as the actors speak them."""

import tempfile
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import FormData, UploadFile

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
    SlugTaken,
    StorageUnavailable,
    TokenNotFound,
)
from dependencies import AdminUser, ContainerDep, PathId, RateLimitedRoute, S3Dep, SessionDep, SettingsDep
from media.clips import TrackMissing
from media.subtitles import SubtitlesUnreadable
from routers.shared.multipart import BODY_DOCUMENTATION, IMPORT_DOCUMENTATION, MAX_BODY_BYTES, audio_field, read_form
from routers.shared.problems import problem_responses
from schemas import SceneImport, ScriptDetail
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
)
def get_script_audio(session: SessionDep, store: S3Dep, settings: SettingsDep, script_id: PathId) -> ResponseDict:
    """Returns the URL of the reference audio of each line, in order."""
    return script_audio.list_script_audio(session, store, settings, script_id)


@router.get(
    "/tokens/{token_id}/audio",
    status_code=307,
    response_class=RedirectResponse,
    summary="Reference audio of a line",
    responses={
        307: {"description": "Redirect to the audio; Range requests work there"},
        **problem_responses(TokenNotFound, ReferenceAudioMissing, MalformedRequest, DatabaseUnavailable),
    },
)
def get_token_audio(session: SessionDep, store: S3Dep, token_id: PathId) -> RedirectResponse:
    """Redirects to the reference audio of a line."""
    url = script_audio.get_audio_url(session, store, token_id)
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
        StorageUnavailable,
        DatabaseUnavailable,
    ),
)
async def replace_token_audio(
    request: Request, background: BackgroundTasks, container: ContainerDep, _: AdminUser, token_id: PathId
) -> ResponseDict:
    """Replaces the reference audio of a line. Its pitch and timing are computed after the response."""
    in_upload_thread = partial(to_thread.run_sync, limiter=container.limits.uploads)
    await in_upload_thread(container.reference.require, token_id)
    async with audio_field(request) as file:
        stored = await in_upload_thread(_store, container, token_id, file.file)
    background.add_task(compute_features, container, token_id)
    return stored


@router.post(
    "/scripts/import",
    status_code=201,
    summary="Import a scene: subtitles and sound",
    max_body_size=4 * MAX_BODY_BYTES,
    response_model=ScriptDetail,
    openapi_extra=IMPORT_DOCUMENTATION,
    responses=problem_responses(
        NotAuthenticated,
        InvalidAccessToken,
        AdminOnly,
        SlugTaken,
        AudioTooLarge,
        AudioUndecodable,
        MalformedRequest,
        StorageUnavailable,
        DatabaseUnavailable,
    ),
)
async def import_script(
    request: Request, background: BackgroundTasks, container: ContainerDep, _: AdminUser
) -> ResponseDict:
    """Creates a script from a subtitle file and an audio or video file: one line per cue, with its part of the sound.

    The subtitles name speakers as `<v Grace>`, or as `GRACE:` before the text. `errors` of a 422 response names the
    cue that cannot be used. Pitch and timing are computed after the response.
    """
    async with read_form(request, max_files=2) as form:
        scene, subtitles, media = _read_form(form)
        work = partial(_import, container, scene, subtitles, media)
        script = await to_thread.run_sync(work, limiter=container.limits.uploads)
    for line in script["tokens"]:
        background.add_task(compute_features, container, line["id"])
    return script


def _read_form(form: FormData) -> tuple[SceneImport, IO[bytes], IO[bytes]]:
    files = {name: value.file for name, value in form.items() if isinstance(value, UploadFile)}
    if missing := [name for name in ("subtitle_file", "media_file") if name not in files]:
        raise RequestValidationError(
            [{"loc": ("body", name), "msg": "Field required", "type": "missing"} for name in missing]
        )
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        scene = SceneImport.model_validate_strings(fields)
    except ValidationError as error:
        problems = error.errors(include_context=False)
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in problems]) from error
    return scene, files["subtitle_file"], files["media_file"]


def _import(container: Container, scene: SceneImport, subtitles: IO[bytes], media: IO[bytes]) -> ResponseDict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "media"
        with path.open("wb") as target:
            copyfileobj(media, target)
        try:
            return container.importer.run(scene, subtitles.read(), path)
        except SubtitlesUnreadable as error:
            where = ("body", "subtitle_file") + ((f"cue {error.cue}",) if error.cue else ())
            problem = {"loc": where, "msg": str(error), "type": "subtitles"}
            raise RequestValidationError([problem]) from error
        except TrackMissing as error:
            problem = {"loc": ("body", "audio_track"), "msg": str(error), "type": "track_missing"}
            raise RequestValidationError([problem]) from error


def _store(container: Container, token_id: int, file: IO[bytes]) -> ResponseDict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reference"
        with path.open("wb") as target:
            copyfileobj(file, target)
        return container.reference.replace(token_id, path)
