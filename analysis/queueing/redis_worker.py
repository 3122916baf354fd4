"""A worker on the Redis queue: runs jobs, keeps their leases, sends their webhooks."""

import asyncio
import contextlib
import logging
import uuid
from typing import Final
from uuid import UUID

import httpx
from redis.exceptions import RedisError

from analysis.contract import AnalyzeRequest
from analysis.net.download import make_client
from analysis.net.webhook import Delivery
from analysis.processes.pipeline import Pipeline
from analysis.processes.pool import PoolClosedError
from analysis.queueing.coroutines import CoroutineGroup
from analysis.queueing.jobs import Job
from analysis.queueing.redis_jobs import LEASE_S, RedisJobs
from analysis.settings import Settings
from common.webhook_signatures import Signer

log = logging.getLogger(__name__)

_RENEW_EVERY_S: Final = LEASE_S / 3
_READY_POLL_S: Final = 0.2
# Time for unsent webhooks when the worker stops; the API server asks for the others itself.
_STOP_GRACE_S: Final = 3.0


class RedisWorker:
    """Belongs to one event loop. `run` may be called concurrently."""

    def __init__(self, settings: Settings, redis_url: str) -> None:
        self._settings = settings
        self._name = uuid.uuid4().hex
        self._signer = Signer(settings.webhook_secrets)
        self._client: httpx.AsyncClient = make_client(settings.analysis_private_networks)
        self._pipeline = Pipeline(settings, self._client)
        self._jobs = RedisJobs(redis_url, settings.analysis_webhook_window_s)
        self._deliveries = CoroutineGroup()
        self._announcing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Starts the decoder and engine processes."""
        self._pipeline.start()

    def announce(self) -> None:
        """Starts to record in Redis, again and again, that this worker takes jobs."""
        self._announcing = asyncio.create_task(self._announce())

    async def close(self) -> None:
        """Ends everything; jobs that have not ended go back to the queue."""
        if self._announcing:
            self._announcing.cancel()
        await self._pipeline.close()
        await self._deliveries.close(_STOP_GRACE_S)
        await self._client.aclose()
        await self._jobs.close()

    async def run(self, job_id: UUID) -> None:
        """Runs a job to its end, unless it has ended, is unknown, or another worker has its lease.

        Its webhooks may still be sent after this returns.
        """
        owner = f"{self._name}.{uuid.uuid4().hex}"
        try:
            request = await self._jobs.claim(job_id, owner)
        except (RedisError, OSError) as error:
            log.warning("job %s cannot be claimed and will be sent again: %s", job_id, type(error).__name__)
            return
        if request is None:
            return
        job = Job(job_id)
        delivery = Delivery(self._client, self._signer, request.webhook_url, self._settings.analysis_webhook_window_s)
        sending = self._deliveries.start(delivery.run())
        body = await self._run_with_lease(job, owner, request, delivery)
        if body is not None and await self._save_end(job, owner):
            delivery.finish(body)
        else:
            sending.cancel()

    async def _run_with_lease(self, job: Job, owner: str, request: AnalyzeRequest, delivery: Delivery) -> bytes | None:
        """Runs the job while its lease is held.

        Returns None when another worker has taken the job over, or this worker stops.
        """
        changed = asyncio.Event()

        def send_progress(body: bytes) -> None:
            delivery.progress(body)
            changed.set()

        running = asyncio.create_task(job.run(request, self._pipeline, send_progress))
        renewing = asyncio.create_task(self._keep_lease(job, owner, changed))
        try:
            await asyncio.wait({running, renewing}, return_when=asyncio.FIRST_COMPLETED)
            return running.result() if running.done() else None
        except PoolClosedError:
            return None
        finally:
            for started in (running, renewing):
                started.cancel()
            await asyncio.gather(running, renewing, return_exceptions=True)

    async def _keep_lease(self, job: Job, owner: str, changed: asyncio.Event) -> None:
        """Saves each change and renews the lease; returns when the lease is lost.

        While Redis is unavailable, the job continues.
        """
        while True:
            try:
                if job.status == "processing" and not await self._jobs.update(job, owner):
                    log.warning("job %s was taken over by another worker", job.job_id)
                    return
            except (RedisError, OSError) as error:
                _warn_not_saved(job, error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_RENEW_EVERY_S):
                    await changed.wait()
            changed.clear()

    async def _save_end(self, job: Job, owner: str) -> bool:
        """Saves the end of a job. Returns False when another worker has taken it over, so that it sends no webhook.

        True also while Redis is unavailable.
        """
        try:
            return await self._jobs.update(job, owner)
        except (RedisError, OSError) as error:
            _warn_not_saved(job, error)
            return True

    async def _announce(self) -> None:
        while True:
            if self._pipeline.ready:
                with contextlib.suppress(RedisError, OSError):
                    await self._jobs.announce(self._name, self._pipeline.engines.size)
            await asyncio.sleep(_RENEW_EVERY_S if self._pipeline.ready else _READY_POLL_S)


def _warn_not_saved(job: Job, error: Exception) -> None:
    log.warning("the state of job %s cannot be saved: %s", job.job_id, type(error).__name__)
