"""Scenes from subtitles and sound: imported as drafts, which administrators look at, correct and publish."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from shutil import copyfileobj
from typing import IO

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import FormData, UploadFile

from common.temporary_folder import temporary_folder
from container import Container
from core.errors import (
    AdminOnly,
    AudioTooLarge,
    AudioUndecodable,
    DatabaseUnavailable,
    InvalidAccessToken,
    LicenceExpired,
    MalformedRequest,
    NotAuthenticated,
    ScriptNotFound,
    SlugTaken,
    SpoolFull,
    SpoolUnavailable,
    StorageUnavailable,
)
from core.i18n import Language, import_note_text
from dependencies import AdminUser, CheckedAdmin, ContainerDep, LanguageDep, PathId, RateLimitedRoute, SessionDep
from jobs.spool import disk_errors
from media.clips import TrackMissing
from media.subtitles.cues import SubtitlesUnreadable
from routers.shared.multipart import IMPORT_DOCUMENTATION, MAX_BODY_BYTES, read_form
from routers.shared.problems import invalid_body, problem_responses, refused_field
from schemas import SceneImport, ScriptDetail, ScriptSummary, TokenSummary
from services import curation, tokens
from services.curation import State
from services.responses import ResponseDict
from tasks.sweeper import compute_features

TAGS = [{"name": "drafts", "description": "Imported scenes that are not public yet"}]
router = APIRouter(tags=["drafts"], route_class=RateLimitedRoute)
_admin = (NotAuthenticated, InvalidAccessToken, AdminOnly, MalformedRequest, DatabaseUnavailable)
# An empty field of a form means that it is absent, except a required one, whose error says that it is empty.
_REQUIRED = {name for name, field in SceneImport.model_fields.items() if field.is_required()}


class ImportNote(BaseModel):
    """A part of the subtitles that was skipped, changed or guessed."""

    code: str = Field(examples=["speaker_guessed"])
    cue: str | None = Field(description="Number of the cue in the file; null for the whole file", examples=["12"])
    text: str | None = Field(description="The words, name or encoding it is about", examples=["Grace"])
    message: str = Field(description="In the language of the request")


class DraftLine(TokenSummary):
    """A line with all that an administrator can change of it."""

    spoken_form: str | None
    curator_level: int | None = Field(description="Difficulty from 1, easy, to 5", examples=[2])
    results: int = Field(description="Number of learners' recordings; a line with any cannot be deleted", examples=[0])
    version: str = Field(description="For `If-Match` of PATCH", examples=["9f86d081884c7d65"])


class ScriptDraft(ScriptDetail):
    """A script with its lines, its state and the notes of its import."""

    is_draft: bool = Field(description="Whether the script has not been published yet")
    state: State = Field(description="Only published scripts are shown to learners", examples=["draft"])
    hidden_at: datetime | None = Field(examples=[None])
    slug: str | None
    has_media: bool = Field(description="Whether new times of a line cut its audio again", examples=[True])
    version: str = Field(description="For `If-Match` of PATCH", examples=["2c26b46b68ffc68f"])
    notes: list[ImportNote]
    tokens: list[DraftLine]  # type: ignore[assignment]  # a list of more


@router.post(
    "/scripts/import",
    status_code=201,
    summary="Import a scene: subtitles and sound",
    max_body_size=4 * MAX_BODY_BYTES,
    response_model=ScriptDraft,
    openapi_extra=IMPORT_DOCUMENTATION,
    responses=problem_responses(*_admin, SlugTaken, AudioTooLarge, SpoolFull, SpoolUnavailable, StorageUnavailable),
)
async def import_script(
    request: Request, background: BackgroundTasks, container: ContainerDep, language: LanguageDep, _: CheckedAdmin
) -> ResponseDict:
    """Creates a draft from a subtitle file and an audio or video file: one line per speaker of a cue, with its sound.

    `notes` lists what was skipped, changed or guessed; correct the lines, then publish the draft. `errors` of a 422
    response names the cue that cannot be used, as the file counts. Optional fields may be empty. Pitch and timing are
    computed after the response.
    """
    async with read_form(request, max_files=2) as form:
        scene, subtitles, media = _read_form(form)
        work = partial(_import, container, scene, subtitles, media)
        with _refusals(language):
            draft = await to_thread.run_sync(work, limiter=container.limits.uploads)
    for line in draft["tokens"]:
        background.add_task(compute_features, container, line["id"])
    return _with_messages(draft, language)


@router.get("/scripts/drafts", response_model=list[ScriptSummary], responses=problem_responses(*_admin))
def list_drafts(session: SessionDep, _: AdminUser) -> list[ResponseDict]:
    """Lists the drafts, newest first."""
    return curation.list_drafts(session)


@router.get(
    "/scripts/{script_id}/draft",
    response_model=ScriptDraft,
    responses=problem_responses(*_admin, ScriptNotFound),
)
def get_draft(session: SessionDep, language: LanguageDep, _: AdminUser, script_id: PathId) -> ResponseDict:
    """Returns a draft with its lines and the notes of its import; also after it was published."""
    return _with_messages(curation.get_draft(session, script_id), language)


@router.post(
    "/scripts/{script_id}/publish",
    response_model=ScriptDetail,
    responses=problem_responses(*_admin, ScriptNotFound, LicenceExpired),
)
def publish_script(session: SessionDep, _: AdminUser, script_id: PathId) -> ResponseDict:
    """Makes a draft or a hidden scene public. Publishing it again changes nothing."""
    curation.publish_script(session, script_id)
    return tokens.get_script(session, script_id)


@router.post(
    "/scripts/{script_id}/hide",
    response_model=ScriptDetail,
    responses=problem_responses(*_admin, ScriptNotFound),
)
def hide_script(session: SessionDep, _: AdminUser, script_id: PathId) -> ResponseDict:
    """Hides a public scene from learners, whose results stay on their page. Publishing shows it again.

    A draft stays a draft.
    """
    curation.hide_script(session, script_id)
    return tokens.get_script(session, script_id, drafts=True)


@contextmanager
def _refusals(language: Language) -> Iterator[None]:
    """Names the field, and the cue, of files that cannot be imported."""
    try:
        yield
    except SubtitlesUnreadable as error:
        place = ("subtitle_file", f"cue {error.cue}") if error.cue else ("subtitle_file",)
        raise refused_field(place, error.code, language, error.facts) from error
    except TrackMissing as error:
        raise refused_field(("audio_track",), "track_missing", language, {"count": error.count}) from error
    except AudioUndecodable as error:
        raise refused_field(("media_file",), "media_without_sound", language) from error


def _with_messages(draft: ResponseDict, language: Language) -> ResponseDict:
    notes = [{**note, "message": import_note_text(note["code"], language)} for note in draft["notes"]]
    return draft | {"notes": notes}


def _read_form(form: FormData) -> tuple[SceneImport, IO[bytes], IO[bytes]]:
    files = {name: value.file for name, value in form.items() if isinstance(value, UploadFile)}
    if missing := [name for name in ("subtitle_file", "media_file") if name not in files]:
        raise RequestValidationError(
            [{"loc": ("body", name), "msg": "Field required", "type": "missing"} for name in missing]
        )
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    fields = {name: text for name, text in texts.items() if text or name in _REQUIRED}
    try:
        scene = SceneImport.model_validate_strings(fields)
    except ValidationError as error:
        raise invalid_body(error) from error
    return scene, files["subtitle_file"], files["media_file"]


def _import(container: Container, scene: SceneImport, subtitles: IO[bytes], media: IO[bytes]) -> ResponseDict:
    with disk_errors(), temporary_folder() as folder:
        path = folder / "media"
        with path.open("wb") as target:
            copyfileobj(media, target)
        return container.importer.run(scene, subtitles.read(), path)
