"""The states of a job, and the only statements that change them.

Each is one conditional UPDATE: `version` counts the changes, terminal states are final, and doing a thing twice
does it once. Whoever works on a job holds its lease: `lease_token`, good until `next_attempt_at`. A worker whose
lease was taken over is fenced off, for its token no longer matches.
"""

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    UUID,
    Boolean,
    ColumnElement,
    Engine,
    Executable,
    Integer,
    Table,
    bindparam,
    case,
    column,
    func,
    or_,
    select,
    true,
    update,
    values,
)

from core.settings import Settings
from database import of_single_statements
from events.snapshot import Snapshot
from jobs.analysis_client import Line
from jobs.webhook_payloads import AnalysisReport, ReportedResult
from models import COMPLETED, FAILED, PROCESSING, AnalysisResult, Script, Token, utc_now

# Time for whoever a new or released job is meant for to start on it, before the sweeper does.
HEAD_START_S = 5.0
STORED_PROGRESS, DISPATCHED_PROGRESS = 8, 12
RESULT_COLUMNS = (*ReportedResult.model_fields,)
# Tables and not entities: no session here holds an object, and what asks for none costs half as much.
_jobs, _tokens, _scripts = (cast(Table, entity.__table__) for entity in (AnalysisResult, Token, Script))
SNAPSHOT_COLUMNS = (
    _jobs.c.job_id,
    _jobs.c.version,
    _jobs.c.status,
    _jobs.c.stage,
    _jobs.c.progress,
    _jobs.c.message,
    _jobs.c.error_code,
    *(_jobs.c[name] for name in RESULT_COLUMNS),
)
END_COLUMNS = (
    _jobs.c.created_at,
    _jobs.c.audio_stored_at,
    _jobs.c.dispatched_at,
    _jobs.c.completed_at,
)
_this_job = _jobs.c.job_id == bindparam("this_job")
_unfinished = _jobs.c.status == PROCESSING
_waits_for_hand_over = _jobs.c.audio_stored_at.is_not(None) & _jobs.c.dispatched_at.is_(None)
_lies_here = _jobs.c.audio_stored_at.is_(None) & (_jobs.c.spool_id == bindparam("here"))
# A recording that is not stored yet can be stored only by the machine it lies on; anybody may bury it.
_within_reach = or_(
    _jobs.c.audio_stored_at.is_not(None),
    _lies_here,
    _jobs.c.created_at < bindparam("overdue_before"),
)


@dataclass(frozen=True, slots=True)
class Work:
    """What the holder of a lease needs to know of its job; `jobs_before` of the same user have not ended, either."""

    job_id: uuid.UUID
    lease: uuid.UUID
    key: str
    audio_type: str
    is_stored: bool
    is_here: bool
    is_dispatched: bool
    attempts: int
    age_s: float
    jobs_before: int
    line: Line


def jittered(delay_s: float) -> float:
    """Between half of the delay and all of it, so that many who wait do not knock together."""
    return delay_s * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret


def to_snapshot(row: Any) -> Snapshot:
    """A row of SNAPSHOT_COLUMNS as its listeners see it; scores and feedback only once completed."""
    result = {name: getattr(row, name) for name in RESULT_COLUMNS} if row.status == COMPLETED else None
    return Snapshot(row.job_id, row.version, row.status, row.stage, row.progress, row.message, row.error_code, result)


def _advanced(before: str, stage: str, progress: int) -> dict[str, Any]:
    """The next stage of ours, unless the analysis has reported one of its own already."""
    return {
        "stage": func.coalesce(func.nullif(_jobs.c.stage, before), stage),
        "progress": func.greatest(_jobs.c.progress, progress),
    }


def _change(*conditions: ColumnElement[bool], **changes: Any) -> Executable:
    """Changes `this_job` in the eyes of its listeners, if it meets the conditions and has not ended."""
    return (
        update(_jobs)
        .where(_this_job, _unfinished, *conditions)
        .values(version=_jobs.c.version + 1, updated_at=bindparam("at"), **changes)
        .returning(*SNAPSHOT_COLUMNS, *END_COLUMNS)
    )


# What every recording goes through is built once: that costs more than to execute it.
_held = _jobs.c.lease_token == bindparam("lease")
_STORED = _change(_held, **_advanced("accepted", "stored", STORED_PROGRESS), audio_stored_at=bindparam("at"))
_DISPATCHED = _change(
    _held,
    **_advanced("stored", "dispatched", DISPATCHED_PROGRESS),
    attempts=_jobs.c.attempts + 1,
    dispatched_at=bindparam("at"),
    lease_token=None,
    next_attempt_at=bindparam("due_at"),
)
_OF_WORK = (
    "user_id",
    "token_id",
    "created_at",
    "user_audio_s3_url",
    "audio_type",
    "audio_stored_at",
    "spool_id",
    "dispatched_at",
    "attempts",
)
_is_new = _jobs.c.lease_token.is_(None) & (_jobs.c.attempts == 0)
_claimed = (
    update(_jobs)
    .where(
        _this_job,
        _unfinished,
        _within_reach,
        or_(_jobs.c.next_attempt_at <= bindparam("at"), _is_new),
        or_(bindparam("with_hand_overs", type_=Boolean), ~_waits_for_hand_over),
    )
    .values(lease_token=bindparam("lease"), next_attempt_at=bindparam("until"))
    .returning(*(_jobs.c[name] for name in _OF_WORK))
    .cte("claimed")
)
_before = select(func.count()).where(
    _unfinished,
    _jobs.c.user_id == _claimed.c.user_id,
    _jobs.c.created_at < _claimed.c.created_at,
)
_CLAIM = (
    select(
        _claimed,
        _tokens.c.text,
        _tokens.c.s3_url,
        _scripts.c.language,
        _before.scalar_subquery().label("jobs_before"),
    )
    .join(_tokens, _tokens.c.id == _claimed.c.token_id)
    .join(_scripts, _scripts.c.id == _tokens.c.script_id)
)


