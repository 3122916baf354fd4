"""Answers repeated requests for cached responses without the router."""

from cachetools import LRUCache
from fastapi import Request, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import LimitReached
from core.telemetry.metrics import route_template
from core.telemetry.tracing import note_route
from dependencies import limit_requests
from routers.shared.cached_responses import CACHED_QUERY, CachedQuery, conditional_response, get_cached
from routers.shared.problems import answer_app_error

_TARGETS_MAX, _QUERY_BYTES_MAX = 4096, 512


class CachedRouteShortcut:
    """Remembers the query behind each URL that `cached_response` has answered, and answers the next request with it.

    Routing and dependencies cost several times as much as such a response. Rate limits apply as behind the router.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._targets: LRUCache[tuple[str, bytes], tuple[CachedQuery, BaseRoute]] = LRUCache(_TARGETS_MAX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        target = scope["path"], scope["query_string"]
        if response := await self._respond(target, scope):
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)
        if CACHED_QUERY in scope and len(scope["query_string"]) <= _QUERY_BYTES_MAX:
            self._targets[target] = scope[CACHED_QUERY], scope["route"]

    async def _respond(self, target: tuple[str, bytes], scope: Scope) -> Response | None:
        known = self._targets.get(target)
        if known is None:
            return None
        (key, query), scope["route"] = known
        note_route(scope["method"], route_template(scope))
        request = Request(scope)
        try:
            await limit_requests(request)
            return conditional_response(request, await get_cached(request, key, query))
        except LimitReached as refusal:
            return await answer_app_error(request, refusal)
        except Exception:
            # The same request fails again behind the router, where errors are logged and rendered.
            self._targets.pop(target, None)
            return None
