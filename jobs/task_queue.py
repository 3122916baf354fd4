"""Work for the workers of all machines, over Redis (REDIS_URL): how it is handed on, and whether anybody takes it.

A task is named, carries ids only, and may run twice or never: the row is the truth, and sweeping finds what was lost.
"""

import logging
import uuid
from datetime import timedelta
from typing import Any, Literal

import redis
from celery import Celery
from celery.exceptions import CeleryError
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = logging.getLogger("yousync.tasks")

Task = Literal["advance", "compute_features"]

# What workers wrote here while they swept is good for so long; without it each API process works for itself.
SERVED_FOR_S = 15.0
# A task that nobody has taken by then has been found by a sweep, and goes.
EXPIRES_S = 30.0
# Beyond the longest task, or Redis would give it to a second worker.
_VISIBLE_AGAIN_S = 1800.0
_PREFIX = "yousync:tasks:"
_SERVED = "yousync:served"
_TIMEOUT_S = 1.0
_ERRORS = (CeleryError, KombuError, RedisError, OSError)


def make_app(redis_url: str, **changes: Any) -> Celery:
    """Celery over one Redis: JSON, tasks acknowledged when they are done, one at a time, nothing kept of results."""
    app = Celery("yousync", broker=redis_url, set_as_current=False)
    app.conf.update(
        task_default_queue="tasks",
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        broker_connection_timeout=3.0,
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "global_keyprefix": _PREFIX,
            "visibility_timeout": _VISIBLE_AGAIN_S,
            "socket_connect_timeout": _TIMEOUT_S,
            # A worker waits for a second at a time: it needs more patience than that.
            "socket_timeout": 5 * _TIMEOUT_S,
            "health_check_interval": 10,
        },
        **changes,
    )
    return app


class TaskQueue:
    """One process's way to the workers. Blocks for about a second at most; callable from any thread."""

    def __init__(self, redis_url: str) -> None:
        self._app = make_app(redis_url)
        self._app.conf.broker_transport_options["socket_timeout"] = _TIMEOUT_S
        self._redis = redis.Redis.from_url(redis_url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S)
        self._is_served: bool | None = None

    @property
    def is_served(self) -> bool:
        """Whether workers were at work when we last looked."""
        return bool(self._is_served)

    def look(self) -> bool:
        """Asks Redis whether workers are at work; False while it cannot be reached."""
        before = self._is_served
        try:
            self._is_served = bool(self._redis.exists(_SERVED))
        except RedisError:
            self._is_served = False
        if before is not False and not self._is_served:
            log.warning("no worker is at work, or Redis is away: this process does everything itself")
        elif before is False and self._is_served:
            log.info("workers are at work")
        return self._is_served

    def mark_served(self, sweep_interval_s: float) -> None:
        """Says, from a worker, that work is being taken."""
        good_for = timedelta(seconds=max(SERVED_FOR_S, 3 * sweep_interval_s))
        try:
            self._redis.set(_SERVED, "1", px=good_for)
        except RedisError as error:
            log.warning("Redis cannot be told that workers are at work: %s", type(error).__name__)

    def send(self, task: Task, id_: uuid.UUID | int) -> bool:
        """Hands on to a worker; False when it has to be done here."""
        if not self._is_served:
            return False
        argument = id_ if isinstance(id_, int) else str(id_)
        try:
            self._app.send_task(task, (argument,), expires=EXPIRES_S, retry=False)
        except _ERRORS as error:
            self._is_served = False
            log.warning("Redis takes no work; it is done here: %s", type(error).__name__)
            return False
        return True

    def close(self) -> None:
        self._app.close()
        self._redis.close()
