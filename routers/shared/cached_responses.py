"""Reads that are asked for most: no session, bytes from the thread that made them, kept and sent with an entity tag.

Their routes state the shape of the answer for the document alone: nothing is validated or copied on its way out.
"""

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from cachetools import LRUCache
from fastapi import Request, Response
from pydantic_core import to_json
from sqlalchemy import Connection
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from container import Container
from core.errors import LimitReached
from core.response_cache import TaggedBody
from core.security import Principal
from core.telemetry.metrics import route_template
from core.telemetry.tracing import note_route
from dependencies import limit_requests
from routers.shared.problems import answer_app_error
from services.auth import require_session

# How long a browser or a proxy may show what everybody sees without asking, in seconds.
UNASKED_S = 10
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "What `If-None-Match` names is still current"}}

Asked = tuple[Hashable, Callable[[Connection], Any]]

# What `send_cached` was asked for in this request.
_ASKED = "yousync.asked"
_TARGETS_MAX, _QUERY_BYTES_MAX = 4096, 512


class KnownAddresses:
    """Answers at an address that `send_cached` has answered before without asking the router what it stands for.

    Routing and dependencies cost several times what such an answer does. Whoever asks is counted all the same.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._targets: LRUCache[tuple[str, bytes], tuple[Asked, BaseRoute]] = LRUCache(_TARGETS_MAX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        target = scope["path"], scope["query_string"]
        if response := await self._answer(target, scope):
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)
        if _ASKED in scope and len(scope["query_string"]) <= _QUERY_BYTES_MAX:
            self._targets[target] = scope[_ASKED], scope["route"]

    async def _answer(self, target: tuple[str, bytes], scope: Scope) -> Response | None:
        known = self._targets.get(target)
        if known is None:
            return None
        (key, query), scope["route"] = known
        note_route(scope["method"], route_template(scope))
        request = Request(scope)
        try:
            await limit_requests(request)
            return send_answer(request, await kept(request, key, query))
        except LimitReached as refusal:
            return await answer_app_error(request, refusal)
        except Exception:
            # It goes wrong again behind the router, where errors are logged and answered.
            self._targets.pop(target, None)
            return None


async def send_cached(request: Request, query: Callable[..., Any], *parameters: Hashable) -> Response:
    """The rows of `query(connection, *parameters)` as JSON, made or kept under the name and parameters of the query."""
    asked: Asked = (query.__name__, *parameters), lambda reader: query(reader, *parameters)
    answer = await kept(request, *asked)
    request.scope[_ASKED] = asked
    return send_answer(request, answer)


async def kept(request: Request, key: Hashable, query: Callable[[Connection], Any]) -> TaggedBody:
    """What is kept for `key`, or else what the query gives, as JSON."""
    container: Container = request.app.state.container
    return await container.cache.get(key, partial(_as_json, container, query), container.reads.for_all)


async def read_own(request: Request, principal: Principal, query: Callable[..., Any], *parameters: Any) -> Any:
    """What `query(connection, *parameters, user_id)` shows, for a user whose session still lives; nothing is kept.

    Raises InvalidAccessToken.
    """

    def read(connection: Connection) -> Any:
        return query(connection, *parameters, principal.user_id)

    def require(connection: Connection) -> None:
        require_session(connection, principal)

    container: Container = request.app.state.container
    return await container.reads.in_thread(partial(container.reads.look_up, read, require))


async def send_own(request: Request, principal: Principal, query: Callable[..., Any], *parameters: Any) -> Response:
    """What `read_own` reads, as JSON."""
    return Response(to_json(await read_own(request, principal, query, *parameters)), media_type="application/json")


def send_answer(request: Request, answer: TaggedBody) -> Response:
    """200, or 304 when the client has it; how long it may be shown depends on whether the client said who it is."""
    is_private = "authorization" in request.headers
    container: Container = request.app.state.container
    shown_s = 0 if is_private else min(UNASKED_S, int(container.settings.effective_cache_ttl_s))
    headers = {
        "ETag": answer.etag,
        "Cache-Control": f"public, max-age={shown_s}"
        if shown_s
        else f"{'private' if is_private else 'public'}, no-cache",
        "Vary": "Authorization",
    }
    if _has(request.headers.get("if-none-match"), answer.etag):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, headers=headers, media_type="application/json")


def _as_json(container: Container, query: Callable[[Connection], Any]) -> bytes:
    return to_json(container.reads.look_up(query))


def _has(if_none_match: str | None, etag: str) -> bool:
    """By weak comparison, as RFC 9110 (13.1.2) wants it: a proxy that compresses makes tags weak."""
    if not if_none_match:
        return False
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known
