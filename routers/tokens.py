"""The catalogue: scripts, tokens (lines) and actors; browsing for everybody, writing for administrators."""

from enum import Enum
from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, Query

from dependencies import (
    LIMIT,
    AdminUser,
    Cursor,
    Limit,
    OptionalPrincipal,
    PartsDep,
    PathId,
    S3Dep,
    SessionDep,
)
from errors import (
    ActorExists,
    ActorNotFound,
    AdminOnly,
    CatalogueItemInUse,
    DatabaseUnavailable,
    InvalidAccessToken,
    InvalidCursor,
    MalformedRequest,
    NotAuthenticated,
    PositionTaken,
    ScriptNotFound,
    SlugTaken,
    TokenNotFound,
    problem_responses,
)
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
from services import catalogue, tokens
from services.tokens import Filters
from sweeper import delete_objects

router = APIRouter(responses=problem_responses(DatabaseUnavailable))
_scripts: list[str | Enum] = ["scripts"]
_tokens: list[str | Enum] = ["tokens"]
_actors: list[str | Enum] = ["actors"]
_paged = (MalformedRequest, InvalidCursor)
_admin = (NotAuthenticated, InvalidAccessToken, AdminOnly, MalformedRequest)

Search = Annotated[
    str | None,
    Query(min_length=1, max_length=100, pattern="^[^\\x00]+$", description="Part of a title or a line"),
]
ActorFilter = Annotated[
    str | None, Query(min_length=1, max_length=100, pattern="^[^\\x00]+$", description="Id or part of a name")
]
Exactly = Annotated[str | None, Query(min_length=1, max_length=60, pattern="^[^\\x00]+$")]


