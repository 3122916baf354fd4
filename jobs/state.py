"""The states of a job, and the only statements that change them.

Each is one conditional UPDATE: `version` counts the changes, terminal states are final, and every statement is
idempotent. A worker holds the lease of its job: `lease_token`, valid until `next_attempt_at`. After another worker has
taken the lease over, the token no longer matches, and statements of the first worker change nothing. All times are
PostgreSQL's: the clocks of the processes may differ and jump.
"""

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
    Float,
    Integer,
    Interval,
    Table,
    Text,
    bindparam,
    case,
    column,
    extract,
    false,
    func,
    or_,
    select,
    true,
    update,
    values,
)
from sqlalchemy import cast as sql_cast

from common.jitter import jittered
from core.settings import Settings
from database import autocommit
from events.snapshot import Snapshot
from jobs.analysis_client import ReferenceLine
from jobs.webhook_payloads import AnalysisReport, ReportedResult
from models import COMPLETED, FAILED, PROCESSING, AnalysisResult, Script, Token

# Time for the intended worker to start on a new or released job, before the sweeper claims it.
SWEEP_GRACE_S = 5.0
STORED_PROGRESS, DISPATCHED_PROGRESS = 8, 12
RESULT_COLUMNS = (*ReportedResult.model_fields,)
# Tables instead of entities: no session here holds an object, and statements without any cost half as much.
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
_holds_line = _jobs.c.recorded_words.is_(None)
_waits_for_hand_over = _jobs.c.audio_stored_at.is_not(None) & _jobs.c.dispatched_at.is_(None)
_is_in_this_spool = _jobs.c.audio_stored_at.is_(None) & (_jobs.c.spool_id == bindparam("here"))
# A recording that is not stored yet can be stored only by the machine that holds it; any machine may fail the job.
_within_reach = or_(
    _jobs.c.audio_stored_at.is_not(None),
    _is_in_this_spool,
    _jobs.c.created_at < func.now() - bindparam("deadline", type_=Interval),
)


