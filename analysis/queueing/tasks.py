"""The Celery worker: `celery -A analysis.queueing.tasks worker`, any number of them on any machines.

Its tasks are threads that wait. The work is done by child processes with limits of their own, which one event loop
controls.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery.signals import setup_logging, worker_init, worker_ready, worker_shutdown

from analysis.queueing.redis_queue import TASK_NAME, make_app
from analysis.queueing.redis_worker import RedisWorker
from analysis.settings import get_settings
from analysis.telemetry.logs import configure_logging
from analysis.telemetry.tracing import start_tracing

settings = get_settings()
if settings.redis_url is None:
    raise SystemExit(
        "An analysis worker gets its jobs from Redis, so it needs REDIS_URL, the same as the analysis servers. "
        "Without Redis no worker is needed: the analysis server runs its jobs itself."
    )
REDIS_URL = settings.redis_url.get_secret_value()

app = make_app(
    REDIS_URL,
    worker_pool="threads",
    # Two for each engine process, so that one downloads while the other computes.
    worker_concurrency=2 * settings.analysis_workers,
)


class _WorkerState:
    """The event loop of this worker and the objects on it.

    The loop runs in a thread that lives as long as the worker: child processes die with the thread that started them.
    """

    loop: asyncio.AbstractEventLoop
    worker: RedisWorker
    stop_tracing: Callable[[], None]


@app.task(name=TASK_NAME)
def analyze(job_id: str) -> None:
    """Runs one job to its end."""
    asyncio.run_coroutine_threadsafe(_WorkerState.worker.run(UUID(job_id)), _WorkerState.loop).result()


@worker_init.connect
def _start(**_: Any) -> None:
    async def start_worker() -> None:
        _WorkerState.worker = RedisWorker(settings, REDIS_URL)
        _WorkerState.worker.start()

    _WorkerState.stop_tracing = start_tracing(settings.otel_exporter_otlp_endpoint, "yousync-analysis-worker")
    _WorkerState.loop = asyncio.new_event_loop()
    threading.Thread(target=_WorkerState.loop.run_forever, name="analysis", daemon=True).start()
    asyncio.run_coroutine_threadsafe(start_worker(), _WorkerState.loop).result()


@worker_ready.connect
def _announce(**_: Any) -> None:
    _WorkerState.loop.call_soon_threadsafe(_WorkerState.worker.announce)


@worker_shutdown.connect
def _stop(**_: Any) -> None:
    asyncio.run_coroutine_threadsafe(_WorkerState.worker.close(), _WorkerState.loop).result()
    _WorkerState.loop.call_soon_threadsafe(_WorkerState.loop.stop)
    _WorkerState.stop_tracing()


@setup_logging.connect
def _set_up_logging(**_: Any) -> None:
    configure_logging(settings.log_level, quiet=("celery.app.trace", "celery.worker.strategy"))
