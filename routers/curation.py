"""Reads for administrators: all scripts and actors, and the sound of imported scenes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from core.errors import (
    AdminOnly,
    AudioUndecodable,
    DatabaseUnavailable,
    InvalidAccessToken,
    InvalidCursor,
    MalformedRequest,
    NotAuthenticated,
    SceneMediaMissing,
    ScriptNotFound,
    SpoolFull,
    SpoolUnavailable,
    StorageUnavailable,
)
from core.field_types import Seconds
from core.i18n import Language
from core.settings import MAX_AUDIO_S
from dependencies import (
    LIMIT,
    AdminUser,
    CheckedAdmin,
    ContainerDep,
    Cursor,
    LanguageDep,
    Limit,
    PathId,
    RateLimitedRoute,
    SessionDep,
)
from media.clips import TrackMissing
from routers.shared.catalogue_filters import Search
from routers.shared.problems import problem_responses, refused_field
from schemas import ActorSummary, Page, ScriptSummary
from services import curation
from services.curation import State
from services.responses import ResponseDict
from services.scene_media import AfterSound

TAGS = [{"name": "curation", "description": "All scripts and actors, and the sound of imported scenes"}]
_admin = (NotAuthenticated, InvalidAccessToken, AdminOnly, MalformedRequest, DatabaseUnavailable)
router = APIRouter(tags=["curation"], route_class=RateLimitedRoute, responses=problem_responses(*_admin))
_sound = (ScriptNotFound, SceneMediaMissing, AudioUndecodable, StorageUnavailable, SpoolFull, SpoolUnavailable)
MIN_SOUND_S, MAX_POINTS = 0.2, 4000

StateFilter = Annotated[State | None, Query(description="Only scripts in this state", examples=["hidden"])]
Start = Annotated[Seconds, Query(description="In seconds on the scene's timeline", examples=[12.0])]
Points = Annotated[int, Query(ge=1, le=MAX_POINTS, description="Most peaks to return", examples=[1000])]


class ManagedScript(ScriptSummary):
    """A script in the list of administrators."""

    state: State = Field(examples=["published"])
    hidden_at: datetime | None = Field(examples=[None])
    expires_at: datetime | None = Field(examples=["2027-03-01T00:00:00Z"])


class SceneWaveform(BaseModel):
    """The loudness of a part of an imported scene; times in seconds on the scene's timeline."""

    length_s: float = Field(description="Of the whole file", examples=[61.2])
    start: float = Field(examples=[12.0])
    end: float = Field(examples=[12.05])
    peaks: list[int] = Field(
        description="The largest amplitudes of equal parts, 255 is full scale", examples=[[3, 40, 122, 97, 12]]
    )


@router.get("/scripts/managed", response_model=Page[ManagedScript], responses=problem_responses(InvalidCursor))
def list_managed_scripts(
    session: SessionDep,
    _: AdminUser,
    state: StateFilter = None,
    q: Search = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> ResponseDict:
    """Lists scripts in every state, the newest first."""
    return curation.list_managed(session, state, q, limit, cursor)


@router.get("/actors/managed", response_model=Page[ActorSummary], responses=problem_responses(InvalidCursor))
def list_managed_actors(session: SessionDep, _: AdminUser, limit: Limit = LIMIT, cursor: Cursor = None) -> ResponseDict:
    """Lists all actors, also those of drafts and hidden scripts, with the number of their lines."""
    return curation.list_actors(session, limit, cursor)


@router.get("/scripts/{script_id}/media/waveform", response_model=SceneWaveform, responses=problem_responses(*_sound))
async def get_scene_waveform(
    container: ContainerDep,
    language: LanguageDep,
    _: CheckedAdmin,
    script_id: PathId,
    start: Start = 0.0,
    end: Annotated[Seconds | None, Query(description="Default: the end of the file", examples=[14.5])] = None,
    points: Points = 1000,
) -> ResponseDict:
    """Returns the waveform of an imported scene, or of a part of it. Its finest peaks are 10 ms long."""
    with _refusals(language):
        return await to_thread.run_sync(
            container.scene_sound.waveform, script_id, start, end, points, limiter=container.limits.uploads
        )


@router.get(
    "/scripts/{script_id}/media/sound",
    response_class=Response,
    responses={
        200: {
            "description": "The sound, 24 kHz, mono",
            "content": {"audio/flac": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problem_responses(*_sound),
    },
)
async def get_scene_sound(
    container: ContainerDep,
    language: LanguageDep,
    _: CheckedAdmin,
    script_id: PathId,
    start: Start,
    end: Annotated[Seconds, Query(description="In seconds on the scene's timeline", examples=[14.5])],
) -> Response:
    """Returns a part of the sound of an imported scene, as a line with these times would have it.

    To hear new times before they are saved. The part is 0.2 s to 120 s long, and shorter at the end of the file.
    """
    _require_span(start, end)
    with _refusals(language):
        sound = await to_thread.run_sync(
            container.scene_sound.sound, script_id, start, end, limiter=container.limits.uploads
        )
    return Response(sound, media_type="audio/flac", headers={"Cache-Control": "private, max-age=600"})


def _require_span(start_s: float, end_s: float) -> None:
    if not MIN_SOUND_S <= end_s - start_s <= MAX_AUDIO_S:
        message = f"{MIN_SOUND_S:g} s to {MAX_AUDIO_S:g} s after start"
        raise RequestValidationError([{"loc": ("query", "end"), "msg": message, "type": "span_not_possible"}])


@contextmanager
def _refusals(language: Language) -> Iterator[None]:
    """Names the parameter of times that the sound does not have, and of a track that the file does not have."""
    try:
        yield
    except AfterSound as error:
        raise refused_field(("end",), "cue_after_sound", language, error.facts) from error
    except TrackMissing as error:
        raise refused_field(("audio_track",), "track_missing", language, {"count": error.count}) from error
