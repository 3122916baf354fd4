"""The API server: `uvicorn main:app`."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from anyio import to_thread
from fastapi import FastAPI
from fastapi_swagger import patch_fastapi
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from common.http_limits import limit_connections
from container import build_container
from core.errors import TooManyRequests
from core.settings import Settings, get_settings
from core.telemetry.logs import configure_logging
from core.telemetry.metrics import Metrics
from core.telemetry.sentry import report_errors
from core.telemetry.tracing import is_untraced, start_tracing
from events.hub import close_on_termination
from middleware.body_limit import BodyLimitAsProblem
from middleware.cached_routes import CachedRouteShortcut
from middleware.detached_responses import DetachedResponses
from middleware.encoded_bodies import EncodedBodies
from middleware.expose_transport import ExposeTransport
from middleware.open_bodies import OpenBodies
from middleware.request_ids import RequestIds
from middleware.request_metrics import RequestMetrics
from middleware.security_headers import SecurityHeaders
from middleware.spa import SinglePageApp
from middleware.trailing_slash import TrailingSlashes
from routers import (
    auth,
    curation,
    direct_uploads,
    health,
    mypage,
    scene_import,
    scene_requests,
    script_audio,
    tokens,
    user_audio,
)
from routers.shared.openapi import DESCRIPTION, SWAGGER_UI, docs_sources, install_openapi
from routers.shared.problems import add_error_handlers, problem_responses, render_problem
from tasks.sweeper import check_then_sweep, write_views

# Headers that scripts of pages on other origins may send, and read.
_CORS_REQUEST_HEADERS = (
    *("Accept-Language", "Authorization", "Cache-Control", "Content-Type", "Idempotency-Key", "If-Match"),
    *("If-None-Match", "If-Range", "Last-Event-ID", "Range", "X-Request-ID", "baggage", "traceparent", "tracestate"),
)
_CORS_RESPONSE_HEADERS = (
    *("Accept-Ranges", "Content-Disposition", "Content-Range", "ETag", "Location", "Retry-After", "X-Request-ID"),
)
MAX_JSON_BYTES = 2 * 1024 * 1024
# The order of the tags in the OpenAPI document.
_DOCUMENTED = (auth, tokens, scene_import, curation, scene_requests, script_audio, user_audio, mypage, health)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Builds the container and runs the background tasks as long as the server runs."""
    stop_tracing = start_tracing(app.state.settings.otel_exporter_otlp_endpoint, "yousync-api")
    container = build_container(app.state.settings, app.state.metrics)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(to_thread.run_sync, stop_tracing)
        stack.push_async_callback(container.aclose)
        if not container.settings.allows_several_processes:
            container.spool.lock()
        await to_thread.run_sync(container.checker.warm_up)
        app.state.container = container
        close_on_termination(container.hub)
        tasks = [
            asyncio.create_task(check_then_sweep(container)),
            asyncio.create_task(container.hub.beat()),
            asyncio.create_task(container.bus.listen(container.jobs.newer_than)),
            asyncio.create_task(container.cache.listen()),
        ]
        # These objects live as long as the process: scanning them would pause every stream for 0.1 s now and then.
        gc.collect()
        gc.freeze()
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await write_views(container)


class _Server(FastAPI):
    """The app, which limits the connections of uvicorn before its lifespan begins. Middleware comes too late for that:
    FastAPI wraps `receive` of the lifespan.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            limit_connections(receive, render_problem, self.state.settings.request_head_timeout_s)
        await super().__call__(scope, receive, send)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Builds the API server; `settings` come from the environment by default."""
    settings = settings or get_settings()
    configure_logging(settings.log_level, as_json=not settings.is_development)
    report_errors(settings.sentry_dsn, settings.environment)
    metrics = Metrics()
    app = _Server(
        title="YouSync API",
        version="0.1.0",
        description=DESCRIPTION,
        openapi_tags=[tag for module in _DOCUMENTED for tag in module.TAGS],
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        telemetry={
            "tracing": bool(settings.otel_exporter_otlp_endpoint),
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "exclude": is_untraced,
        },
        middleware=_list_middleware(settings, metrics),
    )
    app.state.settings = settings
    app.state.metrics = metrics
    add_error_handlers(app)
    _include_routers(app, settings)
    install_openapi(app)
    patch_fastapi(app, swagger_ui_parameters=SWAGGER_UI)
    return app


def _list_middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """Returns the middleware, outermost first."""
    return [
        Middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies),
        Middleware(ExposeTransport),
        Middleware(DetachedResponses),
        Middleware(RequestIds),
        Middleware(
            SecurityHeaders,
            docs_sources=docs_sources,
            audio_origins=settings.audio_origins,
            with_google=bool(settings.google_client_id),
        ),
        # Before CORS: a Vary: Origin would let browsers load each file of the page once more for the service worker.
        *([Middleware(SinglePageApp, directory=settings.web_dir)] if settings.has_web_page else []),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=_CORS_REQUEST_HEADERS,
            expose_headers=_CORS_RESPONSE_HEADERS,
        ),
        Middleware(TrailingSlashes),
        Middleware(RequestMetrics, metrics=metrics),
        Middleware(CachedRouteShortcut),
        Middleware(EncodedBodies),
        Middleware(OpenBodies, settings=settings),
        Middleware(BodyLimitAsProblem),
        Middleware(RequestBodyLimitMiddleware, max_body_size=MAX_JSON_BYTES),
    ]


def _include_routers(app: FastAPI, settings: Settings) -> None:
    """Adds the routes. They are matched in this order: the most frequently requested come first.

    user_audio precedes script_audio, and three precede tokens: /tokens/analysis-…, /scripts/drafts, /actors/managed and
    /scripts/requests must not match as an id.
    """
    before_ids = (direct_uploads, user_audio, scene_import, curation, scene_requests)
    limited = [module.router for module in (*before_ids, tokens, mypage, script_audio, auth)]
    if settings.development_sign_in:
        limited.append(auth.development_router)
    for router in limited:
        app.include_router(router, prefix="/api", responses=problem_responses(TooManyRequests))
    app.include_router(user_audio.webhook_router, prefix="/api")
    app.include_router(health.router)
    app.include_router(health.metrics_router)


app = create_app()