@router.get("/scripts", tags=_scripts, responses=problem_responses(*_paged))
def list_scripts(
    session: SessionDep,
    q: Search = None,
    category: Exactly = None,
    actor: ActorFilter = None,
    language: Exactly = None,
    sort: Literal["latest", "popular"] = "latest",
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Page[ScriptSummary]:
    """Browse and search scenes."""
    filters = Filters(q=q, category=category, actor=actor, language=language)
    return tokens.list_scripts(session, filters, sort, limit, cursor)


@router.get("/scripts/popular", tags=_scripts)
def list_popular_scripts(session: SessionDep, parts: PartsDep) -> list[ScriptSummary]:
    """The ten most read scenes; counted anew every few seconds."""
    return parts.list_popular(session)


@router.get("/categories", tags=_scripts)
def list_categories(session: SessionDep) -> list[Category]:
    """The categories there are, by name."""
    return tokens.list_categories(session)


@router.get("/scripts/{script_id}", tags=_scripts, responses=problem_responses(ScriptNotFound, MalformedRequest))
def get_script(session: SessionDep, script_id: PathId) -> ScriptDetail:
    """One scene with its lines. Reading it counts a view."""
    return tokens.get_script(session, script_id)


@router.post("/scripts", status_code=201, tags=_scripts, responses=problem_responses(*_admin, SlugTaken))
def create_script(session: SessionDep, _: AdminUser, body: ScriptWrite) -> ScriptDetail:
    script = catalogue.create_script(session, body)
    return tokens.show_script(session, script.id)


@router.put("/scripts/{script_id}", tags=_scripts, responses=problem_responses(*_admin, ScriptNotFound, SlugTaken))
def update_script(session: SessionDep, _: AdminUser, script_id: PathId, body: ScriptWrite) -> ScriptDetail:
    catalogue.update_script(session, script_id, body)
    return tokens.show_script(session, script_id)


@router.delete(
    "/scripts/{script_id}",
    status_code=204,
    tags=_scripts,
    responses=problem_responses(*_admin, ScriptNotFound, CatalogueItemInUse),
)
def delete_script(
    session: SessionDep, _: AdminUser, parts: PartsDep, background: BackgroundTasks, script_id: PathId
) -> None:
    """Deletes a scene with its lines; refused once somebody has dubbed one of them."""
    background.add_task(delete_objects, parts, catalogue.delete_script(session, script_id))


@router.get("/tokens", tags=_tokens, responses=problem_responses(*_paged))
def list_tokens(
    session: SessionDep,
    q: Search = None,
    script_id: Annotated[PathId | None, Query()] = None,
    category: Exactly = None,
    actor: ActorFilter = None,
    language: Exactly = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Page[TokenSummary]:
    """Browse and search lines."""
    filters = Filters(q=q, category=category, actor=actor, language=language, script_id=script_id)
    return tokens.list_tokens(session, filters, limit, cursor)


@router.get(
    "/tokens/{token_id}",
    tags=_tokens,
    responses=problem_responses(TokenNotFound, InvalidAccessToken, MalformedRequest),
    openapi_extra={"security": [{}]},
)
def get_token(session: SessionDep, store: S3Dep, principal: OptionalPrincipal, token_id: PathId) -> TokenDetail:
    """One line with its scene, actor, reference audio and pitch; signed in, also my scores on it."""
    return tokens.get_token(session, store, token_id, principal.user_id if principal else None)


@router.post(
    "/tokens",
    status_code=201,
    tags=_tokens,
    responses=problem_responses(*_admin, ScriptNotFound, ActorNotFound, PositionTaken),
)
def create_token(session: SessionDep, _: AdminUser, body: TokenWrite) -> TokenSummary:
    return catalogue.create_token(session, body)


@router.put(
    "/tokens/{token_id}",
    tags=_tokens,
    responses=problem_responses(*_admin, TokenNotFound, ScriptNotFound, ActorNotFound, PositionTaken),
)
def update_token(session: SessionDep, _: AdminUser, token_id: PathId, body: TokenWrite) -> TokenSummary:
    return catalogue.update_token(session, token_id, body)


@router.delete(
    "/tokens/{token_id}",
    status_code=204,
    tags=_tokens,
    responses=problem_responses(*_admin, TokenNotFound, CatalogueItemInUse),
)
def delete_token(
    session: SessionDep, _: AdminUser, parts: PartsDep, background: BackgroundTasks, token_id: PathId
) -> None:
    """Deletes a line; refused once somebody has dubbed it."""
    background.add_task(delete_objects, parts, catalogue.delete_token(session, token_id))


@router.get("/actors", tags=_actors, responses=problem_responses(*_paged))
def list_actors(session: SessionDep, limit: Limit = LIMIT, cursor: Cursor = None) -> Page[ActorSummary]:
    return tokens.list_actors(session, limit, cursor)


@router.get("/actors/{actor_id}/tokens", tags=_actors, responses=problem_responses(*_paged, ActorNotFound))
def list_actor_tokens(
    session: SessionDep, actor_id: PathId, limit: Limit = LIMIT, cursor: Cursor = None
) -> Page[TokenSummary]:
    """The lines of one actor."""
    return tokens.list_actor_tokens(session, actor_id, limit, cursor)


@router.post("/actors", status_code=201, tags=_actors, responses=problem_responses(*_admin, ActorExists))
def create_actor(session: SessionDep, _: AdminUser, body: ActorWrite) -> ActorResponse:
    return ActorResponse.model_validate(catalogue.create_actor(session, body))


@router.put("/actors/{actor_id}", tags=_actors, responses=problem_responses(*_admin, ActorNotFound, ActorExists))
def update_actor(session: SessionDep, _: AdminUser, actor_id: PathId, body: ActorWrite) -> ActorResponse:
    return ActorResponse.model_validate(catalogue.update_actor(session, actor_id, body))


@router.delete(
    "/actors/{actor_id}",
    status_code=204,
    tags=_actors,
    responses=problem_responses(*_admin, ActorNotFound, CatalogueItemInUse),
)
def delete_actor(session: SessionDep, _: AdminUser, actor_id: PathId) -> None:
    """Deletes an actor who has no lines."""
    catalogue.delete_actor(session, actor_id)
