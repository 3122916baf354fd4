"""The queue of tasks for the workers of all machines, over Redis (REDIS_URL), and the workers' heartbeat.

A task has a name, carries ids only, and may run twice or never: the row is the truth, and a sweep finds what was lost.
"""

import logging
import uuid
from datetime import timedelta
from typing import Any, Literal

from celery import Celery
from celery.exceptions import CeleryError
from kombu.exceptions import KombuError

from common.celery_app import make_celery
from core.redis_clients import RedisError, make_client

log = logging.getLogger("yousync.tasks")

Task = Literal["advance", "compute_features"]

# Workers renew their heartbeat while they sweep; without it each API process runs all tasks itself.
HEARTBEAT_TTL_S = 15.0
# A sweep finds a task that no worker has taken by then; the message is dropped.
EXPIRES_S = 30.0
# Longer than the longest task: after this time Redis gives an unacknowledged task to a second worker.
_VISIBILITY_TIMEOUT_S = 1800.0
_PREFIX = "yousync:tasks:"
_HEARTBEAT_KEY = "yousync:served"
_TIMEOUT_S = 1.0
_ERRORS = (CeleryError, KombuError, RedisError, OSError)


def make_app(redis_url: str, **changes: Any) -> Celery:
    """Returns a Celery app over one Redis: JSON, late acknowledgement, no prefetch, no results."""
    transport = {
        "global_keyprefix": _PREFIX,
        "visibility_timeout": _VISIBILITY_TIMEOUT_S,
        "socket_timeout": 5 * _TIMEOUT_S,
    }
    return make_celery(
        "yousync",
        redis_url,
        queue="tasks",
        transport=transport,
        connect_timeout_s=_TIMEOUT_S,
        task_reject_on_worker_lost=True,
        **changes,
    )


class TaskQueue:
    """Sends tasks to the workers. Blocks for about a second at most; callable from any thread."""

    def __init__(self, redis_url: str) -> None:
        self._app = make_app(redis_url)
        self._app.conf.broker_transport_options["socket_timeout"] = _TIMEOUT_S
        self._redis = make_client(redis_url, timeout_s=_TIMEOUT_S)
        self._has_workers: bool | None = None

    @property
    def has_workers(self) -> bool:
        """True when there was a heartbeat when `read_heartbeat` was last called, and no failure since."""
        return bool(self._has_workers)

    def read_heartbeat(self) -> bool:
        """Returns whether workers are running; False while Redis is unavailable."""
        before = self._has_workers
        try:
            self._has_workers = bool(self._redis.exists(_HEARTBEAT_KEY))
        except RedisError:
            self._has_workers = False
        if before is not False and not self._has_workers:
            log.warning("no worker is running, or Redis is unavailable: this process runs all tasks itself")
        elif before is False and self._has_workers:
            log.info("workers are running")
        return self._has_workers

    def write_heartbeat(self, sweep_interval_s: float) -> None:
        """Tells all processes, from a worker, that workers are running."""
        ttl = timedelta(seconds=max(HEARTBEAT_TTL_S, 3 * sweep_interval_s))
        try:
            self._redis.set(_HEARTBEAT_KEY, "1", px=ttl)
        except RedisError as error:
            log.warning("the heartbeat of the workers cannot be written to Redis: %s", type(error).__name__)

    def send(self, task: Task, id_: uuid.UUID | int) -> bool:
        """Queues a task; False when there is no worker or no Redis, so that the caller has to run it."""
        if not self._has_workers:
            return False
        argument = id_ if isinstance(id_, int) else str(id_)
        try:
            self._app.send_task(task, (argument,), expires=EXPIRES_S, retry=False)
        except _ERRORS as error:
            self._has_workers = False
            log.warning("a task cannot be queued in Redis, this process runs it: %s", type(error).__name__)
            return False
        return True

    def close(self) -> None:
        self._app.close()
        self._redis.close()
