"""The statements of the state machine on a real PostgreSQL: leases, fencing, order, terminal states."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from core.settings import Settings
from database import make_engine, make_session_factory, session_scope
from events.snapshot import Snapshot
from jobs.state import JobStates
from jobs.webhook_payloads import AnalysisReport, ReportedResult
from local.embedded import EmbeddedPostgres
from models import Actor, AnalysisResult, Script, Token, User, utc_now
from tests.conftest import clone_database

SPOOL = uuid.uuid4()


@pytest.fixture(scope="module")
def engine(postgres: EmbeddedPostgres, base_env: dict[str, str]) -> Iterator[Engine]:
    engine = make_engine(Settings(_env_file=None, database_url=clone_database(postgres, "job_states")))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def sessions(engine: Engine) -> sessionmaker[Session]:
    return make_session_factory(engine)


@pytest.fixture
def published() -> list[Snapshot]:
    return []


@pytest.fixture
def states(engine: Engine, published: list[Snapshot]) -> JobStates:
    return JobStates(Settings(_env_file=None, job_attempts_max=2), engine, SPOOL, published.append)


@pytest.fixture
def job_id(sessions: sessionmaker[Session]) -> uuid.UUID:
    mark, job_id = uuid.uuid4().hex, uuid.uuid4()
    with session_scope(sessions) as session:
        user = User(issuer="test", subject=mark, email="a@b.test", name="A")
        line = Token(
            script=Script(title=mark, category="c", language="en-US"),
            actor=Actor(name=mark),
            position=1,
            text="x",
            start_time=0.0,
            end_time=1.0,
        )
        session.add_all([user, line])
        session.flush()
        session.add(
            AnalysisResult(
                user_id=user.id,
                token_id=line.id,
                job_id=job_id,
                user_audio_s3_url="k",
                audio_type="audio/wav",
                spool_id=SPOOL,
                next_attempt_at=utc_now() + timedelta(seconds=60),
            )
        )
    return job_id


def make_due(sessions: sessionmaker[Session], job_id: uuid.UUID, **values: Any) -> None:
    with session_scope(sessions) as session:
        due = {"next_attempt_at": utc_now(), **values}
        session.execute(update(AnalysisResult).where(AnalysisResult.job_id == job_id).values(**due))


def progress(job_id: uuid.UUID, value: int, stage: str | None = None) -> AnalysisReport:
    return AnalysisReport(type="analysis.progress", job_id=job_id, progress=value, stage=stage)


def test_only_one_worker_gets_the_lease(states: JobStates, job_id: uuid.UUID) -> None:
    with ThreadPoolExecutor(8) as threads:
        claims = list(threads.map(lambda _: states.claim(job_id), range(32)))
    assert sum(work is not None for work in claims) == 1


def test_worker_with_a_lost_lease_is_fenced_off(
    states: JobStates, sessions: sessionmaker[Session], job_id: uuid.UUID
) -> None:
    slow = states.claim(job_id)
    make_due(sessions, job_id)
    quick = states.claim(job_id)
    assert slow and quick
    assert not states.mark_stored(slow)
    assert not states.mark_dispatched(slow)
    states.postpone(slow, 3600)
    assert not states.fail_claimed(slow, "recording_lost")
    assert states.mark_stored(quick)
    assert states.mark_dispatched(quick)


def test_spooled_job_cannot_be_claimed_by_another_machine(
    engine: Engine, sessions: sessionmaker[Session], states: JobStates, job_id: uuid.UUID, published: list[Snapshot]
) -> None:
    elsewhere = JobStates(Settings(_env_file=None), engine, uuid.uuid4(), published.append)
    make_due(sessions, job_id)
    assert job_id not in elsewhere.due(1000)
    assert elsewhere.claim(job_id) is None
    work = states.claim(job_id)
    assert work
    states.mark_stored(work)
    make_due(sessions, job_id)
    assert job_id in elsewhere.due(1000)
    assert elsewhere.claim(job_id) is not None


def test_abandoned_job_can_be_claimed_by_any_machine(
    engine: Engine, sessions: sessionmaker[Session], job_id: uuid.UUID, published: list[Snapshot]
) -> None:
    elsewhere = JobStates(Settings(_env_file=None), engine, uuid.uuid4(), published.append)
    make_due(sessions, job_id, created_at=utc_now() - timedelta(hours=2))
    assert elsewhere.claim(job_id) is not None


def test_progress_never_decreases(states: JobStates, job_id: uuid.UUID, published: list[Snapshot]) -> None:
    taken = [
        states.record_progress(progress(job_id, *step)) for step in ((30, "a"), (20, "b"), (30, "a"), (30, "c"), (100,))
    ]
    assert taken == [True, False, False, True, True]
    assert [(each.progress, each.stage) for each in published] == [(30, "a"), (30, "c"), (99, "c")]
    assert [each.version for each in published] == [2, 3, 4]


def test_late_dispatch_does_not_revert_a_reported_stage(
    states: JobStates, job_id: uuid.UUID, published: list[Snapshot]
) -> None:
    work = states.claim(job_id)
    assert work
    states.mark_stored(work)
    states.record_progress(progress(job_id, 40, "pronunciation"))
    states.mark_dispatched(work)
    assert (published[-1].stage, published[-1].progress) == ("pronunciation", 40)


def test_terminal_state_is_final(
    states: JobStates, sessions: sessionmaker[Session], job_id: uuid.UUID, published: list[Snapshot]
) -> None:
    work = states.claim(job_id)
    assert work
    assert states.complete(job_id, ReportedResult(overall_score=70))
    make_due(sessions, job_id)
    assert not states.complete(job_id, ReportedResult(overall_score=1))
    assert not states.fail(job_id, "analysis_failed")
    assert not states.record_progress(progress(job_id, 99, "x"))
    assert not states.mark_stored(work)
    assert not states.schedule_retry(job_id)
    assert states.claim(job_id) is None
    assert job_id not in states.due(1000)
    (only,) = published
    assert only.is_terminal
    assert only.result and only.result["overall_score"] == 70


def test_only_one_terminal_report_counts(states: JobStates, job_id: uuid.UUID, published: list[Snapshot]) -> None:
    def end(number: int) -> bool:
        if number % 2:
            return states.fail(job_id, "analysis_failed")
        return states.complete(job_id, ReportedResult(overall_score=number))

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(end, range(32))) == 1
    assert len(published) == 1


def test_retry_is_scheduled_until_attempts_are_exhausted(
    states: JobStates, sessions: sessionmaker[Session], job_id: uuid.UUID
) -> None:
    allowed = []
    for _ in range(3):
        make_due(sessions, job_id)
        work = states.claim(job_id)
        assert work
        states.mark_dispatched(work)
        allowed.append(states.schedule_retry(job_id))
    assert allowed == [True, False, False]


def test_duplicate_failure_report_costs_one_attempt(
    states: JobStates, sessions: sessionmaker[Session], job_id: uuid.UUID, published: list[Snapshot]
) -> None:
    work = states.claim(job_id)
    assert work
    states.mark_dispatched(work)
    assert states.schedule_retry(job_id)
    assert not states.schedule_retry(job_id)
    assert not states.fail_if_exhausted(job_id, "analysis_crashed")
    assert not published[-1].is_terminal
    make_due(sessions, job_id)
    again = states.claim(job_id)
    assert again and again.attempts == 1
    states.mark_dispatched(again)
    assert not states.schedule_retry(job_id)
    assert states.fail_if_exhausted(job_id, "analysis_crashed")


def test_retry_delays_double_up_to_a_limit_with_jitter(
    engine: Engine, sessions: sessionmaker[Session], job_id: uuid.UUID, published: list[Snapshot]
) -> None:
    settings = Settings(_env_file=None, job_attempts_max=50, job_retry_base_s=1, job_retry_max_s=60)
    states = JobStates(settings, engine, SPOOL, published.append)
    pauses = []
    for attempt in range(1, 11):
        make_due(sessions, job_id, attempts=attempt, dispatched_at=utc_now())
        before = utc_now()
        assert states.schedule_retry(job_id)
        with session_scope(sessions) as session:
            due_at = session.scalar(select(AnalysisResult.next_attempt_at).where(AnalysisResult.job_id == job_id))
        assert due_at
        pauses.append((due_at - before).total_seconds())
    for attempt, pause_s in enumerate(pauses, 1):
        full_s = min(60, 2 ** (attempt - 1))
        assert 0.5 * full_s <= pause_s <= full_s + 1
    assert len({round(pause_s, 3) for pause_s in pauses[-3:]}) == 3


def test_due_jobs_are_ordered_by_creation_time(
    states: JobStates, sessions: sessionmaker[Session], job_id: uuid.UUID
) -> None:
    make_due(sessions, job_id, created_at=utc_now() - timedelta(minutes=50))
    assert states.due(1) == [job_id]


def test_full_analysis_queue_holds_back_only_dispatches(
    states: JobStates, sessions: sessionmaker[Session], job_id: uuid.UUID
) -> None:
    def is_due(**values: Any) -> bool:
        make_due(sessions, job_id, **values)
        is_listed = job_id in states.due(1000, with_hand_overs=False)
        assert is_listed == (states.claim(job_id, with_hand_overs=False) is not None)
        return is_listed

    assert is_due()  # due for storing
    assert not is_due(audio_stored_at=utc_now())
    assert is_due(dispatched_at=utc_now())  # due for polling
    make_due(sessions, job_id)
    work = states.claim(job_id)
    assert work and work.is_dispatched
    states.mark_undispatched(work)
    assert not is_due()
    assert job_id in states.due(1000)
    again = states.claim(job_id)
    assert again and not again.is_dispatched
