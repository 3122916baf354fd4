"""My page: bookmarks, dubbed lines, progress, recordings and the export of the user's data."""

from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError

from core.errors import (
    AccountRequired,
    BookmarkNotFound,
    DatabaseUnavailable,
    InvalidAccessToken,
    InvalidCursor,
    JobNotFound,
    MalformedRequest,
    NotAuthenticated,
    RecordingInUse,
    ScriptNotFound,
    StorageUnavailable,
    TokenNotFound,
    TooManyExports,
    TooManyRequests,
)
from core.field_types import Id
from dependencies import (
    LIMIT,
    AccountRoute,
    CheckedPrincipal,
    ContainerDep,
    CurrentPrincipal,
    Cursor,
    ExportLimit,
    JobId,
    Limit,
    PathId,
    SessionDep,
    SettingsDep,
    TokenPrincipal,
)
from routers.shared.cached_responses import user_response
from routers.shared.download import Download
from routers.shared.problems import problem_responses
from schemas import (
    Attempt,
    BookmarkResponse,
    BookmarkWrite,
    DubbedToken,
    LineProgress,
    Overview,
    Page,
    RecordingResponse,
    SceneProgress,
    WeakSound,
)
from services import export, mypage, practice, recordings
from services.responses import ResponseDict

TAGS = [{"name": "my page", "description": "Bookmarks, dubbed lines, overview"}]
router = APIRouter(
    prefix="/mypage",
    route_class=AccountRoute,
    tags=["my page"],
    responses=problem_responses(NotAuthenticated, InvalidAccessToken, AccountRequired, DatabaseUnavailable),
)
_ZONES = available_timezones()


@router.get(
    "/bookmarks",
    response_model=Page[BookmarkResponse],
    responses=problem_responses(MalformedRequest, InvalidCursor),
)
async def list_bookmarks(
    request: Request, principal: TokenPrincipal, limit: Limit = LIMIT, cursor: Cursor = None
) -> Response:
    """Lists my bookmarks, newest first."""
    return await user_response(request, principal, mypage.list_bookmarks, limit, cursor)


@router.post(
    "/bookmarks",
    status_code=201,
    response_model=BookmarkResponse,
    responses={
        200: {"model": BookmarkResponse, "description": "The line was already bookmarked"},
        **problem_responses(TokenNotFound, MalformedRequest),
    },
)
def create_bookmark(
    session: SessionDep, principal: CurrentPrincipal, body: BookmarkWrite, response: Response
) -> ResponseDict:
    """Bookmarks a line. A second request returns the same bookmark."""
    bookmark, is_new = mypage.add_bookmark(session, principal.user_id, body.token_id)
    response.status_code = 201 if is_new else 200
    return bookmark


@router.delete(
    "/bookmarks/{token_id}", status_code=204, responses=problem_responses(BookmarkNotFound, MalformedRequest)
)
def delete_bookmark(session: SessionDep, principal: CurrentPrincipal, token_id: PathId) -> None:
    """Deletes my bookmark of a line."""
    mypage.remove_bookmark(session, principal.user_id, token_id)


@router.get(
    "/my-dubbed-tokens",
    response_model=Page[DubbedToken],
    responses=problem_responses(MalformedRequest, InvalidCursor),
)
async def list_dubbed_tokens(
    request: Request, principal: TokenPrincipal, limit: Limit = LIMIT, cursor: Cursor = None
) -> Response:
    """Lists the lines that I have recorded, most recent first, with my best, last and first overall score on each."""
    return await user_response(request, principal, mypage.list_dubbed_tokens, limit, cursor)


@router.get("/progress", response_model=list[SceneProgress])
def list_scene_progress(session: SessionDep, principal: CurrentPrincipal) -> list[ResponseDict]:
    """Lists my progress on each script of which I have dubbed a line."""
    return practice.list_scene_progress(session, principal.user_id)


