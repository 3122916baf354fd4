"""The state machine of a job: accepted → stored → dispatched → (stages of the analysis) → completed | failed.

The row is the truth. It moves only by conditional UPDATE, `version` counts its changes, terminal states are final,
and every step may run twice. Whoever works on a job holds its lease (`lease_token`, good until `next_attempt_at`);
what a lost lease leaves behind is taken up again by the sweeper, from row and spool.
"""

import logging
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from analysis_client import AnalysisClient, AnalysisRejected, AnalysisUnavailable, Line, UnknownToAnalysis
from database import session_scope
from errors import JobNotFound
from events import Snapshot
from models import COMPLETED, FAILED, PROCESSING, AnalysisResult, Script, Token, utc_now
from schemas import AnalysisReport, ReportedResult
from settings import Settings
from spool import Spool
from utils_s3 import ObjectStore

log = logging.getLogger("yousync.jobs")

STORED_PROGRESS, DISPATCHED_PROGRESS = 8, 12
RESULT_COLUMNS = (*ReportedResult.model_fields,)
# Failures of the analysis server's own surroundings, which the same recording may well survive.
WORTH_ANOTHER_TRY = ("audio_fetch_failed", "analysis_crashed", "analysis_timeout", "analysis_shutdown")
# Time for the request that accepted a job to start on it itself, before the sweeper does.
HEAD_START_S = 5.0


@dataclass(frozen=True, slots=True)
class Work:
    """What the holder of a lease needs to know of its job."""

    job_id: uuid.UUID
    lease: uuid.UUID
    key: str
    audio_type: str
    is_stored: bool
    is_dispatched: bool
    attempts: int
    is_overdue: bool
    line: Line


