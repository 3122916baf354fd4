"""What happens to a job: accepted → stored → dispatched → (stages of the analysis) → completed | failed.

The row is the truth and every step may run twice. What fails waits, with backoff, for the sweeper, which takes
it up again from row and spool; what cannot succeed in time ends as failed, with a code.
"""

import logging
import random
import time
import uuid
from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

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
    Line,
    UnknownToAnalysis,
)
from jobs.spool import Spool
from jobs.state import JobStates, Work, jittered
from jobs.task_queue import TaskQueue
from jobs.webhook_payloads import AnalysisReport
from models import COMPLETED, FAILED
from utils_s3 import ObjectStore

log = logging.getLogger("yousync.jobs")

# Failures of the analysis server's own surroundings, which the same recording may well survive.
WORTH_ANOTHER_TRY = ("audio_fetch_failed", "analysis_crashed", "analysis_timeout", "analysis_shutdown")
# However long the analysis server asks to be left alone.
LONGEST_ASKED_S = 300.0


class Jobs:
    """Moves jobs on. Every method blocks and belongs in a thread."""

    def __init__(
        self,
        settings: Settings,
        states: JobStates,
        store: ObjectStore,
        analysis: AnalysisClient,
        spool: Spool,
        queue: TaskQueue | None = None,
    ) -> None:
        """Jobs whose recording is stored go on in the workers of `queue`, where there are any."""
        self._queue = queue
        self._settings = settings
        self._states = states
        self._store = store
        self._analysis = analysis
        self._spool = spool
        self._full_until = 0.0

    def resume(self) -> None:
        """At start-up: takes up at once what the server before left unfinished."""
        self._states.wake()

    def due(self, limit: int = 50, *, only_here: bool = False) -> list[uuid.UUID]:
        """Jobs that nobody has moved in time, oldest first; without those that a full analysis queue keeps waiting.

        `only_here`: those that nobody but this machine can move, for their recording lies in its spool.
        """
        return self._states.due(limit, with_hand_overs=self._is_open(), only_here=only_here)

    def waiting(self) -> tuple[dict[str, int], float]:
        """Unfinished jobs by what they wait for, and the age of the oldest in seconds."""
        return self._states.waiting()

    def newer_than(self, known: Mapping[uuid.UUID, int]) -> list[Snapshot]:
        """The present states of those jobs that have moved beyond the version that is known."""
        return self._states.newer_than(known)

    @tracer.start_as_current_span("advance job")
    def advance(self, job_id: uuid.UUID) -> None:
        """Takes a job as far as it goes now: store, dispatch, or ask after a late answer. Safe to call at any time."""
        note_job(job_id)
        work = self._states.claim(job_id, with_hand_overs=self._is_open())
        if work is None:
            return
        try:
            if not work.is_stored and not work.is_here and self._is_overdue(work):
                self._fail(work, "storage_failed")
            elif work.is_dispatched:
                self._reconcile(work)
            else:
                self._store_and_dispatch(work)
        except (BotoCoreError, ClientError, AnalysisUnavailable, OSError) as error:
            self._retry_later(work, error)
        except AnalysisRejected as error:
            self._fail(work, error.code)

    def apply_report(self, report: AnalysisReport) -> bool:
        """Takes a webhook; False when it changes nothing (duplicate, late, out of order). Raises JobNotFound."""
        note_job(report.job_id)
        match report.type:
            case "analysis.completed":
                assert report.result is not None  # the schema sees to it
                changed = self._ended(report.job_id, self._states.complete(report.job_id, report.result))
            case "analysis.failed":
                changed = self._take_failure(report)
            case "analysis.progress":
                changed = self._states.note_progress(report)
        if not changed and not self._states.exists(report.job_id):
            raise JobNotFound
        return changed

    def clean_spool(self, age_s: float) -> None:
        """Removes recordings of that age that no unfinished job needs."""
        for job_id in self._spool.older_than(age_s):
            if not self._states.needs_spool(job_id):
                self._spool.remove(job_id)

    def _store_and_dispatch(self, work: Work) -> None:
        if work.is_stored or (self._store_recording(work) and not self._hand_on(work)):
            self._dispatch(work)

    def _hand_on(self, work: Work) -> bool:
        """Leaves a stored job to a worker of whatever machine; False when it is still ours."""
        if self._queue is None or not self._queue.has_workers:
            return False
        # The lease goes first, or the worker would find the job taken.
        self._states.release(work)
        if not self._queue.send("advance", work.job_id):
            self.advance(work.job_id)
        return True

    def _dispatch(self, work: Work) -> None:
        if work.attempts >= self._settings.job_attempts_max:
            self._fail(work, "analysis_failed")
            return
        if work.attempts and self._store.size(work.key) is None:
            # A store that is down or has lost the recording must not use up the attempts of the analysis.
            self._fail(work, "recording_lost")
            return
        if (full_for_s := self._full_until - time.monotonic()) > 0:
            raise AnalysisFull(full_for_s)
        line = work.line
        reference = self._store.sign_get(line.audio_url, internal=True) if line.audio_url else None
        recording = self._store.sign_get(work.key, internal=True)
        try:
            line = Line(line.token_id, line.text, line.language, reference)
            self._analysis.analyze(work.job_id, recording, line, min(work.jobs_before, LAST_PRIORITY))
        except AnalysisFull as full:
            self._full_until = time.monotonic() + min(full.retry_after_s or 0.0, LONGEST_ASKED_S)
            raise
        self._states.mark_dispatched(work)

    def _is_open(self) -> bool:
        """Whether the analysis server may have room. Asking it for every job that waits would cost more than work."""
        return time.monotonic() >= self._full_until

    @tracer.start_as_current_span("store recording")
    def _store_recording(self, work: Work) -> bool:
        """Spool → object store; False when the job has ended, is somebody else's by now, or is lost."""
        path = self._spool.path(work.job_id)
        if path.exists():
            with path.open("rb") as file:
                self._store.put(work.key, file, work.audio_type)
        elif self._store.size(work.key) is None:
            self._fail(work, "recording_lost")
            return False
        if self._states.mark_stored(work):
            self._spool.remove(work.job_id)
            return True
        if not self._states.exists(work.job_id):  # erased meanwhile, with its owner
            self._store.delete(work.key)
            self._spool.remove(work.job_id)
        return False

    def _reconcile(self, work: Work) -> None:
        """Asks the analysis server when its report is late; hands the job over anew when it has forgotten it."""
        try:
            state = self._analysis.state(work.job_id)
        except UnknownToAnalysis:
            self._states.mark_forgotten(work)
            self._dispatch(work)
            return
        if state.get("status") not in (COMPLETED, FAILED):
            if self._is_overdue(work):
                self._fail(work, "analysis_unavailable")
            else:
                self._states.postpone(work, self._settings.job_report_timeout_s)
            return
        report = {"type": f"analysis.{state['status']}", **state, "job_id": work.job_id}
        try:
            self.apply_report(AnalysisReport.model_validate(report))
        except ValidationError as error:
            raise AnalysisUnavailable("state of no known shape") from error

    def _take_failure(self, report: AnalysisReport) -> bool:
        code = report.error.code if report.error else "analysis_failed"
        if code not in WORTH_ANOTHER_TRY:
            return self._ended(report.job_id, self._states.fail(report.job_id, code))
        if self._states.try_again(report.job_id):
            return True
        return self._ended(report.job_id, self._states.fail_worn_out(report.job_id, code))

    def _retry_later(self, work: Work, error: Exception) -> None:
        """Waits and fails what is overdue; every job has had one try before that, however long this server was away."""
        if self._is_overdue(work):
            self._fail(work, "analysis_unavailable" if work.is_stored else "storage_failed")
            return
        delay_s = self._pause_s(work, error)
        log.warning("job %s waits %.1f s: %s", work.job_id, delay_s, error or type(error).__name__)
        self._states.postpone(work, delay_s)

    def _pause_s(self, work: Work, error: Exception) -> float:
        """As long as was asked for, or about as long as the job is old (which doubles), within bounds, with jitter.

        A full queue is waited for by all alike and then asked by the oldest: no job is overtaken for ever.
        """
        if isinstance(error, AnalysisFull):
            return min(error.retry_after_s or 0.0, LONGEST_ASKED_S)
        if isinstance(error, AnalysisUnavailable) and error.retry_after_s:
            return min(error.retry_after_s, LONGEST_ASKED_S) * random.uniform(1.0, 1.5)  # noqa: S311 - jitter
        return jittered(min(self._settings.job_retry_max_s, max(self._settings.job_retry_base_s, work.age_s)))

    def _is_overdue(self, work: Work) -> bool:
        return work.age_s > self._settings.job_deadline_s

    def _fail(self, work: Work, code: str) -> None:
        if self._ended(work.job_id, self._states.give_up(work, code)):
            log.warning("job %s failed: %s", work.job_id, code)

    def _ended(self, job_id: uuid.UUID, changed: bool) -> bool:
        if changed:
            self._spool.remove(job_id)
        return changed
