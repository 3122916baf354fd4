"""The jobs that wait: a bounded queue of this process, runners that work it off, and the memory of each job's end."""

import asyncio
import itertools
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx

from analysis.contract import AnalyzeRequest
from analysis.net.signatures import Signer
from analysis.net.webhook import Delivery
from analysis.processes.pipeline import Pipeline
from analysis.processes.pool import PoolClosedError
from analysis.queueing.jobs import Job
from analysis.settings import Settings
from analysis.telemetry.tracing import Wait

_KEPT_S: Final = 3600.0


class QueueFullError(Exception):
    """No room for another job."""


class QueueAwayError(Exception):
    """The queue is on another machine, and cannot be reached."""


class StoppingError(Exception):
    """The server is shutting down."""


@dataclass(frozen=True)
class Load:
    """How much waits, and for how many processes."""

    queued: int
    workers_ready: int
    workers: int


class JobQueue(ABC):
    """What the server asks of its queue, wherever that is."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.stopping = False
        self._guests = 0

    @property
    def retry_after_s(self) -> int:
        """When to ask a full queue again: after a moment in which it does not run empty."""
        return max(1, min(5, self.size // 12))

    @contextmanager
    def room(self) -> Iterator[None]:
        """A place for work that is answered at once and does not queue. Raises QueueFullError."""
        if self._guests >= self.size:
            raise QueueFullError
        self._guests += 1
        try:
            yield
        finally:
            self._guests -= 1

    @abstractmethod
    async def submit(self, request: AnalyzeRequest) -> None:
        """Takes a job once; the same id again changes nothing unless it failed for a reason that may pass.

        Raises QueueFullError, QueueAwayError or StoppingError.
        """

    @abstractmethod
    async def find(self, job_id: UUID) -> Job | None:
        """A job that is waiting, running or remembered. Raises QueueAwayError."""

    @abstractmethod
    async def load(self) -> Load:
        """Raises QueueAwayError."""

    @abstractmethod
    def start(self) -> None:
        """Begins to work."""

    @abstractmethod
    async def close(self) -> None:
        """Ends all that was begun."""


@dataclass
class _Entry:
    """A job of this process, and how its webhooks fare."""

    job: Job
    request: AnalyzeRequest
    delivery: Delivery
    wait: Wait
    finished_at: float = 0.0
    sending: asyncio.Task[None] | None = None


class LocalQueue(JobQueue):
    """Accepts, runs and remembers jobs in this process; those of a low priority number first."""

    def __init__(self, settings: Settings, pipeline: Pipeline, client: httpx.AsyncClient, signer: Signer) -> None:
        super().__init__(settings.analysis_queue_size)
        self._settings, self._pipeline, self._client, self._signer = settings, pipeline, client, signer
        self._jobs: OrderedDict[UUID, _Entry] = OrderedDict()
        self._waiting: asyncio.PriorityQueue[tuple[int, int, _Entry]] = asyncio.PriorityQueue(self.size)
        self._numbers = itertools.count()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Starts the runners: two per process, so that one fetches while the other computes."""
        for _ in range(2 * self._settings.analysis_workers):
            self._spawn(self._work())

    async def close(self) -> None:
        """Drops what is not finished (its sender asks again) and ends all tasks."""
        self.stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def submit(self, request: AnalyzeRequest) -> None:
        if self.stopping:
            raise StoppingError
        known = self._jobs.get(request.job_id)
        if known and not known.job.may_run_again:
            return
        delivery = Delivery(self._client, self._signer, request.webhook_url, self._settings.analysis_webhook_window_s)
        entry = _Entry(Job(request.job_id), request, delivery, Wait(request.job_id))
        try:
            self._waiting.put_nowait((request.priority, next(self._numbers), entry))
        except asyncio.QueueFull as error:
            raise QueueFullError from error
        if known and known.sending:
            known.sending.cancel()
        self._jobs[request.job_id] = entry
        entry.sending = self._spawn(delivery.run())
        self._forget_old()

    async def find(self, job_id: UUID) -> Job | None:
        entry = self._jobs.get(job_id)
        return entry.job if entry else None

    async def load(self) -> Load:
        engines = self._pipeline.engines
        return Load(self._waiting.qsize(), engines.ready, engines.size)

    async def _work(self) -> None:
        while True:
            _, _, entry = await self._waiting.get()
            try:
                with entry.wait.over():
                    body = await entry.job.run(entry.request, self._pipeline, entry.delivery.progress)
            except PoolClosedError:
                return
            entry.finished_at = time.monotonic()
            entry.delivery.finish(body)

    def _forget_old(self) -> None:
        """Keeps the newest jobs; of the others first those that were taken and are older than an hour."""
        excess = len(self._jobs) - self._settings.analysis_kept_results
        if excess <= 0:
            return
        finished = [(job_id, entry) for job_id, entry in self._jobs.items() if entry.job.body is not None]
        horizon = time.monotonic() - _KEPT_S
        finished.sort(key=lambda item: (not item[1].delivery.taken, item[1].finished_at > horizon))
        for job_id, _ in finished[:excess]:
            del self._jobs[job_id]

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
