"""The job queue of many machines (REDIS_URL): servers accept jobs, and workers on any machine run them."""

import logging
from functools import partial
from typing import Any, Final
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from celery import Celery
from celery.exceptions import CeleryError
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from analysis.contract import AnalyzeRequest
from analysis.queueing.job_queue import JobQueue, QueueFullError, QueueLoad, QueueUnavailableError, StoppingError
from analysis.queueing.jobs import Job
from analysis.queueing.redis_jobs import KEY_PREFIX, PRIORITIES, QUEUE_NAME, REDIS_TIMEOUT_S, SEPARATOR, RedisJobs
from analysis.settings import Settings
from common.celery_app import make_celery

log = logging.getLogger(__name__)

TASK_NAME: Final = "analyze"
# Longer than the longest job. The job of a killed worker runs again sooner: its lease ends, and it is sent again.
_VISIBILITY_TIMEOUT_S: Final = 600.0
# Threads that send messages; Celery's client blocks.
_SENDER_THREADS: Final = 4


def make_app(redis_url: str, **changes: Any) -> Celery:
    """Returns a Celery app on one Redis. A message is a job_id, acknowledged when the job has ended; 0 comes first."""
    transport = {
        "global_keyprefix": KEY_PREFIX,
        "sep": SEPARATOR,
        "priority_steps": list(PRIORITIES),
        "queue_order_strategy": "priority",
        "visibility_timeout": _VISIBILITY_TIMEOUT_S,
        "socket_timeout": 2 * REDIS_TIMEOUT_S,
    }
    return make_celery(
        "analysis",
        redis_url,
        queue=QUEUE_NAME,
        transport=transport,
        connect_timeout_s=REDIS_TIMEOUT_S,
        task_default_priority=0,
        **changes,
    )


class RedisQueue(JobQueue):
    """Accepts jobs and reads their state; the workers of `analysis.queueing.tasks` run them."""

    def __init__(self, settings: Settings, redis_url: str) -> None:
        super().__init__(settings.analysis_queue_size)
        self._jobs = RedisJobs(redis_url, settings.analysis_webhook_window_s)
        self._celery = make_app(redis_url)
        self._senders = CapacityLimiter(_SENDER_THREADS)

    def start(self) -> None:
        """Starts nothing: workers run the jobs."""

    async def close(self) -> None:
        self.stopping = True
        self._celery.close()
        await self._jobs.close()

    async def submit(self, request: AnalyzeRequest) -> None:
        if self.stopping:
            raise StoppingError
        try:
            known = await self._jobs.find(request.job_id)
            if known and not (known.is_abandoned or known.job.may_run_again):
                return
            waiting, _ = await self._jobs.load()
            if waiting >= self.size:
                raise QueueFullError
            if await self._jobs.accept(request, known):
                await self._send(request)
        except (RedisError, OSError) as error:
            raise self._unavailable(error) from error

    async def find(self, job_id: UUID) -> Job | None:
        try:
            record = await self._jobs.find(job_id)
        except (RedisError, OSError) as error:
            raise self._unavailable(error) from error
        return None if record is None or record.is_abandoned else record.job

    async def load(self) -> QueueLoad:
        try:
            waiting, processes = await self._jobs.load()
        except (RedisError, OSError) as error:
            raise self._unavailable(error) from error
        return QueueLoad(waiting, processes, processes)

    async def _send(self, request: AnalyzeRequest) -> None:
        arguments = (str(request.job_id),)
        send = partial(self._celery.send_task, TASK_NAME, arguments, priority=request.priority, retry=False)
        try:
            await to_thread.run_sync(send, limiter=self._senders)
        except (CeleryError, KombuError) as error:
            await self._jobs.withdraw(request.job_id)
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> QueueUnavailableError:
        log.warning("the queue in Redis cannot be reached: %s", type(error).__name__)
        return QueueUnavailableError()
