"""The life of a job: accepted → stored → dispatched → (stages of the analysis) → completed | failed.

The row is the truth and every step may run twice. A step that fails is retried, with backoff, by the sweeper, from row
and spool; a job that cannot succeed in time ends as failed, with a code.
"""

import logging
import random
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from common.jitter import jittered
from core.errors import JobNotFound
from core.settings import Settings
from core.telemetry.tracing import note_job, tracer
from events.snapshot import Snapshot
from jobs.analysis_client import (
    LAST_PRIORITY,
    AnalysisClient,
    AnalysisFull,
    AnalysisRejected,
    AnalysisUnavailable,
    JobUnknown,
)
from jobs.spool import Spool
from jobs.state import ClaimedJob, JobStates
from jobs.task_queue import TaskQueue
from jobs.webhook_payloads import AnalysisReport
from models import COMPLETED, FAILED
from utils_s3 import ObjectStore

log = logging.getLogger("yousync.jobs")

# Failures caused by the analysis server's surroundings: the same recording may succeed on the next attempt.
RETRYABLE_FAILURES = ("audio_fetch_failed", "analysis_crashed", "analysis_timeout", "analysis_shutdown")
# Upper bound for the Retry-After of the analysis server.
MAX_RETRY_AFTER_S = 300.0


class Jobs:
    """Moves jobs from state to state. Every method blocks and belongs in a thread."""

    def __init__(
        self,
        settings: Settings,
        states: JobStates,
        store: ObjectStore,
        analysis: AnalysisClient,
        spool: Spool,
        queue: TaskQueue | None = None,
    ) -> None:
        """Jobs whose recording is stored continue in the workers of `queue`, if there is a queue with workers."""
        self._queue = queue
        self._settings = settings
        self._states = states
        self._store = store
        self._analysis = analysis
        self._spool = spool
        self._queue_full_until = 0.0

    def resume(self) -> None:
        """Makes the jobs due at start-up that the previous server process left unfinished."""
        self._states.make_all_due()

    def due(self, limit: int = 50, *, only_here: bool = False) -> list[uuid.UUID]:
        """Returns jobs whose lease or pause is over, oldest first; jobs to dispatch are left out while the
        analysis queue is full.

        only_here: only the jobs that no other machine can move, because the recording is in this spool.
        """
        return self._states.due(limit, with_hand_overs=self._may_have_room(), only_here=only_here)

    def waiting(self) -> tuple[dict[str, int], float]:
        """Counts unfinished jobs by what they wait for; and the age of the oldest in seconds."""
        return self._states.waiting()

    def newer_than(self, known: Mapping[uuid.UUID, int]) -> list[Snapshot]:
        """Returns the current states of the jobs whose version is greater than the known one."""
        return self._states.newer_than(known)

    @tracer.start_as_current_span("advance job")
    def advance(self, job_id: uuid.UUID) -> None:
        """Takes a job as far as possible now: store, dispatch, or ask for a late report. Safe to call at any time."""
        note_job(job_id)
        job = self._states.claim(job_id, with_hand_overs=self._may_have_room())
        if job is None:
            return
        try:
            if not job.is_stored and not job.is_here and self._is_overdue(job):
                self._fail(job, "storage_failed")
            elif job.is_dispatched:
                self._reconcile(job)
            else:
                self._store_and_dispatch(job)
        except (BotoCoreError, ClientError, AnalysisUnavailable, OSError) as error:
            self._retry_later(job, error)
        except AnalysisRejected as error:
            self._fail(job, error.code)

    def apply_report(self, report: AnalysisReport, message_id: str | None = None) -> bool:
        """Applies a report; False when it changes nothing (duplicate, late, out of order). Raises JobNotFound.

        message_id: the sender's id of a webhook; None for a report that was asked for.
        """
        note_job(report.job_id)
        match report.type:
            case "analysis.completed":
                assert report.result is not None  # the schema guarantees it
                changed = self._clean_up_after(report.job_id, self._states.complete(report.job_id, report.result))
            case "analysis.failed":
                changed = self._apply_failure(report, message_id)
            case "analysis.progress":
                changed = self._states.record_progress(report)
        if not changed and not self._states.exists(report.job_id):
            raise JobNotFound
        return changed

    def clean_spool(self, age_s: float) -> None:
        """Removes recordings of that age that no unfinished job needs."""
        for job_id in self._spool.older_than(age_s):
            if not self._states.needs_spool(job_id):
                self._spool.remove(job_id)

    def _store_and_dispatch(self, job: ClaimedJob) -> None:
        if job.is_stored or (self._store_recording(job) and not self._queue_for_worker(job)):
            self._dispatch(job)

    def _queue_for_worker(self, job: ClaimedJob) -> bool:
        """Queues a stored job for a worker of any machine; False when there is none, and the caller has to go on."""
        if self._queue is None or not self._queue.has_workers:
            return False
        # The lease is released first; otherwise the worker could not claim the job.
        self._states.release(job)
        if not self._queue.send("advance", job.job_id):
            self.advance(job.job_id)
        return True

    def _dispatch(self, job: ClaimedJob) -> None:
        if job.attempts >= self._settings.job_attempts_max:
            self._fail(job, "analysis_failed")
            return
        if job.attempts and self._store.size(job.key) is None:
            # A store that is down or has lost the recording must not use up the attempts of the analysis.
            self._fail(job, "recording_lost")
            return
        if (wait_s := self._queue_full_until - time.monotonic()) > 0:
            raise AnalysisFull(wait_s)
        line = job.line
        reference = self._store.sign_get(line.audio_url, internal=True) if line.audio_url else None
        recording = self._store.sign_get(job.key, internal=True)
        try:
            self._analysis.analyze(
                job.job_id, recording, replace(line, audio_url=reference), min(job.older_jobs, LAST_PRIORITY)
            )
        except AnalysisFull as full:
            self._queue_full_until = time.monotonic() + min(full.retry_after_s or 0.0, MAX_RETRY_AFTER_S)
            raise
        self._states.mark_dispatched(job)

    def _may_have_room(self) -> bool:
        """Returns whether the analysis server may have room. Asking for each waiting job would cost too much."""
        return time.monotonic() >= self._queue_full_until

    @tracer.start_as_current_span("store recording")
    def _store_recording(self, job: ClaimedJob) -> bool:
        """Copies the spool's file to the object store; False when the job ended, was taken over or lost its file."""
        path = self._spool.path(job.job_id)
        if path.exists():
            with path.open("rb") as file:
                self._store.put(job.key, file, job.audio_type)
        elif self._store.size(job.key) is None:
            self._fail(job, "recording_lost")
            return False
        if self._states.mark_stored(job):
            self._spool.remove(job.job_id)
            return True
        if not self._states.exists(job.job_id):  # erased meanwhile, with its owner
            self._store.delete(job.key)
            self._spool.remove(job.job_id)
        return False

    def _reconcile(self, job: ClaimedJob) -> None:
        """Asks the analysis server for a late report; dispatches the job again when the server does not know it."""
        try:
            state = self._analysis.state(job.job_id)
        except JobUnknown:
            self._states.mark_undispatched(job)
            self._dispatch(job)
            return
        if state.get("status") not in (COMPLETED, FAILED):
            if self._is_overdue(job):
                self._fail(job, "analysis_unavailable")
            else:
                self._states.postpone(job, self._settings.job_report_timeout_s)
            return
        report = {"type": f"analysis.{state['status']}", **state, "job_id": job.job_id}
        try:
            self.apply_report(AnalysisReport.model_validate(report))
        except ValidationError as error:
            raise AnalysisUnavailable("state of unknown shape") from error

    def _apply_failure(self, report: AnalysisReport, message_id: str | None) -> bool:
        code = report.error.code if report.error else "analysis_failed"
        if code not in RETRYABLE_FAILURES:
            return self._clean_up_after(report.job_id, self._states.fail(report.job_id, code))
        if self._states.schedule_retry(report.job_id, message_id):
            return True
        return self._clean_up_after(report.job_id, self._states.fail_if_exhausted(report.job_id, code, message_id))

    def _retry_later(self, job: ClaimedJob, error: Exception) -> None:
        """Postpones a job, or fails an overdue one. Each has had an attempt, however long the server was down."""
        if self._is_overdue(job):
            self._fail(job, "analysis_unavailable" if job.is_stored else "storage_failed")
            return
        delay_s = self._retry_delay_s(job, error)
        log.warning("job %s waits %.1f s: %s", job.job_id, delay_s, error or type(error).__name__)
        self._states.postpone(job, delay_s)

    def _retry_delay_s(self, job: ClaimedJob, error: Exception) -> float:
        """Returns the server's Retry-After, or else the age of the job (so the delay doubles), bounded, with jitter.

        All jobs wait equally long for a full queue, and the oldest is sent first: none is overtaken indefinitely.
        """
        if isinstance(error, AnalysisFull):
            return min(error.retry_after_s or 0.0, MAX_RETRY_AFTER_S)
        if isinstance(error, AnalysisUnavailable) and error.retry_after_s:
            return min(error.retry_after_s, MAX_RETRY_AFTER_S) * random.uniform(1.0, 1.5)  # noqa: S311 - jitter
        return jittered(min(self._settings.job_retry_max_s, max(self._settings.job_retry_base_s, job.age_s)))

    def _is_overdue(self, job: ClaimedJob) -> bool:
        return job.age_s > self._settings.job_deadline_s

    def _fail(self, job: ClaimedJob, code: str) -> None:
        if self._clean_up_after(job.job_id, self._states.fail_claimed(job, code)):
            log.warning("job %s failed: %s", job.job_id, code)

    def _clean_up_after(self, job_id: uuid.UUID, changed: bool) -> bool:
        if changed:
            self._spool.remove(job_id)
        return changed
