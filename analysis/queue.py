"""The jobs: a bounded queue, runners that work it off, and the memory of what became of each job."""

import asyncio
import json
import logging
import time
import zlib
from collections import OrderedDict
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx

from analysis.contract import AnalyzeRequest, JobStatus
from analysis.failures import RETRYABLE, AnalysisFailedError
from analysis.pipeline import Pipeline
from analysis.pool import PoolClosedError
from analysis.settings import Settings
from analysis.signatures import Signer
from analysis.tracing import JobTrace
from analysis.webhook import Delivery

log = logging.getLogger(__name__)

_MESSAGES: Final = {
    "queued": "Waiting for a free place.",
    "decoding": "Opening the recording.",
    "checking": "Checking the recording.",
    "pronunciation": "Listening to each sound.",
    "alignment": "Finding each word.",
    "prosody": "Following pitch and energy.",
    "scoring": "Putting the scores together.",
    "completed": "The analysis is complete.",
}
_KEPT_S: Final = 3600.0


class QueueFullError(Exception):
    """No room for another job."""


class StoppingError(Exception):
    """The server is shutting down."""


@dataclass
class Job:
    """One job. `body` is the terminal webhook, compressed; it is also the answer to GET."""

    request: AnalyzeRequest
    delivery: Delivery
    trace: JobTrace
    status: JobStatus = "queued"
    stage: str = "queued"
    message: str = _MESSAGES["queued"]
    progress: int = 0
    error_code: str | None = None
    body: bytes | None = None
    finished_at: float = 0.0
    sending: asyncio.Task[None] | None = None

    def state(self) -> bytes:
        """The job as JSON (contract.JobState)."""
        if self.body is not None:
            body: bytes = zlib.decompress(self.body)
            return b'{"status":"%s",' % self.status.encode() + body[1:]
        return _dump(
            job_id=str(self.request.job_id),
            status=self.status,
            progress=self.progress,
            stage=self.stage,
            message=self.message,
        )


class JobQueue:
    """Accepts, runs and remembers jobs."""

    def __init__(self, settings: Settings, pipeline: Pipeline, client: httpx.AsyncClient, signer: Signer) -> None:
        self._settings, self._pipeline, self._client, self._signer = settings, pipeline, client, signer
        self._jobs: OrderedDict[UUID, Job] = OrderedDict()
        self._waiting: asyncio.Queue[Job] = asyncio.Queue(settings.analysis_queue_size)
        self._tasks: set[asyncio.Task[None]] = set()
        self._guests = 0
        self.stopping = False

    @property
    def queued(self) -> int:
        """Jobs that wait for a runner."""
        return self._waiting.qsize()

    @property
    def size(self) -> int:
        """Jobs that may wait."""
        return self._settings.analysis_queue_size

    @property
    def full(self) -> bool:
        """No further job would be taken."""
        return self._waiting.full()

    @property
    def retry_after_s(self) -> int:
        """When to ask a full queue again: after a moment in which it does not run empty."""
        return max(1, min(5, self.size // 12))

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

    def submit(self, request: AnalyzeRequest) -> None:
        """Takes a job once; the same id again changes nothing unless it failed for a reason that may pass.

        Raises QueueFullError or StoppingError.
        """
        if self.stopping:
            raise StoppingError
        known = self._jobs.get(request.job_id)
        if known and (known.status != "failed" or known.error_code not in RETRYABLE):
            return
        delivery = Delivery(self._client, self._signer, request.webhook_url, self._settings.analysis_webhook_window_s)
        job = Job(request, delivery, JobTrace(request.job_id))
        try:
            self._waiting.put_nowait(job)
        except asyncio.QueueFull as error:
            raise QueueFullError from error
        if known and known.sending:
            known.sending.cancel()
        self._jobs[request.job_id] = job
        job.sending = self._spawn(delivery.run())
        self._forget_old()

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

    def find(self, job_id: UUID) -> Job | None:
        """A job that is waiting, running or remembered."""
        return self._jobs.get(job_id)

    async def _work(self) -> None:
        while True:
            job = await self._waiting.get()
            try:
                with job.trace.running():
                    result = await self._pipeline.analyze(job.request, lambda *news, job=job: self._report(job, *news))
            except AnalysisFailedError as error:
                self._fail(job, error)
            except PoolClosedError:
                return
            except Exception:
                log.exception("job %s failed in an unforeseen way", job.request.job_id)
                self._fail(job, AnalysisFailedError("analysis_crashed"))
            else:
                self._complete(job, result)

    def _report(self, job: Job, stage: str, progress: int) -> None:
        if progress <= job.progress:
            return
        job.trace.enter(stage)
        job.status, job.stage, job.progress = "processing", stage, progress
        job.message = _MESSAGES[stage]
        news = {"progress": progress, "stage": stage, "message": job.message}
        job.delivery.progress(_dump(type="analysis.progress", job_id=str(job.request.job_id), **news))

    def _complete(self, job: Job, result: bytes) -> None:
        head = _dump(
            type="analysis.completed",
            job_id=str(job.request.job_id),
            progress=100,
            stage="completed",
            message=_MESSAGES["completed"],
        )
        self._finish(job, "completed", "completed", head[:-1] + b',"result":' + result + b"}")

    def _fail(self, job: Job, error: AnalysisFailedError) -> None:
        log.warning("job %s failed: %s", job.request.job_id, error.code)
        job.error_code = error.code
        body = _dump(
            type="analysis.failed",
            job_id=str(job.request.job_id),
            progress=job.progress,
            stage="failed",
            message=error.message,
            error={"code": error.code, "message": error.message},
        )
        self._finish(job, "failed", "failed", body)

    def _finish(self, job: Job, status: JobStatus, stage: str, body: bytes) -> None:
        job.status, job.stage = status, stage
        job.body, job.finished_at = zlib.compress(body), time.monotonic()
        job.delivery.finish(body)

    def _forget_old(self) -> None:
        """Keeps the newest jobs; of the others first those that were taken and are older than an hour."""
        excess = len(self._jobs) - self._settings.analysis_kept_results
        if excess <= 0:
            return
        finished = [(job_id, job) for job_id, job in self._jobs.items() if job.body is not None]
        horizon = time.monotonic() - _KEPT_S
        finished.sort(key=lambda item: (not item[1].delivery.taken, item[1].finished_at > horizon))
        for job_id, _ in finished[:excess]:
            del self._jobs[job_id]

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _dump(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()
