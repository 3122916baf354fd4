"""A worker: `celery -A tasks.worker worker`, any number on any machines; and their scheduler, exactly once:
`celery -A tasks.worker beat`. Each process of a worker builds a container of its own, after the fork.
"""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery.signals import beat_init, setup_logging, worker_process_init, worker_process_shutdown, worker_ready

from container import WorkerContainer, build_worker_container
from core.response_cache import ResponseCache
from core.settings import get_settings
from core.telemetry.logs import configure_logging
from core.telemetry.metrics import Metrics, serve, tells_of_all
from core.telemetry.sentry import report_errors
from core.telemetry.tracing import new_traces, start_tracing
from events.bus import Publisher, make_publisher
from jobs.task_queue import EXPIRES_S, make_app
from tasks import maintenance

settings = get_settings()
if settings.redis_url is None:
    raise SystemExit(
        "A worker receives its tasks over Redis, so it needs REDIS_URL, the same as the API servers. "
        "Without Redis no worker is needed: the API server runs all tasks itself."
    )
if settings.worker_metrics_address and not tells_of_all():
    raise SystemExit(
        "WORKER_METRICS_ADDRESS shows what all processes of a worker count, so it needs PROMETHEUS_MULTIPROC_DIR, an "
        "empty folder of this worker's own."
    )
REDIS_URL = settings.redis_url.get_secret_value()
FEATURES_EVERY_S = 30.0
# Cleaning up lists a whole bucket; every other task ends within a minute.
_CLEAN_LIMITS = {"soft_time_limit": 1200, "time_limit": 1260}

app = make_app(
    REDIS_URL,
    task_soft_time_limit=settings.job_lease_s,
    task_time_limit=settings.job_lease_s + 30,
    worker_soft_shutdown_timeout=10.0,
    # Keeps no file that a crash could damage: what the scheduler forgets is in the tables.
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule={
        name: {"task": name, "schedule": every_s, "options": {"expires": max(every_s, EXPIRES_S)}}
        for name, every_s in {
            "sweep": settings.sweep_interval_s,
            "compute_due_features": FEATURES_EVERY_S,
            "fill_levels": FEATURES_EVERY_S,
            "clean": settings.clean_interval_s,
        }.items()
    },
)


class _Process:
    """The objects of this worker process."""

    container: WorkerContainer
    publisher: Publisher
    stop_tracing: Callable[[], None]


@app.task(name="advance")
def advance(job_id: str) -> None:
    maintenance.advance(_Process.container, UUID(job_id))


@app.task(name="sweep")
def sweep() -> None:
    """Queues every due job, and renews the heartbeat of the workers."""
    container = _Process.container
    for job_id in maintenance.due(container):
        with new_traces():
            advance.apply_async((str(job_id),), expires=EXPIRES_S)
    if container.queue:
        container.queue.write_heartbeat(settings.sweep_interval_s)


@app.task(name="compute_features")
def compute_features(token_id: int) -> None:
    maintenance.compute_features(_Process.container, token_id)


@app.task(name="compute_due_features")
def compute_due_features() -> None:
    maintenance.compute_due_features(_Process.container)


@app.task(name="fill_levels")
def fill_levels() -> None:
    maintenance.fill_levels(_Process.container)


@app.task(name="clean", **_CLEAN_LIMITS)
def clean() -> None:
    maintenance.clean(_Process.container)


@beat_init.connect
def _clean_at_start(**_: Any) -> None:
    """Cleans up at the start: a scheduler that is restarted often would never reach the first CLEAN_INTERVAL_S."""
    clean.apply_async(expires=settings.clean_interval_s)


@setup_logging.connect
def _log(**_: Any) -> None:
    configure_logging(settings.log_level, as_json=not settings.is_development)
    for chatter in ("celery.app.trace", "celery.beat", "celery.worker.strategy"):
        logging.getLogger(chatter).setLevel(logging.WARNING)


@worker_ready.connect
def _show_metrics(**_: Any) -> None:
    if settings.worker_metrics_address:
        serve(settings.worker_metrics_address)


@worker_process_init.connect
def _open(**_: Any) -> None:
    report_errors(settings.sentry_dsn, settings.environment)
    _Process.stop_tracing = start_tracing(settings.otel_exporter_otlp_endpoint, "yousync-worker")
    _Process.publisher = make_publisher(settings)
    cache = ResponseCache(settings.effective_cache_ttl_s, REDIS_URL)
    _Process.container = build_worker_container(settings, Metrics(), _Process.publisher.publish, cache, delegates=False)
    maintenance.check_database(_Process.container)


@worker_process_shutdown.connect
def _close(**_: Any) -> None:
    _Process.container.close()
    _Process.publisher.close()
    _Process.stop_tracing()
