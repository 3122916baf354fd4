"""The queue of many machines (REDIS_URL): the server accepts, and whichever machine has room runs the job."""

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
from analysis.queueing.jobs import Job
from analysis.queueing.memory_queue import JobQueue, Load, QueueAwayError, QueueFullError, StoppingError
from analysis.queueing.redis_jobs import PREFIX, PRIORITIES, QUEUE, SEPARATOR, SharedJobs
from analysis.settings import Settings

log = logging.getLogger(__name__)

TASK: Final = "analyze"
# Beyond the longest job. One whose worker was killed is taken up sooner: its lease ends, and it is handed over anew.
_VISIBLE_AGAIN_S: Final = 600.0
_TIMEOUT_S: Final = 2.0


def make_app(redis_url: str, **changes: Any) -> Celery:
    """Celery over one Redis, with priorities: 0 comes first. A message is a job_id, and is taken back when done."""
    app = Celery("analysis", broker=redis_url, set_as_current=False)
    app.conf.update(
        task_default_queue=QUEUE,
        task_default_priority=0,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        broker_connection_timeout=3.0,
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "global_keyprefix": PREFIX,
            "sep": SEPARATOR,
            "priority_steps": list(PRIORITIES),
            "queue_order_strategy": "priority",
            "visibility_timeout": _VISIBLE_AGAIN_S,
            "socket_connect_timeout": _TIMEOUT_S,
            # A worker waits for a second at a time: it needs more patience than that.
            "socket_timeout": 2 * _TIMEOUT_S,
            "health_check_interval": 10,
        },
        **changes,
    )
    return app


class SharedQueue(JobQueue):
    """Accepts jobs and tells of them; the machines of `analysis.queueing.tasks` run them."""

    def __init__(self, settings: Settings, redis_url: str) -> None:
        super().__init__(settings.analysis_queue_size)
        self._jobs = SharedJobs(redis_url, settings.analysis_webhook_window_s)
        self._celery = make_app(redis_url)
        self._senders = CapacityLimiter(4)

    def start(self) -> None:
        """Nothing: the work is done elsewhere."""

    async def close(self) -> None:
        self.stopping = True
        self._celery.close()
        await self._jobs.close()

    async def submit(self, request: AnalyzeRequest) -> None:
        if self.stopping:
            raise StoppingError
        try:
            known = await self._jobs.find(request.job_id)
            if known and not (known.is_forgotten or known.job.may_run_again):
                return
            waiting, _ = await self._jobs.load()
            if waiting >= self.size:
                raise QueueFullError
            if await self._jobs.accept(request, known):
                await self._send(request)
        except (RedisError, OSError) as error:
            raise self._away(error) from error

    async def find(self, job_id: UUID) -> Job | None:
        try:
            found = await self._jobs.find(job_id)
        except (RedisError, OSError) as error:
            raise self._away(error) from error
        return None if found is None or found.is_forgotten else found.job

    async def load(self) -> Load:
        try:
            waiting, processes = await self._jobs.load()
        except (RedisError, OSError) as error:
            raise self._away(error) from error
        return Load(waiting, processes, processes)

    async def _send(self, request: AnalyzeRequest) -> None:
        send = partial(self._celery.send_task, TASK, (str(request.job_id),), priority=request.priority, retry=False)
        try:
            await to_thread.run_sync(send, limiter=self._senders)
        except (CeleryError, KombuError) as error:
            await self._jobs.withdraw(request.job_id)
            raise self._away(error) from error

    def _away(self, error: Exception) -> QueueAwayError:
        log.warning("the queue in Redis cannot be reached: %s", type(error).__name__)
        return QueueAwayError()
