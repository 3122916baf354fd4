"""One machine of the many that work off the shared queue: runs jobs, keeps their leases, sends their webhooks."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Coroutine
from typing import Any, Final
from uuid import UUID

import httpx
from redis.exceptions import RedisError

from analysis.contract import AnalyzeRequest
from analysis.net.download import make_client
from analysis.net.signatures import Signer
from analysis.net.webhook import Delivery
from analysis.processes.pipeline import Pipeline
from analysis.processes.pool import PoolClosedError
from analysis.queueing.jobs import Job
from analysis.queueing.redis_jobs import LEASE_S, SharedJobs
from analysis.settings import Settings

log = logging.getLogger(__name__)

_RENEW_EVERY_S: Final = LEASE_S / 3
# What webhooks that are still to be sent get when the worker stops; the API server asks for the rest.
_PARTING_S: Final = 3.0


class SharedWorker:
    """Belongs to one event loop. `run` may be called many times at once."""

    def __init__(self, settings: Settings, redis_url: str) -> None:
        self._settings = settings
        self._name = uuid.uuid4().hex
        self._signer = Signer(settings.webhook_secrets)
        self._client: httpx.AsyncClient = make_client(settings.analysis_private_networks)
        self._pipeline = Pipeline(settings, self._client)
        self._jobs = SharedJobs(redis_url, settings.analysis_webhook_window_s)
        self._deliveries: set[asyncio.Task[None]] = set()
        self._announcing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Starts the processes."""
        self._pipeline.start()

    def announce(self) -> None:
        """Says from now on that this machine takes jobs."""
        self._announcing = asyncio.create_task(self._announce())

    async def close(self) -> None:
        """Ends everything; jobs that are not finished go back."""
        if self._announcing:
            self._announcing.cancel()
        await self._pipeline.close()
        if self._deliveries:
            await asyncio.wait(self._deliveries, timeout=_PARTING_S)
        for task in self._deliveries:
            task.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)
        await self._client.aclose()
        await self._jobs.close()

    async def run(self, job_id: UUID) -> None:
        """Takes a job to its end, unless it has ended, is unknown or somebody else's. Its webhooks go on behind."""
        owner = f"{self._name}.{uuid.uuid4().hex}"
        try:
            request = await self._jobs.claim(job_id, owner)
        except (RedisError, OSError) as error:
            log.warning("job %s cannot be taken and will be handed over anew: %s", job_id, type(error).__name__)
            return
        if request is None:
            return
        job = Job(job_id)
        delivery = Delivery(self._client, self._signer, request.webhook_url, self._settings.analysis_webhook_window_s)
        sending = self._spawn(delivery.run())
        body = await self._run_held(job, owner, request, delivery)
        if body is not None and await self._is_noted(job, owner):
            delivery.finish(body)
        else:
            sending.cancel()

    async def _run_held(self, job: Job, owner: str, request: AnalyzeRequest, delivery: Delivery) -> bytes | None:
        """Runs while the lease is held; None when somebody else has taken the job over, or this worker stops."""
        changed = asyncio.Event()

        def report(body: bytes) -> None:
            delivery.progress(body)
            changed.set()

        running = asyncio.create_task(job.run(request, self._pipeline, report))
        holding = asyncio.create_task(self._hold(job, owner, changed))
        try:
            await asyncio.wait({running, holding}, return_when=asyncio.FIRST_COMPLETED)
            return running.result() if running.done() else None
        except PoolClosedError:
            return None
        finally:
            for task in (running, holding):
                task.cancel()
            await asyncio.gather(running, holding, return_exceptions=True)

    async def _hold(self, job: Job, owner: str, changed: asyncio.Event) -> None:
        """Notes each change and renews the lease; ends when it is lost. While Redis is away, the work goes on."""
        while True:
            try:
                if job.status == "processing" and not await self._jobs.note(job, owner):
                    log.warning("job %s is somebody else's by now", job.job_id)
                    return
            except (RedisError, OSError) as error:
                log.warning("the state of job %s cannot be noted: %s", job.job_id, type(error).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_RENEW_EVERY_S):
                    await changed.wait()
            changed.clear()

    async def _is_noted(self, job: Job, owner: str) -> bool:
        """Writes the end down; it is also told when Redis is away, but not when another has taken the job over."""
        try:
            return await self._jobs.note(job, owner)
        except (RedisError, OSError) as error:
            log.warning("the state of job %s cannot be noted: %s", job.job_id, type(error).__name__)
            return True

    async def _announce(self) -> None:
        while True:
            if self._pipeline.ready:
                with contextlib.suppress(RedisError, OSError):
                    await self._jobs.announce(self._name, self._pipeline.engines.size)
            await asyncio.sleep(_RENEW_EVERY_S if self._pipeline.ready else 0.2)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)
        return task
