"""The analysis server over HTTP: `uvicorn analysis.app:app`."""

import asyncio
import functools
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from analysis import __version__
from analysis.contract import WebhookBody
from analysis.net.download import make_client
from analysis.net.seen_requests import SeenHere, SeenRequests
from analysis.problem_details import install_problem_handlers, render_problem
from analysis.processes.pipeline import Pipeline
from analysis.queueing.job_queue import JobQueue
from analysis.queueing.memory_queue import MemoryQueue
from analysis.queueing.redis_queue import RedisQueue
from analysis.queueing.redis_seen_requests import SeenAnywhere
from analysis.routes import router
from analysis.settings import Settings, get_settings
from analysis.slow_bodies import SlowBodies
from analysis.telemetry.logs import configure_logging
from analysis.telemetry.tracing import is_untraced, start_tracing
from common.http_limits import limit_connections
from common.webhook_signatures import HEADERS, TARGET_HEADER, Signer

_DESCRIPTION = f"""Compares a recording with an actor's line and returns scores with their confidence, and feedback.
"emotion" is an expressiveness match. Ratings of sounds, words and lines are fitted to experts' ratings of learners
(`calibration` names the fit); comparisons with the actor are not.

Requests marked *signed* carry Standard Webhooks headers ({", ".join(HEADERS)}) and {TARGET_HEADER}: a signature of the
same id and time over `yousync-target METHOD /path` instead of the body. Each signed request serves once."""


class _Server(FastAPI):
    """The app, which limits the connections of uvicorn before its lifespan begins."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            limit_connections(receive, render_problem, self.state.settings.request_head_timeout_s)
        await super().__call__(scope, receive, send)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Returns an app with its own queue and processes, which its lifespan starts and ends."""
    settings = settings or get_settings()
    logging.getLogger("analysis").setLevel(settings.log_level)
    app = _Server(
        title="YouSync analysis server",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=_lifespan,
        redirect_slashes=False,
        telemetry={"metrics": False, "logs": False, "operation_spans": False, "exclude": is_untraced},
    )
    app.add_middleware(SlowBodies, settings=settings)
    app.state.settings = settings
    app.webhooks.add_api_route("analysis", _analysis_webhook, methods=["POST"])
    app.include_router(router)
    install_problem_handlers(app)
    return app


def _analysis_webhook(body: WebhookBody) -> None:
    """Signed. Sent to the `webhook_url` of a job. 422 ends the retries; other refusals are retried for hours."""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    configure_logging(settings.log_level)
    stop_tracing = start_tracing(settings.otel_exporter_otlp_endpoint)
    signer = Signer(settings.webhook_secrets)
    async with make_client(settings.analysis_private_networks) as client:
        pipeline = Pipeline(settings, client)
        queue = _create_queue(settings, pipeline, client, signer)
        app.state.signer, app.state.pipeline, app.state.queue = signer, pipeline, queue
        app.state.seen_requests = seen_requests = _remember_requests(settings)
        pipeline.start()
        queue.start()
        with _on_stop_signal(functools.partial(_stop, queue, pipeline)):
            yield
        await queue.close()
        await pipeline.close()
        await seen_requests.close()
    await asyncio.to_thread(stop_tracing)


def _create_queue(settings: Settings, pipeline: Pipeline, client: httpx.AsyncClient, signer: Signer) -> JobQueue:
    if settings.redis_url:
        return RedisQueue(settings, settings.redis_url.get_secret_value())
    return MemoryQueue(settings, pipeline, client, signer)


def _remember_requests(settings: Settings) -> SeenRequests:
    if settings.redis_url:
        return SeenAnywhere(settings.redis_url.get_secret_value())
    return SeenHere()


def _stop(queue: JobQueue, pipeline: Pipeline) -> None:
    """Ends the calls that open requests wait for: uvicorn runs the rest of the lifespan only after the last request."""
    queue.stopping = True
    pipeline.stop()


@contextmanager
def _on_stop_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Calls `stop` on the event loop at SIGTERM or SIGINT, in addition to the installed handler (uvicorn's)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)
        previous = before[signal.Signals(number)]
        if callable(previous):
            previous(number, frame)

    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


app = create_app()
