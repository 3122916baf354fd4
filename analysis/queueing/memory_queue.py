"""The job queue of a single server: bounded, in memory, with the coroutines that run the jobs and the ended jobs."""

import asyncio
import itertools
import time
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

import httpx

from analysis.contract import AnalyzeRequest
from analysis.net.webhook import Delivery
from analysis.processes.pipeline import Pipeline
from analysis.processes.pool import PoolClosedError
from analysis.queueing.coroutines import CoroutineGroup
from analysis.queueing.job_queue import JobQueue, QueueFullError, QueueLoad, StoppingError
from analysis.queueing.jobs import Job
from analysis.settings import Settings
from analysis.telemetry.tracing import QueuedSpan
from common.webhook_signatures import Signer


@dataclass
class _Entry:
    """A job with its request, its webhooks and its span."""

    job: Job
    request: AnalyzeRequest
    delivery: Delivery
    span: QueuedSpan
    finished_at: float = 0.0
    sending: asyncio.Task[None] | None = None


class MemoryQueue(JobQueue):
    """Accepts, runs and keeps jobs in this process; a lower priority number runs first."""

    def __init__(self, settings: Settings, pipeline: Pipeline, client: httpx.AsyncClient, signer: Signer) -> None:
        super().__init__(settings.analysis_queue_size)
        self._settings, self._pipeline, self._client, self._signer = settings, pipeline, client, signer
        self._entries: OrderedDict[UUID, _Entry] = OrderedDict()
        self._waiting: asyncio.PriorityQueue[tuple[int, int, _Entry]] = asyncio.PriorityQueue(self.size)
        self._numbers = itertools.count()
        self._background = CoroutineGroup()

    def start(self) -> None:
        """Starts two runners for each engine process, so that one downloads while the other computes."""
        for _ in range(2 * self._settings.analysis_workers):
            self._background.start(self._run_jobs())

    async def close(self) -> None:
        """Drops jobs that have not ended (the API server sends them again) and ends all coroutines."""
        self.stopping = True
        await self._background.close()

    async def submit(self, request: AnalyzeRequest) -> None:
        if self.stopping:
            raise StoppingError
        known = self._entries.get(request.job_id)
        if known and not known.job.may_run_again:
            return
        delivery = Delivery(self._client, self._signer, request.webhook_url, self._settings.analysis_webhook_window_s)
        entry = _Entry(Job(request.job_id), request, delivery, QueuedSpan(request.job_id))
        try:
            self._waiting.put_nowait((request.priority, next(self._numbers), entry))
        except asyncio.QueueFull as error:
            raise QueueFullError from error
        if known and known.sending:
            known.sending.cancel()
        self._entries[request.job_id] = entry
        entry.sending = self._background.start(delivery.run())
        self._drop_old_jobs()

    async def find(self, job_id: UUID) -> Job | None:
        entry = self._entries.get(job_id)
        return entry.job if entry else None

    async def load(self) -> QueueLoad:
        engines = self._pipeline.engines
        return QueueLoad(self._waiting.qsize(), engines.ready, engines.size)

    async def _run_jobs(self) -> None:
        while True:
            _, _, entry = await self._waiting.get()
            try:
                with entry.span.resume_trace():
                    body = await entry.job.run(entry.request, self._pipeline, entry.delivery.progress)
            except PoolClosedError:
                return
            entry.finished_at = time.monotonic()
            entry.delivery.finish(body)

    def _drop_old_jobs(self) -> None:
        """Drops results that were delivered some time ago; beyond the limit also others, first those delivered."""
        horizon = time.monotonic() - self._settings.analysis_delivered_kept_s
        ended = [(job_id, entry) for job_id, entry in self._entries.items() if entry.job.body is not None]
        ended.sort(key=lambda item: not item[1].delivery.accepted)
        excess = len(self._entries) - self._settings.analysis_kept_results
        for number, (job_id, entry) in enumerate(ended):
            if number < excess or (entry.delivery.accepted and entry.finished_at < horizon):
                del self._entries[job_id]