def _seconds_since(time: ColumnElement[Any]) -> ColumnElement[float]:
    return sql_cast(extract("epoch", func.now() - time), Float)


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job whose lease the caller holds. `older_jobs` counts earlier unfinished jobs of the same user."""

    job_id: uuid.UUID
    lease: uuid.UUID
    key: str
    audio_type: str
    is_stored: bool
    is_here: bool
    is_dispatched: bool
    attempts: int
    age_s: float
    older_jobs: int
    line: ReferenceLine


def to_snapshot(row: Any) -> Snapshot:
    """Returns a row of SNAPSHOT_COLUMNS as its listeners see it; scores and feedback only once completed."""
    result = {name: getattr(row, name) for name in RESULT_COLUMNS} if row.status == COMPLETED else None
    return Snapshot(row.job_id, row.version, row.status, row.stage, row.progress, row.message, row.error_code, result)


def _advanced(before: str, stage: str, progress: int) -> dict[str, Any]:
    """Returns the columns of our next stage, unless the analysis has already reported one of its own."""
    return {
        "stage": func.coalesce(func.nullif(_jobs.c.stage, before), stage),
        "progress": func.greatest(_jobs.c.progress, progress),
    }


def _change(*conditions: ColumnElement[bool], **changes: Any) -> Executable:
    """Returns a statement that changes an unfinished `this_job` visibly for its listeners, under `conditions`."""
    return (
        update(_jobs)
        .where(_this_job, _unfinished, *conditions)
        .values(version=_jobs.c.version + 1, updated_at=func.now(), **changes)
        .returning(*SNAPSHOT_COLUMNS, *END_COLUMNS)
    )


def _is_first(message_id: str | None) -> ColumnElement[bool]:
    """True unless the failure that this webhook reports has been counted: a repetition belongs to an older attempt."""
    if message_id is None:
        return true()
    return ~func.coalesce(_jobs.c.failure_ids.contains([message_id]), false())


# The statements that every recording needs are built once: building one costs more than executing it.
_held = _jobs.c.lease_token == bindparam("lease")
_STORED = _change(_held, **_advanced("accepted", "stored", STORED_PROGRESS), audio_stored_at=func.now())
_DISPATCHED = _change(
    _held,
    **_advanced("stored", "dispatched", DISPATCHED_PROGRESS),
    attempts=_jobs.c.attempts + 1,
    dispatched_at=func.now(),
    reference_key=bindparam("reference_key", type_=Text),
    lease_token=None,
    next_attempt_at=func.now() + bindparam("report_timeout", type_=Interval),
)
_CLAIMED_COLUMNS = (
    "user_id",
    "token_id",
    "created_at",
    "user_audio_s3_url",
    "audio_type",
    *("audio_stored_at", "spool_id", "dispatched_at", "attempts", "recorded_words"),
)
_is_new = _jobs.c.lease_token.is_(None) & (_jobs.c.attempts == 0)
_claimed = (
    update(_jobs)
    .where(
        _this_job,
        _unfinished,
        _within_reach,
        or_(_jobs.c.next_attempt_at <= func.now(), _is_new),
        or_(bindparam("with_hand_overs", type_=Boolean), ~_waits_for_hand_over),
    )
    .values(lease_token=bindparam("lease"), next_attempt_at=func.now() + bindparam("lease_life", type_=Interval))
    .returning(*(_jobs.c[name] for name in _CLAIMED_COLUMNS), _seconds_since(_jobs.c.created_at).label("age_s"))
    .cte("claimed")
)
_older_jobs = select(func.count()).where(
    _unfinished,
    _jobs.c.user_id == _claimed.c.user_id,
    _jobs.c.created_at < _claimed.c.created_at,
)
_CLAIM = (
    select(
        _claimed,
        _tokens.c.text,
        _tokens.c.spoken_form,
        _tokens.c.s3_url,
        _scripts.c.language,
        _older_jobs.scalar_subquery().label("older_jobs"),
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
            _jobs.c.next_attempt_at <= func.now(),
            _is_in_this_spool if only_here else _within_reach,
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
        """`on_end` is called with the row, SNAPSHOT_COLUMNS and END_COLUMNS, of each job that ends."""
        self._on_end = on_end
        self._settings = settings
        self._engine = autocommit(engine)
        self._spool_id = spool_id
        self._publish = publish
        self._report_timeout = timedelta(seconds=settings.job_report_timeout_s)

    def due(self, limit: int, *, with_hand_overs: bool = True, only_here: bool = False) -> list[uuid.UUID]:
        """Returns unfinished jobs whose lease or pause is over, the oldest first.

        with_hand_overs: include jobs that wait to be handed over to the analysis.
        only_here: only jobs whose recording is in this machine's spool and not stored yet.
        """
        query = _due(with_hand_overs=with_hand_overs, only_here=only_here)
        with self._engine.connect() as connection:
            return list(connection.scalars(query, {"limit": limit} | self._reach_parameters()))

    def make_all_due(self) -> None:
        """Makes the unfinished jobs of this machine's spool due: their leases belong to a server that has ended."""
        query = update(_jobs).where(_unfinished, _jobs.c.spool_id == self._spool_id).values(next_attempt_at=func.now())
        with self._engine.connect() as connection:
            connection.execute(query)

    def claim(self, job_id: uuid.UUID, *, with_hand_overs: bool = True) -> ClaimedJob | None:
        """Takes the lease of a job that is due or new; None when it has ended, another worker holds it, or it waits for
        a hand-over that is not wanted now.
        """
        lease = uuid.uuid4()
        parameters = {
            "this_job": job_id,
            "lease": lease,
            "lease_life": timedelta(seconds=self._settings.job_lease_s),
            "with_hand_overs": with_hand_overs,
        }
        with self._engine.connect() as connection:
            row = connection.execute(_CLAIM, parameters | self._reach_parameters()).one_or_none()
        if row is None:
            return None
        line = ReferenceLine(row.token_id, row.text, row.language, row.s3_url, row.spoken_form, row.recorded_words)
        return ClaimedJob(
            job_id=job_id,
            lease=lease,
            key=row.user_audio_s3_url,
            audio_type=row.audio_type,
            is_stored=row.audio_stored_at is not None,
            is_here=row.spool_id == self._spool_id,
            is_dispatched=row.dispatched_at is not None,
            attempts=row.attempts,
            age_s=row.age_s,
            older_jobs=row.older_jobs,
            line=line,
        )

    def mark_stored(self, job: ClaimedJob) -> bool:
        return self._apply(_STORED, job.job_id, lease=job.lease)

    def mark_dispatched(self, job: ClaimedJob) -> bool:
        parameters = {"report_timeout": self._report_timeout, "reference_key": job.line.audio_url}
        return self._apply(_DISPATCHED, job.job_id, lease=job.lease, **parameters)

    def mark_undispatched(self, job: ClaimedJob) -> None:
        """Lets a job wait for another dispatch: the analysis server does not know it any more."""
        self._update_unseen(job, dispatched_at=None)

    def postpone(self, job: ClaimedJob, delay_s: float) -> None:
        """Keeps the lease and makes the job due again after `delay_s`."""
        self._update_unseen(job, next_attempt_at=func.now() + timedelta(seconds=delay_s))

    def release(self, job: ClaimedJob) -> None:
        """Gives up the lease of a job that has not been dispatched yet; the sweeper claims it after SWEEP_GRACE_S."""
        self._update_unseen(job, lease_token=None, next_attempt_at=func.now() + timedelta(seconds=SWEEP_GRACE_S))

    def record_progress(self, report: AnalysisReport) -> bool:
        """Stores the progress that the analysis reports; False when it is not newer. Progress never decreases."""
        progress, stage = min(report.progress or 0, 99), report.stage or _jobs.c.stage
        is_newer = or_(
            _jobs.c.progress < progress,
            (_jobs.c.progress == progress) & (_jobs.c.stage != stage),
        )
        due_at = func.now() + self._report_timeout
        changes = {"progress": progress, "stage": stage, "message": report.message, "next_attempt_at": due_at}
        return self._apply(_change(is_newer, **changes), report.job_id)

    def schedule_retry(self, job_id: uuid.UUID, message_id: str | None = None) -> bool:
        """Marks a job for another dispatch; False when it already waits for one, has ended or has no attempts left, or
        when the webhook of this id has been counted before.

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
                _is_first(message_id),
            )
            .values(
                dispatched_at=None,
                next_attempt_at=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, pause_s),
                failure_ids=func.array_append(_jobs.c.failure_ids, message_id) if message_id else _jobs.c.failure_ids,
            )
            .returning(_jobs.c.id)
        )
        with self._engine.connect() as connection:
            return connection.scalar(query) is not None

    def complete(self, job_id: uuid.UUID, result: ReportedResult) -> bool:
        changes = {name: getattr(result, name) for name in RESULT_COLUMNS}
        # Averages and bests are of whole lines.
        scores = {name: sql_cast(case((_holds_line, changes[name])), Float) for name in changes if "_score" in name}
        return self._finish(job_id, COMPLETED, changes | scores | {"progress": 100})

    def fail(self, job_id: uuid.UUID, code: str) -> bool:
        return self._finish(job_id, FAILED, {"error_code": code})

    def fail_if_exhausted(self, job_id: uuid.UUID, code: str, message_id: str | None = None) -> bool:
        """Fails a job that has no attempts left; False for one that still waits for an attempt, and for a webhook
        whose id has been counted before.
        """
        is_exhausted = _jobs.c.attempts >= self._settings.job_attempts_max
        return self._finish(job_id, FAILED, {"error_code": code}, is_exhausted, _is_first(message_id))

    def fail_claimed(self, job: ClaimedJob, code: str) -> bool:
        """Fails a job whose lease this worker still holds; False when another worker has taken it over."""
        return self._finish(job.job_id, FAILED, {"error_code": code}, _jobs.c.lease_token == job.lease)

    def waiting(self) -> tuple[dict[str, int], float]:
        """Counts unfinished jobs by what they wait for (store, hand_over, analysis); and the oldest's age in s."""
        waits_for = case(
            (_jobs.c.audio_stored_at.is_(None), "store"),
            (_jobs.c.dispatched_at.is_(None), "hand_over"),
            else_="analysis",
        )
        query = select(waits_for, func.count(), _seconds_since(func.min(_jobs.c.created_at))).where(_unfinished)
        with self._engine.connect() as connection:
            rows = connection.execute(query.group_by(waits_for)).all()
        return {row[0]: row[1] for row in rows}, max((row[2] for row in rows), default=0.0)

    def newer_than(self, known: Mapping[uuid.UUID, int]) -> list[Snapshot]:
        """Returns the current states of the jobs whose version is greater than the known one."""
        versions = values(column("job_id", UUID), column("version", Integer), name="known").data(list(known.items()))
        is_newer = (_jobs.c.job_id == versions.c.job_id) & (_jobs.c.version > versions.c.version)
        with self._engine.connect() as connection:
            return [to_snapshot(row) for row in connection.execute(select(*SNAPSHOT_COLUMNS).join(versions, is_newer))]

    def exists(self, job_id: uuid.UUID) -> bool:
        with self._engine.connect() as connection:
            return connection.scalar(select(_jobs.c.id).where(_jobs.c.job_id == job_id)) is not None

    def needs_spool(self, job_id: uuid.UUID) -> bool:
        """Returns whether the spool has the only copy of the recording."""
        query = select(_jobs.c.id).where(_jobs.c.job_id == job_id, _unfinished, _jobs.c.audio_stored_at.is_(None))
        with self._engine.connect() as connection:
            return connection.scalar(query) is not None

    def _reach_parameters(self) -> dict[str, Any]:
        """Returns the parameters of `_within_reach` and `_is_in_this_spool`."""
        return {"here": self._spool_id, "deadline": timedelta(seconds=self._settings.job_deadline_s)}

    def _finish(
        self, job_id: uuid.UUID, status: str, changes: dict[str, Any], *conditions: ColumnElement[bool]
    ) -> bool:
        end = {"status": status, "stage": status, "message": None, "lease_token": None, "completed_at": func.now()}
        return self._apply(_change(*conditions, **changes, **end), job_id)

    def _update_unseen(self, job: ClaimedJob, **changes: Any) -> None:
        """Changes columns that listeners do not see, while the lease is held."""
        query = update(_jobs).where(_this_job, _unfinished, _held).values(**changes)
        with self._engine.connect() as connection:
            connection.execute(query, {"this_job": job.job_id, "lease": job.lease})

    def _apply(self, change: Executable, job_id: uuid.UUID, **parameters: Any) -> bool:
        with self._engine.connect() as connection:
            row = connection.execute(change, {"this_job": job_id, **parameters}).one_or_none()
        if row is not None:
            self._publish(to_snapshot(row))
            if row.status != PROCESSING:
                self._on_end(row)
        return row is not None