class Jobs:
    """Moves jobs on. Every method blocks and belongs in a thread; sessions are short and its own."""

    def __init__(
        self,
        settings: Settings,
        sessions: sessionmaker[Session],
        store: ObjectStore,
        analysis: AnalysisClient,
        spool: Spool,
        publish: Callable[[Snapshot], None],
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._store = store
        self._analysis = analysis
        self._spool = spool
        self._publish = publish

    def advance(self, job_id: uuid.UUID) -> None:
        """Takes a job as far as it goes now: store, dispatch, or ask after a late answer. Safe to call at any time."""
        work = self._claim(job_id)
        if work is None:
            return
        try:
            if work.is_overdue:
                self._fail(work, "analysis_unavailable" if work.is_stored else "storage_failed")
            elif work.is_dispatched:
                self._reconcile(work)
            else:
                self._store_and_dispatch(work)
        except (BotoCoreError, ClientError, AnalysisUnavailable, OSError) as error:
            self._retry_later(work, error)
        except AnalysisRejected as error:
            self._fail(work, error.code)

    def due(self, limit: int = 50) -> list[uuid.UUID]:
        """Jobs that nobody has moved in time, oldest first."""
        query = (
            select(AnalysisResult.job_id)
            .where(
                AnalysisResult.status == PROCESSING,
                AnalysisResult.next_attempt_at <= utc_now(),
                self._within_reach(),
            )
            .order_by(AnalysisResult.next_attempt_at)
            .limit(limit)
        )
        with session_scope(self._sessions) as session:
            return list(session.scalars(query))

    def apply_report(self, report: AnalysisReport) -> bool:
        """Takes a webhook; False when it changes nothing (duplicate, late, out of order). Raises JobNotFound."""
        match report.type:
            case "analysis.completed":
                changes = {name: getattr(report.result, name) for name in RESULT_COLUMNS}
                changed = self._finish(report.job_id, COMPLETED, changes)
            case "analysis.failed":
                code = report.error.code if report.error else "analysis_failed"
                changed = (code in WORTH_ANOTHER_TRY and self._try_again(report.job_id)) or self._finish(
                    report.job_id, FAILED, {"error_code": code}
                )
            case "analysis.progress":
                changed = self._note_progress(report)
        if not changed:
            self._require(report.job_id)
        return changed

    def clean_spool(self, age_s: float) -> int:
        """Removes recordings that no unfinished job needs; returns how many."""
        removed = 0
        for job_id in self._spool.older_than(age_s):
            needed = select(AnalysisResult.id).where(
                AnalysisResult.job_id == job_id,
                AnalysisResult.status == PROCESSING,
                AnalysisResult.audio_stored_at.is_(None),
            )
            with session_scope(self._sessions) as session:
                if session.scalar(needed) is None:
                    self._spool.remove(job_id)
                    removed += 1
        return removed

    def _within_reach(self) -> ColumnElement[bool]:
        """A recording that is not stored yet can be stored only by the machine it lies on; anybody may bury it."""
        return or_(
            AnalysisResult.audio_stored_at.is_not(None),
            AnalysisResult.spool_id == self._spool.id,
            AnalysisResult.created_at < utc_now() - timedelta(seconds=self._settings.job_deadline_s),
        )

    def _claim(self, job_id: uuid.UUID) -> Work | None:
        now, lease = utc_now(), uuid.uuid4()
        query = (
            update(AnalysisResult)
            .where(
                AnalysisResult.job_id == job_id,
                AnalysisResult.status == PROCESSING,
                self._within_reach(),
                or_(
                    AnalysisResult.next_attempt_at <= now,
                    # fresh: accepted, and not yet worked on by anybody
                    (AnalysisResult.lease_token.is_(None)) & (AnalysisResult.attempts == 0),
                ),
            )
            .values(lease_token=lease, next_attempt_at=now + timedelta(seconds=self._settings.job_lease_s))
            .returning(AnalysisResult)
        )
        with session_scope(self._sessions) as session:
            job = session.scalar(query)
            if job is None:
                return None
            token, language = session.execute(
                select(Token, Script.language).join(Token.script).where(Token.id == job.token_id)
            ).one()
            return Work(
                job_id=job_id,
                lease=lease,
                key=job.user_audio_s3_url,
                audio_type=job.audio_type,
                is_stored=job.audio_stored_at is not None,
                is_dispatched=job.dispatched_at is not None,
                attempts=job.attempts,
                is_overdue=now - job.created_at > timedelta(seconds=self._settings.job_deadline_s),
                line=Line(token.id, token.text, language, token.s3_url),
            )

    def _store_and_dispatch(self, work: Work) -> None:
        if not work.is_stored and not self._store_recording(work):
            return
        if work.attempts >= self._settings.job_attempts_max:
            self._fail(work, "analysis_failed")
            return
        reference = work.line.audio_url
        line = Line(
            work.line.token_id,
            work.line.text,
            work.line.language,
            self._store.sign_get(reference, internal=True) if reference else None,
        )
        self._analysis.analyze(work.job_id, self._store.sign_get(work.key, internal=True), line)
        now = utc_now()
        self._move(
            work,
            stage=func.coalesce(func.nullif(AnalysisResult.stage, "stored"), "dispatched"),
            progress=func.greatest(AnalysisResult.progress, DISPATCHED_PROGRESS),
            attempts=AnalysisResult.attempts + 1,
            dispatched_at=now,
            lease_token=None,
            next_attempt_at=now + timedelta(seconds=self._settings.job_report_timeout_s),
        )

    def _store_recording(self, work: Work) -> bool:
        """Spool → object store; False when the job has ended or is somebody else's by now."""
        path = self._spool.path(work.job_id)
        if path.exists():
            with path.open("rb") as file:
                self._store.put(work.key, file, work.audio_type)
        elif self._store.size(work.key) is None:
            self._fail(work, "recording_lost")
            return False
        moved = self._move(work, stage="stored", progress=STORED_PROGRESS, audio_stored_at=utc_now())
        if moved:
            self._spool.remove(work.job_id)
        elif self._is_erased(work.job_id):
            self._store.delete(work.key)
            self._spool.remove(work.job_id)
        return moved

    def _reconcile(self, work: Work) -> None:
        """Asks the analysis server when its report is late; hands the job over anew when it has forgotten it."""
        try:
            state = self._analysis.state(work.job_id)
        except UnknownToAnalysis:
            self._store_and_dispatch(work)
            return
        if state.get("status") in (COMPLETED, FAILED):
            try:
                report = {"type": f"analysis.{state['status']}", **state, "job_id": work.job_id}
                self.apply_report(AnalysisReport.model_validate(report))
            except ValidationError as error:
                raise AnalysisUnavailable("state of no known shape") from error
            return
        self._postpone(work, self._settings.job_report_timeout_s)

    def _retry_later(self, work: Work, error: Exception) -> None:
        """Exponential backoff by the age of the job, with full jitter on its upper half."""
        base, cap = self._settings.job_retry_base_s, self._settings.job_retry_max_s
        asked = getattr(error, "retry_after_s", None) or 0.0
        with session_scope(self._sessions) as session:
            age = session.scalar(
                select(func.extract("epoch", utc_now() - AnalysisResult.created_at)).where(
                    AnalysisResult.job_id == work.job_id
                )
            )
        delay = min(cap, max(base, float(age or 0.0)))
        log.warning("job %s waits %.1f s: %s", work.job_id, delay, type(error).__name__)
        self._postpone(work, max(asked, delay * random.uniform(0.5, 1.0)))  # noqa: S311 - jitter

    def _postpone(self, work: Work, delay_s: float) -> None:
        query = (
            update(AnalysisResult)
            .where(AnalysisResult.job_id == work.job_id, AnalysisResult.lease_token == work.lease)
            .values(next_attempt_at=utc_now() + timedelta(seconds=delay_s))
        )
        with session_scope(self._sessions) as session:
            session.execute(query)

    def _fail(self, work: Work, code: str) -> None:
        log.warning("job %s failed: %s", work.job_id, code)
        self._finish(work.job_id, FAILED, {"error_code": code})

    def _finish(self, job_id: uuid.UUID, status: str, changes: dict[str, Any]) -> bool:
        changes |= {"status": status, "stage": status, "message": None, "completed_at": utc_now()}
        if status == COMPLETED:
            changes["progress"] = 100
        moved = self._update(job_id, changes | {"lease_token": None}, AnalysisResult.status == PROCESSING)
        if moved:
            self._spool.remove(job_id)
        return moved

    def _try_again(self, job_id: uuid.UUID) -> bool:
        """Marks a dispatched job for another dispatch; False when it has had all its attempts."""
        query = (
            update(AnalysisResult)
            .where(
                AnalysisResult.job_id == job_id,
                AnalysisResult.status == PROCESSING,
                AnalysisResult.attempts < self._settings.job_attempts_max,
            )
            .values(
                dispatched_at=None,
                next_attempt_at=utc_now()
                + timedelta(seconds=self._settings.job_retry_base_s) * AnalysisResult.attempts,
            )
            .returning(AnalysisResult.id)
        )
        with session_scope(self._sessions) as session:
            return session.scalar(query) is not None

    def _note_progress(self, report: AnalysisReport) -> bool:
        """Progress never goes down; a report that adds nothing changes nothing."""
        progress = min(report.progress or 0, 99)
        changes = {
            "progress": progress,
            "stage": report.stage or AnalysisResult.stage,
            "message": report.message,
            "next_attempt_at": utc_now() + timedelta(seconds=self._settings.job_report_timeout_s),
        }
        is_newer = or_(
            AnalysisResult.progress < progress,
            (AnalysisResult.progress == progress) & (AnalysisResult.stage != (report.stage or AnalysisResult.stage)),
        )
        return self._update(report.job_id, changes, AnalysisResult.status == PROCESSING, is_newer)

    def _move(self, work: Work, **changes: Any) -> bool:
        """Changes a job only while it is unfinished and the lease is ours (the lease token fences)."""
        return self._update(
            work.job_id,
            changes,
            AnalysisResult.status == PROCESSING,
            AnalysisResult.lease_token == work.lease,
        )

    def _update(self, job_id: uuid.UUID, changes: dict[str, Any], *conditions: Any) -> bool:
        query = (
            update(AnalysisResult)
            .where(AnalysisResult.job_id == job_id, *conditions)
            .values(version=AnalysisResult.version + 1, updated_at=utc_now(), **changes)
            .returning(*SNAPSHOT_COLUMNS)
        )
        with session_scope(self._sessions) as session:
            row = session.execute(query).one_or_none()
        if row is not None:
            self._publish(to_snapshot(row))
        return row is not None

    def _require(self, job_id: uuid.UUID) -> None:
        if self._is_erased(job_id):
            raise JobNotFound

    def _is_erased(self, job_id: uuid.UUID) -> bool:
        with session_scope(self._sessions) as session:
            return session.scalar(select(AnalysisResult.id).where(AnalysisResult.job_id == job_id)) is None


SNAPSHOT_COLUMNS = (
    AnalysisResult.job_id,
    AnalysisResult.version,
    AnalysisResult.status,
    AnalysisResult.stage,
    AnalysisResult.progress,
    AnalysisResult.message,
    AnalysisResult.error_code,
    *(getattr(AnalysisResult, name) for name in RESULT_COLUMNS),
)


def to_snapshot(row: Any) -> Snapshot:
    """A row of SNAPSHOT_COLUMNS as its listeners see it; scores and feedback only once completed."""
    result = {name: getattr(row, name) for name in RESULT_COLUMNS} if row.status == COMPLETED else None
    return Snapshot(row.job_id, row.version, row.status, row.stage, row.progress, row.message, row.error_code, result)