@cache
def _due(*, with_hand_overs: bool, only_here: bool) -> Executable:
    return (
        select(_jobs.c.job_id)
        .where(
            _unfinished,
            _jobs.c.next_attempt_at <= bindparam("at"),
            _lies_here if only_here else _within_reach,
            true() if with_hand_overs else ~_waits_for_hand_over,
        )
        .order_by(_jobs.c.created_at)
        .limit(bindparam("limit"))
    )


class JobStates:
    """Moves rows of `analysis_results` and publishes what listeners can see of it, after the commit. Blocks."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        spool_id: uuid.UUID,
        publish: Callable[[Snapshot], None],
        on_end: Callable[[Any], None] = lambda row: None,
    ) -> None:
        """`on_end` is given the row, SNAPSHOT_COLUMNS and END_COLUMNS, of each job that ends."""
        self._on_end = on_end
        self._settings = settings
        self._engine = of_single_statements(engine)
        self._spool_id = spool_id
        self._publish = publish

    def due(self, limit: int, *, with_hand_overs: bool = True, only_here: bool = False) -> list[uuid.UUID]:
        """Jobs that nobody has moved in time, the oldest first; if need be, without those waiting for a hand-over,
        or only those whose recording lies here and nowhere else."""
        query = _due(with_hand_overs=with_hand_overs, only_here=only_here)
        with self._engine.connect() as connection:
            return list(connection.scalars(query, {"at": utc_now(), "limit": limit} | self._reach()))

    def wake(self) -> None:
        """Makes this machine's unfinished jobs due: whoever held them here ended with the server before."""
        query = update(_jobs).where(_unfinished, _jobs.c.spool_id == self._spool_id).values(next_attempt_at=utc_now())
        with self._engine.connect() as connection:
            connection.execute(query)

    def claim(self, job_id: uuid.UUID, *, with_hand_overs: bool = True) -> Work | None:
        """Takes the lease of a job that is due or new; None when it has ended, is somebody else's now, or has to wait
        to be handed over.
        """
        now, lease = utc_now(), uuid.uuid4()
        asked = {
            "this_job": job_id,
            "lease": lease,
            "at": now,
            "until": now + timedelta(seconds=self._settings.job_lease_s),
            "with_hand_overs": with_hand_overs,
        }
        with self._engine.connect() as connection:
            job = connection.execute(_CLAIM, asked | self._reach()).one_or_none()
        if job is None:
            return None
        return Work(
            job_id=job_id,
            lease=lease,
            key=job.user_audio_s3_url,
            audio_type=job.audio_type,
            is_stored=job.audio_stored_at is not None,
            is_here=job.spool_id == self._spool_id,
            is_dispatched=job.dispatched_at is not None,
            attempts=job.attempts,
            age_s=(now - job.created_at).total_seconds(),
            jobs_before=job.jobs_before,
            line=Line(job.token_id, job.text, job.language, job.s3_url),
        )

    def mark_stored(self, work: Work) -> bool:
        return self._apply(_STORED, work.job_id, lease=work.lease)

    def mark_dispatched(self, work: Work) -> bool:
        due_at = utc_now() + timedelta(seconds=self._settings.job_report_timeout_s)
        return self._apply(_DISPATCHED, work.job_id, lease=work.lease, due_at=due_at)

    def mark_forgotten(self, work: Work) -> None:
        """The analysis server knows nothing of the job any more: it waits for another dispatch."""
        self._touch(work, dispatched_at=None)

    def postpone(self, work: Work, delay_s: float) -> None:
        """Gives a job a rest."""
        self._touch(work, next_attempt_at=utc_now() + timedelta(seconds=delay_s))

    def release(self, work: Work) -> None:
        """Lets anybody take a job that has not been handed over yet; the sweeper does when nobody else does."""
        self._touch(work, lease_token=None, next_attempt_at=utc_now() + timedelta(seconds=HEAD_START_S))

    def note_progress(self, report: AnalysisReport) -> bool:
        """Progress never goes down; a report that adds nothing changes nothing."""
        progress, stage = min(report.progress or 0, 99), report.stage or _jobs.c.stage
        is_newer = or_(
            _jobs.c.progress < progress,
            (_jobs.c.progress == progress) & (_jobs.c.stage != stage),
        )
        due_at = utc_now() + timedelta(seconds=self._settings.job_report_timeout_s)
        changes = {"progress": progress, "stage": stage, "message": report.message, "next_attempt_at": due_at}
        return self._apply(_change(is_newer, **changes), report.job_id)

    def try_again(self, job_id: uuid.UUID) -> bool:
        """Marks a job for another dispatch; False when it waits for one already, has ended or had all its attempts.

        The pause doubles with each attempt, within bounds and with jitter.
        """
        pause_s = func.least(
            self._settings.job_retry_max_s,
            self._settings.job_retry_base_s * func.power(2.0, _jobs.c.attempts - 1),
        ) * jittered(1.0)
        query = (
            update(_jobs)
            .where(
                _jobs.c.job_id == job_id,
                _unfinished,
                _jobs.c.dispatched_at.is_not(None),
                _jobs.c.attempts < self._settings.job_attempts_max,
            )
            .values(dispatched_at=None, next_attempt_at=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, pause_s))
            .returning(_jobs.c.id)
        )
        with self._engine.connect() as connection:
            return connection.scalar(query) is not None

    def complete(self, job_id: uuid.UUID, result: ReportedResult) -> bool:
        changes = {name: getattr(result, name) for name in RESULT_COLUMNS}
        return self._finish(job_id, COMPLETED, changes | {"progress": 100})

    def fail(self, job_id: uuid.UUID, code: str) -> bool:
        return self._finish(job_id, FAILED, {"error_code": code})

    def fail_worn_out(self, job_id: uuid.UUID, code: str) -> bool:
        """Fails a job that has had all its attempts; one that waits for another stays."""
        worn_out = _jobs.c.attempts >= self._settings.job_attempts_max
        return self._finish(job_id, FAILED, {"error_code": code}, worn_out)

    def give_up(self, work: Work, code: str) -> bool:
        """Fails a job that this worker still holds; what another has taken over is the other's to end."""
        return self._finish(work.job_id, FAILED, {"error_code": code}, _jobs.c.lease_token == work.lease)

    def waiting(self) -> tuple[dict[str, int], float]:
        """Unfinished jobs by what they wait for (store, hand_over, analysis), and the age of the oldest in seconds."""
        waits_for = case(
            (_jobs.c.audio_stored_at.is_(None), "store"),
            (_jobs.c.dispatched_at.is_(None), "hand_over"),
            else_="analysis",
        )
        query = select(waits_for, func.count(), func.min(_jobs.c.created_at)).where(_unfinished)
        with self._engine.connect() as connection:
            rows = connection.execute(query.group_by(waits_for)).all()
        oldest = min((row[2] for row in rows), default=None)
        return {row[0]: row[1] for row in rows}, (utc_now() - oldest).total_seconds() if oldest else 0.0

    def newer_than(self, known: Mapping[uuid.UUID, int]) -> list[Snapshot]:
        """The present states of those jobs whose version is greater than the one that is known."""
        versions = values(column("job_id", UUID), column("version", Integer), name="known").data(list(known.items()))
        is_newer = (_jobs.c.job_id == versions.c.job_id) & (_jobs.c.version > versions.c.version)
        with self._engine.connect() as connection:
            return [to_snapshot(row) for row in connection.execute(select(*SNAPSHOT_COLUMNS).join(versions, is_newer))]

    def exists(self, job_id: uuid.UUID) -> bool:
        with self._engine.connect() as connection:
            return connection.scalar(select(_jobs.c.id).where(_jobs.c.job_id == job_id)) is not None

    def needs_spool(self, job_id: uuid.UUID) -> bool:
        """Whether the recording lies nowhere but in the spool."""
        query = select(_jobs.c.id).where(_jobs.c.job_id == job_id, _unfinished, _jobs.c.audio_stored_at.is_(None))
        with self._engine.connect() as connection:
            return connection.scalar(query) is not None

    def _reach(self) -> dict[str, Any]:
        """What `_within_reach` and `_lies_here` ask for."""
        overdue_before = utc_now() - timedelta(seconds=self._settings.job_deadline_s)
        return {"here": self._spool_id, "overdue_before": overdue_before}

    def _finish(
        self, job_id: uuid.UUID, status: str, changes: dict[str, Any], *conditions: ColumnElement[bool]
    ) -> bool:
        end = {"status": status, "stage": status, "message": None, "lease_token": None, "completed_at": utc_now()}
        return self._apply(_change(*conditions, **changes, **end), job_id)

    def _touch(self, work: Work, **changes: Any) -> None:
        """Changes what listeners do not see, while the lease is held."""
        query = update(_jobs).where(_this_job, _unfinished, _held).values(**changes)
        with self._engine.connect() as connection:
            connection.execute(query, {"this_job": work.job_id, "lease": work.lease})

    def _apply(self, change: Executable, job_id: uuid.UUID, **asked: Any) -> bool:
        with self._engine.connect() as connection:
            row = connection.execute(change, {"this_job": job_id, "at": utc_now(), **asked}).one_or_none()
        if row is not None:
            self._publish(to_snapshot(row))
            if row.status != PROCESSING:
                self._on_end(row)
        return row is not None