@router.get(
    "/progress/{script_id}",
    response_model=list[LineProgress],
    responses=problem_responses(ScriptNotFound, MalformedRequest),
)
def list_line_progress(session: SessionDep, principal: CurrentPrincipal, script_id: PathId) -> list[ResponseDict]:
    """Lists my best score, last score and bookmark on every line of a script."""
    return practice.list_line_progress(session, principal.user_id, script_id)


@router.get(
    "/attempts",
    response_model=Page[Attempt],
    responses=problem_responses(TokenNotFound, MalformedRequest, InvalidCursor),
)
def list_attempts(
    session: SessionDep, principal: CurrentPrincipal, token_id: Id, limit: Limit = LIMIT, cursor: Cursor = None
) -> ResponseDict:
    """Lists my recordings of one line, newest first."""
    return practice.list_attempts(session, principal.user_id, token_id, limit, cursor)


@router.get("/weak-sounds", response_model=list[WeakSound])
def list_weak_sounds(session: SessionDep, principal: CurrentPrincipal) -> list[ResponseDict]:
    """Lists the sounds that were corrected in my latest attempts, and lines to practise them on."""
    return practice.list_weak_sounds(session, principal.user_id)


@router.get(
    "/recordings",
    response_model=Page[RecordingResponse],
    responses=problem_responses(MalformedRequest, InvalidCursor),
)
def list_recordings(
    session: SessionDep, principal: CurrentPrincipal, limit: Limit = LIMIT, cursor: Cursor = None
) -> ResponseDict:
    """Lists my stored recordings, largest first: they count against my storage quota."""
    return recordings.list_recordings(session, principal.user_id, limit, cursor)


@router.delete(
    "/recordings/{job_id}",
    status_code=204,
    responses=problem_responses(JobNotFound, RecordingInUse, StorageUnavailable),
)
async def delete_recording(container: ContainerDep, principal: CheckedPrincipal, job_id: JobId) -> None:
    """Deletes the audio of one attempt permanently. Its scores and feedback stay."""
    work = partial(recordings.remove_recording, container.sessions, container.store, principal.user_id, job_id)
    await to_thread.run_sync(work, limiter=container.limits.uploads)


@router.get("/overview", response_model=Overview, responses=problem_responses(MalformedRequest))
async def get_overview(
    request: Request,
    principal: TokenPrincipal,
    settings: SettingsDep,
    timezone: Annotated[
        str,
        Query(
            max_length=60,
            description="IANA name; days start and end in this time zone",
            json_schema_extra={"minLength": 1, "pattern": "^[A-Za-z0-9_+/-]+$"},
            examples=["Asia/Seoul"],
        ),
    ] = "Asia/Seoul",
) -> Response:
    """Returns everything that my page shows first, in one request."""
    if timezone not in _ZONES:
        raise RequestValidationError([{"loc": ("query", "timezone"), "msg": "no IANA time zone", "type": "timezone"}])
    return await user_response(request, principal, mypage.get_overview, settings, ZoneInfo(timezone))


@router.get(
    "/export",
    summary="Download all my data",
    dependencies=[ExportLimit],
    response_class=Response,
    responses={
        200: {
            "description": "A zip archive: account.json, bookmarks.json, results/*.json and recordings/*",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problem_responses(TooManyRequests, TooManyExports, StorageUnavailable),
    },
)
async def get_export(container: ContainerDep, principal: CheckedPrincipal) -> Download:
    """Returns my account, bookmarks, results and recordings. The archive is streamed, so its size is unknown."""
    exports = container.limits.exports
    pieces = await to_thread.run_sync(
        export.open_export, container.sessions, container.store, principal.user_id, limiter=exports
    )
    return Download(
        pieces,
        limiter=exports,
        send_timeout_s=container.settings.stream_send_timeout_s,
        is_stopping=lambda: container.hub.is_closing,
        media_type="application/zip",
        headers={
            "Content-Disposition": 'attachment; filename="yousync-export.zip"',
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        },
    )
