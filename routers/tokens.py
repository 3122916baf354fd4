"""The catalogue: scripts, tokens (lines) and actors. Everybody can read it, administrators can change it."""

from enum import Enum
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from pydantic import ValidationError
from pydantic_core import to_json

from core.errors import (
    ActorExists,
    ActorNotFound,
    AdminOnly,
    CatalogueItemInUse,
    ChangedElsewhere,
    DatabaseUnavailable,
    InvalidAccessToken,
    InvalidCursor,
    MalformedRequest,
    NotAuthenticated,
    NothingToPronounce,
    ScriptNotFound,
    SlugTaken,
    TokenNotFound,
)
from core.response_cache import TaggedBody
from dependencies import (
    LIMIT,
    AdminUser,
    CheckedAdmin,
    ContainerDep,
    Cursor,
    LanguageDep,
    Limit,
    OptionalPrincipal,
    PathId,
    RateLimitedRoute,
    SessionDep,
)
from routers.shared import catalogue_filters as by
from routers.shared.cached_responses import (
    NOT_MODIFIED,
    cached_response,
    conditional_response,
    get_cached,
    read_for_user,
)
from routers.shared.catalogue_filters import (
    NewState,
)
from routers.shared.drafts import SEES_DRAFTS, read_draft
from routers.shared.patches import (
    LINE_CHANGES,
    LINE_CREATION,
    ScriptPatch,
    TokenPatch,
    Version,
    expected_version,
    line_refusals,
)
from routers.shared.path_ids import ACTOR, SCRIPT
from routers.shared.problems import invalid_body, problem_responses
from routers.shared.security_schemes import FOR_ANYONE
from schemas import (
    ActorResponse,
    ActorSummary,
    ActorWrite,
    Category,
    Page,
    ScriptDetail,
    ScriptSummary,
    ScriptWrite,
    TokenDetail,
    TokenSummary,
    TokenWrite,
)
from services import catalogue_admin, tokens
from services.responses import ResponseDict
from services.tokens import Filters
from tasks.sweeper import compute_features, delete_objects

TAGS = [
    {"name": "scripts", "description": "Scenes"},
    {"name": "tokens", "description": "Lines of a scene"},
    {"name": "actors", "description": "Speakers of the lines"},
]
router = APIRouter(route_class=RateLimitedRoute, responses=problem_responses(DatabaseUnavailable))
_scripts: list[str | Enum] = ["scripts"]
_tokens: list[str | Enum] = ["tokens"]
_actors: list[str | Enum] = ["actors"]
_paged = (MalformedRequest, InvalidCursor)
_admin = (NotAuthenticated, InvalidAccessToken, AdminOnly, MalformedRequest)


@router.get("/scripts/popular", tags=_scripts, response_model=list[ScriptSummary], responses=NOT_MODIFIED)
async def list_popular_scripts(request: Request) -> Response:
    """Lists the ten most viewed scenes; the ranking is updated every few seconds."""
    return await cached_response(request, tokens.list_popular)


