"""The API server with one shortcut replaced by the plain way: `uvicorn tools.bench.variants:without_cached_routes`.

Each function is an app factory that changes the product's classes in its own process, so that no product code knows
of the variants. `make bench BENCH="reads --without NAME"` (`uploads`, `streams`) measures them beside the normal app.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from sqlalchemy import Connection
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from common.http_limits import LimitedProtocol
from core.thread_pool import Threads
from database import DriverQuery
from main import app
from middleware.cached_routes import CachedRouteShortcut
from middleware.detached_responses import DetachedResponses
from middleware.expose_transport import ExposeTransport

_limiters: WeakKeyDictionary[Threads, CapacityLimiter] = WeakKeyDictionary()


def without_cached_routes() -> FastAPI:
    """Returns the app in which requests with a cached response also pass the router and its dependencies."""
    return _without_middleware(CachedRouteShortcut)


def without_detached_responses() -> FastAPI:
    """Returns the app in which a stream runs inside of all middleware until it ends."""
    return _without_middleware(DetachedResponses)


def without_exposed_transport() -> FastAPI:
    """Returns the app in which streams send through ASGI only, and cannot abort a connection."""
    return _without_middleware(ExposeTransport)


def without_thread_pool() -> FastAPI:
    """Returns the app in which blocking work runs in AnyIO's threads, limited to the size of our pool."""
    Threads.run = _run_in_anyio  # type: ignore[method-assign]
    return app


def without_driver_queries() -> FastAPI:
    """Returns the app in which queries run through SQLAlchemy, which wraps connection, cursor and rows."""
    DriverQuery.__call__ = _query_by_sqlalchemy  # type: ignore[method-assign]
    return app


def without_upgrade_guard() -> FastAPI:
    """Returns the app whose connections leave offers of other protocols to httptools, which drops the bodies."""
    LimitedProtocol.__bases__ = (HttpToolsProtocol,)
    return app


def _without_middleware(unwanted: Any) -> FastAPI:
    kept = [middleware for middleware in app.user_middleware if middleware.cls is not unwanted]
    assert len(kept) == len(app.user_middleware) - 1
    app.user_middleware = kept
    return app


async def _run_in_anyio(self: Threads, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    limiter = _limiters.setdefault(self, CapacityLimiter(len(self._threads)))
    return await to_thread.run_sync(partial(work, *arguments, **named), limiter=limiter)


def _query_by_sqlalchemy(self: DriverQuery, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(self._statement, values)]
