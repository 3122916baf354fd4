"""A machine that works off the shared queue: `celery -A analysis.queueing.tasks worker`, as many as one likes.

The tasks are threads that wait; the work is done by processes with limits of their own, which one event loop minds.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery.signals import setup_logging, worker_init, worker_ready, worker_shutdown

from analysis.queueing.redis_queue import TASK, make_app
from analysis.queueing.redis_worker import SharedWorker
from analysis.settings import get_settings
from analysis.telemetry.tracing import start_tracing

settings = get_settings()
if settings.redis_url is None:
    raise SystemExit(
        "An analysis worker gets its jobs over Redis, so it needs REDIS_URL, the same as the analysis servers. "
        "Without Redis there is nothing to start: the analysis server runs its jobs itself."
    )
REDIS_URL = settings.redis_url.get_secret_value()

app = make_app(
    REDIS_URL,
    worker_pool="threads",
    # Two per process, so that one fetches while the other computes.
    worker_concurrency=2 * settings.analysis_workers,
)


class _Machine:
    """The event loop of this worker, in a thread that lives as long: processes die with the thread that made them."""

    loop: asyncio.AbstractEventLoop
    worker: SharedWorker
    stop_tracing: Callable[[], None]


@app.task(name=TASK)
def analyze(job_id: str) -> None:
    asyncio.run_coroutine_threadsafe(_Machine.worker.run(UUID(job_id)), _Machine.loop).result()


@worker_init.connect
def _start(**_: Any) -> None:
    async def open_all() -> None:
        _Machine.worker = SharedWorker(settings, REDIS_URL)
        _Machine.worker.start()

    _Machine.stop_tracing = start_tracing(settings.otel_exporter_otlp_endpoint, "yousync-analysis-worker")
    _Machine.loop = asyncio.new_event_loop()
    threading.Thread(target=_Machine.loop.run_forever, name="analysis", daemon=True).start()
    asyncio.run_coroutine_threadsafe(open_all(), _Machine.loop).result()


@worker_ready.connect
def _announce(**_: Any) -> None:
    _Machine.loop.call_soon_threadsafe(_Machine.worker.announce)


@worker_shutdown.connect
def _stop(**_: Any) -> None:
    asyncio.run_coroutine_threadsafe(_Machine.worker.close(), _Machine.loop).result()
    _Machine.loop.call_soon_threadsafe(_Machine.loop.stop)
    _Machine.stop_tracing()


@setup_logging.connect
def _log(**_: Any) -> None:
    logging.basicConfig(level=settings.log_level, format="%(levelname)s %(name)s: %(message)s")
    # httpx logs whole addresses, and ours carry signatures.
    for chatter in ("httpx", "celery.app.trace", "celery.worker.strategy"):
        logging.getLogger(chatter).setLevel(logging.WARNING)