@router.get(
    "/tokens",
    tags=_tokens,
    response_model=Page[TokenSummary],
    responses=NOT_MODIFIED | problem_responses(*_paged),
)
async def list_tokens(
    request: Request,
    q: by.Search = None,
    script_id: Annotated[PathId | None, Query()] = None,
    category: by.CategoryFilter = None,
    actor: by.ActorFilter = None,
    language: by.LanguageFilter = None,
    level: by.LevelFilter = None,
    length: by.LineLengthFilter = None,
    good_to_start: by.GoodToStart = None,
    sort: by.LineSort = "id",
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Lists and searches lines."""
    filters = Filters(q, category, actor, language, script_id, level, length, good_to_start)
    return await cached_response(request, tokens.list_tokens, filters, sort, limit, cursor)


@router.get(
    "/scripts",
    tags=_scripts,
    response_model=Page[ScriptSummary],
    responses=NOT_MODIFIED | problem_responses(*_paged),
)
async def list_scripts(
    request: Request,
    q: by.Search = None,
    category: by.CategoryFilter = None,
    actor: by.ActorFilter = None,
    language: by.LanguageFilter = None,
    level: by.LevelFilter = None,
    length: by.SceneLengthFilter = None,
    good_to_start: by.GoodToStart = None,
    sort: by.SceneSort = "latest",
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Lists and searches scenes."""
    filters = Filters(q, category, actor, language, None, level, length, good_to_start)
    return await cached_response(request, tokens.list_scripts, filters, sort, limit, cursor)


@router.get("/categories", tags=_scripts, response_model=list[Category], responses=NOT_MODIFIED)
async def list_categories(request: Request) -> Response:
    """Lists all categories, by name."""
    return await cached_response(request, tokens.list_categories)


@router.get(
    SCRIPT,
    tags=_scripts,
    response_model=ScriptDetail,
    responses=NOT_MODIFIED | problem_responses(ScriptNotFound, MalformedRequest),
    openapi_extra=SEES_DRAFTS,
)
async def get_script(request: Request, container: ContainerDep, script_id: PathId) -> Response:
    """One scene with its lines. Reading it counts a view."""
    try:
        answer = await get_cached(request, ("scene", script_id), lambda reader: tokens.get_script(reader, script_id))
    except ScriptNotFound as error:
        draft = await read_draft(request, error, lambda session: tokens.get_script(session, script_id, drafts=True))
        return conditional_response(request, TaggedBody.of(to_json(draft)), is_private=True)
    container.view_counts.count(script_id)
    return conditional_response(request, answer)


@router.get(
    "/tokens/{token_id}",
    tags=_tokens,
    response_model=TokenDetail,
    responses=NOT_MODIFIED | problem_responses(TokenNotFound, InvalidAccessToken, MalformedRequest),
    openapi_extra=FOR_ANYONE,
)
async def get_token(
    request: Request, container: ContainerDep, principal: OptionalPrincipal, token_id: PathId
) -> Response:
    """Returns a line with its scene, reading, reference audio and pitch; to signed-in users also their scores."""
    mine = await read_for_user(request, principal, tokens.get_my_scores, token_id) if principal else None
    find = partial(tokens.get_token, store=container.store, token_id=token_id)
    is_private = principal is not None
    try:
        line = await get_cached(request, ("line", token_id), find)
    except TokenNotFound as error:
        is_private = True
        line = TaggedBody.of(to_json(await read_draft(request, error, partial(find, drafts=True))))
    answer = TaggedBody.of(line.body[:-1] + b',"mine":' + to_json(mine) + b"}")
    return conditional_response(request, answer, is_private=is_private)


@router.post(
    "/scripts",
    status_code=201,
    tags=_scripts,
    response_model=ScriptDetail,
    responses=problem_responses(*_admin, SlugTaken),
)
def create_script(session: SessionDep, _: AdminUser, body: ScriptWrite, state: NewState = "published") -> ResponseDict:
    """Creates a scene without lines, public at once or as a draft."""
    return tokens.get_script(
        session, catalogue_admin.create_script(session, body, is_draft=state == "draft"), drafts=True
    )


@router.put(
    SCRIPT,
    tags=_scripts,
    response_model=ScriptDetail,
    responses=problem_responses(*_admin, ScriptNotFound, SlugTaken, NothingToPronounce),
)
def update_script(session: SessionDep, _: AdminUser, script_id: PathId, body: ScriptWrite) -> ResponseDict:
    """Replaces the fields of a scene; its lines stay."""
    catalogue_admin.update_script(session, script_id, body)
    return tokens.get_script(session, script_id, drafts=True)


@router.patch(
    SCRIPT,
    tags=_scripts,
    response_model=ScriptDetail,
    responses=problem_responses(*_admin, ScriptNotFound, SlugTaken, NothingToPronounce, ChangedElsewhere),
)
def patch_script(
    session: SessionDep, _: AdminUser, script_id: PathId, body: ScriptPatch, if_match: Version = None
) -> ResponseDict:
    """Changes the given fields of a scene; the others stay."""
    try:
        catalogue_admin.patch_script(session, script_id, body.changes(), expected_version(if_match))
    except ValidationError as error:
        raise invalid_body(error) from error
    return tokens.get_script(session, script_id, drafts=True)


@router.delete(
    SCRIPT,
    status_code=204,
    tags=_scripts,
    responses=problem_responses(*_admin, ScriptNotFound, CatalogueItemInUse),
)
def delete_script(
    session: SessionDep, _: AdminUser, container: ContainerDep, background: BackgroundTasks, script_id: PathId
) -> None:
    """Deletes a scene with its lines; refused once a user has dubbed one of them."""
    background.add_task(delete_objects, container, catalogue_admin.delete_script(session, script_id))


@router.post(
    "/tokens",
    status_code=201,
    tags=_tokens,
    response_model=TokenSummary,
    responses=problem_responses(*LINE_CREATION),
)
async def create_token(
    background: BackgroundTasks, container: ContainerDep, language: LanguageDep, _: CheckedAdmin, body: TokenWrite
) -> ResponseDict:
    """Creates a line in a scene. In an imported one its audio is cut from the file."""
    with line_refusals(language):
        line = await to_thread.run_sync(container.line_editor.create, body, limiter=container.limits.uploads)
    background.add_task(compute_features, container, line["id"])
    return line


@router.put(
    "/tokens/{token_id}",
    tags=_tokens,
    response_model=TokenSummary,
    responses=problem_responses(*LINE_CHANGES),
)
async def update_token(
    background: BackgroundTasks,
    container: ContainerDep,
    language: LanguageDep,
    _: CheckedAdmin,
    token_id: PathId,
    body: TokenWrite,
) -> ResponseDict:
    """Replaces the fields of a line.

    New times cut its audio again from the file of an imported scene, also in place of an uploaded one. A new text,
    `spoken_form` or audio has its pitch and timing computed again.
    """
    with line_refusals(language):
        line = await to_thread.run_sync(container.line_editor.replace, token_id, body, limiter=container.limits.uploads)
    background.add_task(compute_features, container, token_id)
    return line


@router.patch(
    "/tokens/{token_id}",
    tags=_tokens,
    response_model=TokenSummary,
    responses=problem_responses(*LINE_CHANGES, ChangedElsewhere),
)
async def patch_token(
    background: BackgroundTasks,
    container: ContainerDep,
    language: LanguageDep,
    _: CheckedAdmin,
    token_id: PathId,
    body: TokenPatch,
    if_match: Version = None,
) -> ResponseDict:
    """Changes the given fields of a line; the others stay. The effects are those of PUT."""
    patch = partial(container.line_editor.patch, token_id, body.changes(), expected_version(if_match))
    with line_refusals(language):
        line = await to_thread.run_sync(patch, limiter=container.limits.uploads)
    background.add_task(compute_features, container, token_id)
    return line


@router.delete(
    "/tokens/{token_id}",
    status_code=204,
    tags=_tokens,
    responses=problem_responses(*_admin, TokenNotFound, CatalogueItemInUse),
)
def delete_token(
    session: SessionDep, _: AdminUser, container: ContainerDep, background: BackgroundTasks, token_id: PathId
) -> None:
    """Deletes a line; refused once a user has dubbed it."""
    background.add_task(delete_objects, container, catalogue_admin.delete_token(session, token_id))


@router.get(
    "/actors",
    tags=_actors,
    response_model=Page[ActorSummary],
    responses=NOT_MODIFIED | problem_responses(*_paged),
)
async def list_actors(request: Request, limit: Limit = LIMIT, cursor: Cursor = None) -> Response:
    """Lists all actors with the number of their lines."""
    return await cached_response(request, tokens.list_actors, limit, cursor)


@router.get(
    "/actors/{actor_id}/tokens",
    tags=_actors,
    response_model=Page[TokenSummary],
    responses=NOT_MODIFIED | problem_responses(*_paged, ActorNotFound),
)
async def list_actor_tokens(
    request: Request, actor_id: PathId, limit: Limit = LIMIT, cursor: Cursor = None
) -> Response:
    """Lists the lines of one actor."""
    return await cached_response(request, tokens.list_actor_tokens, actor_id, limit, cursor)


@router.post(
    "/actors",
    status_code=201,
    tags=_actors,
    response_model=ActorResponse,
    responses=problem_responses(*_admin, ActorExists),
)
def create_actor(session: SessionDep, _: AdminUser, body: ActorWrite) -> ResponseDict:
    """Creates an actor."""
    return catalogue_admin.create_actor(session, body)


@router.put(
    ACTOR,
    tags=_actors,
    response_model=ActorResponse,
    responses=problem_responses(*_admin, ActorNotFound, ActorExists),
)
def update_actor(session: SessionDep, _: AdminUser, actor_id: PathId, body: ActorWrite) -> ResponseDict:
    """Replaces the names of an actor."""
    return catalogue_admin.update_actor(session, actor_id, body)


@router.delete(
    ACTOR,
    status_code=204,
    tags=_actors,
    responses=problem_responses(*_admin, ActorNotFound, CatalogueItemInUse),
)
def delete_actor(session: SessionDep, _: AdminUser, actor_id: PathId) -> None:
    """Deletes an actor without lines."""
    catalogue_admin.delete_actor(session, actor_id)
