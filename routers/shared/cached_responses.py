"""Responses to the most frequent reads: JSON bytes, written in the thread of the query, cached and sent with an ETag.

Their routes declare a response shape for the OpenAPI document only: FastAPI neither validates nor copies these bodies.
"""

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from fastapi import Request, Response
from pydantic_core import to_json
from sqlalchemy import Connection

from container import Container
from core.response_cache import TaggedBody
from core.security import Principal
from dependencies import container_of
from services.auth import require_session

# How long a browser or a proxy may show a public response without revalidating it, in seconds.
PUBLIC_MAX_AGE_S = 10
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The client's `If-None-Match` is still current"}}

CachedQuery = tuple[Hashable, Callable[[Connection], Any]]

# The key in the ASGI scope under which `cached_response` leaves its CachedQuery for CachedRouteShortcut.
CACHED_QUERY = "yousync.cached_query"


async def cached_response(request: Request, query: Callable[..., Any], *parameters: Hashable) -> Response:
    """Returns the rows of `query(connection, *parameters)` as JSON, cached under the query's name and parameters."""
    cached_query: CachedQuery = (query.__name__, *parameters), lambda reader: query(reader, *parameters)
    answer = await get_cached(request, *cached_query)
    request.scope[CACHED_QUERY] = cached_query
    return conditional_response(request, answer)


async def get_cached(request: Request, key: Hashable, query: Callable[[Connection], Any]) -> TaggedBody:
    """Returns the JSON cached under `key`; on a miss, run `query` and cache its rows."""
    container = container_of(request)
    return await container.cache.get(key, partial(_query_as_json, container, query), container.reads.for_all)


async def read_for_user(request: Request, principal: Principal, query: Callable[..., Any], *parameters: Any) -> Any:
    """Returns `query(connection, *parameters, user_id)` for a user with an active session, without caching it.

    Raises InvalidAccessToken.
    """

    def read(connection: Connection) -> Any:
        return query(connection, *parameters, principal.user_id)

    def require(connection: Connection) -> None:
        require_session(connection, principal)

    reads = container_of(request).reads
    return await reads.in_thread(partial(reads.look_up, read, require))


async def user_response(
    request: Request, principal: Principal, query: Callable[..., Any], *parameters: Any
) -> Response:
    """Returns the result of `read_for_user` as JSON."""
    rows = await read_for_user(request, principal, query, *parameters)
    return Response(to_json(rows), media_type="application/json")


def conditional_response(request: Request, answer: TaggedBody, *, is_private: bool = False) -> Response:
    """Returns 200, or 304 when the client has this version; only anonymous requests get a shared max-age.

    `is_private` says that the answer is not the same for everybody; the page's service worker keeps none of these.
    """
    may_share = not is_private and "authorization" not in request.headers
    max_age_s = may_share and min(PUBLIC_MAX_AGE_S, int(container_of(request).settings.effective_cache_ttl_s))
    headers = {
        "ETag": answer.etag,
        "Cache-Control": f"public, max-age={max_age_s}"
        if max_age_s
        else f"{'private' if is_private else 'public'}, no-cache",
        "Vary": "Authorization",
    }
    if _matches(request.headers.get("if-none-match"), answer.etag):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, headers=headers, media_type="application/json")


def _query_as_json(container: Container, query: Callable[[Connection], Any]) -> bytes:
    return to_json(container.reads.look_up(query))


def _matches(if_none_match: str | None, etag: str) -> bool:
    """Compares weakly, as RFC 9110 (13.1.2) requires: a proxy that compresses makes tags weak."""
    if not if_none_match:
        return False
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known
