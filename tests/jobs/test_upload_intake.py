"""Concurrent uploads: each gets its own response, and none affects another."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psycopg2
import pytest

from tests.conftest import MakeApi
from tests.support.audio import encode
from tests.support.factories import ADMIN_EMAIL, Learner, make_token, sign_in, somebody, upload
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

TAKE = encode("webm")
Answer = tuple[int, str]
NewLearner = Callable[[], Learner]


@pytest.fixture(scope="module")
def server(make_api: MakeApi) -> ServerProcess:
    """A server without an analysis server: accepted uploads are stored and go no further."""
    return make_api(JOB_RETRY_BASE_S="30")


@pytest.fixture
def new_learner(http: httpx.Client) -> Iterator[NewLearner]:
    """Makes accounts; erases them and their recordings at the end."""
    made: list[Learner] = []

    def make() -> Learner:
        made.append(somebody(http))
        return made[-1]

    yield make
    for who in made:
        http.delete("/api/auth/me", headers=who.headers)


@pytest.fixture
def senders() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(60) as threads:
        yield threads


class Burst:
    """Concurrent uploads, each over a separate connection."""

    def __init__(self, server: ServerProcess, senders: ThreadPoolExecutor, count: int) -> None:
        self._server, self._senders = server, senders
        self._together = threading.Barrier(count)

    def send(self, who: Learner, line: int, take: bytes = TAKE, key: str | None = None) -> "Future[Answer]":
        def deliver() -> Answer:
            with httpx.Client(base_url=self._server.url, timeout=60) as client:
                self._together.wait(30)
                answer = upload(client, who, line, take, key=key)
                return answer.status_code, answer.json().get("code") or answer.json()["job_id"]

        return self._senders.submit(deliver)


@contextmanager
def transaction(server: ServerProcess) -> Iterator[psycopg2.extensions.cursor]:
    """Opens a transaction of another client; it ends with the block."""
    with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
        yield cursor


def statuses(asked: Sequence["Future[Answer]"]) -> list[int]:
    return [future.result(timeout=60)[0] for future in asked]


def test_each_upload_of_a_burst_gets_its_own_response(
    server: ServerProcess, http: httpx.Client, line: int, senders: ThreadPoolExecutor, new_learner: NewLearner
) -> None:
    good = [new_learner() for _ in range(24)]
    twice, away = new_learner(), somebody(http)
    http.post("/api/auth/logout", headers=away.headers)
    burst = Burst(server, senders, 40)
    taken = [burst.send(who, line) for who in good]
    again = [burst.send(twice, line, key="once") for _ in range(6)]
    refused = {
        (404, "token_not_found"): [burst.send(new_learner(), 10**9) for _ in range(3)],
        (422, "audio_empty"): [burst.send(new_learner(), line, b"") for _ in range(2)],
        (415, "audio_type_unsupported"): [burst.send(new_learner(), line, b"<html>") for _ in range(2)],
        (422, "audio_undecodable"): [burst.send(new_learner(), line, TAKE[:60]) for _ in range(2)],
        (401, "invalid_access_token"): [burst.send(away, line)],
    }
    jobs = {future.result(timeout=60) for future in taken}
    assert {status for status, _ in jobs} == {202}
    assert len(jobs) == len(taken), "each upload has its own job"
    assert len({future.result(timeout=60) for future in again}) == 1
    for answer, asked in refused.items():
        assert {future.result(timeout=60) for future in asked} == {answer}
    _wait_until_stored(server, len(jobs) + 1)
    wait_until(lambda: {path.name for path in Path(server.env["SPOOL_DIR"]).iterdir()} == {"spool.id"})


def test_blocked_upload_does_not_block_others(
    server: ServerProcess, http: httpx.Client, line: int, senders: ThreadPoolExecutor, new_learner: NewLearner
) -> None:
    held, others = new_learner(), [new_learner() for _ in range(19)]
    burst = Burst(server, senders, 20)
    with transaction(server) as cursor:
        cursor.execute("SELECT 1 FROM users WHERE id = %s FOR UPDATE", (held.user["id"],))
        waiting = burst.send(held, line)
        asked = [burst.send(who, line) for who in others]
        assert statuses(asked) == [202] * len(asked)
        assert not waiting.done()
    assert waiting.result(timeout=30)[0] == 202


def test_deleting_a_line_fails_only_uploads_to_it(
    server: ServerProcess, http: httpx.Client, line: int, senders: ThreadPoolExecutor, new_learner: NewLearner
) -> None:
    gone = make_token(http, sign_in(http, ADMIN_EMAIL))["id"]
    burst = Burst(server, senders, 16)
    with transaction(server) as cursor:
        cursor.execute("DELETE FROM tokens WHERE id = %s", (gone,))
        too_late = [burst.send(new_learner(), gone) for _ in range(4)]
        kept = [burst.send(new_learner(), line) for _ in range(12)]
        wait_until(lambda: _waiting_for_locks(server) > 0)  # until uploads wait for the lock on the line
        assert not any(future.done() for future in too_late)
    assert {future.result(timeout=60) for future in too_late} == {(404, "token_not_found")}
    assert statuses(kept) == [202] * len(kept)


def test_uploads_losing_their_database_connection_leave_nothing(
    server: ServerProcess, http: httpx.Client, line: int, senders: ThreadPoolExecutor, new_learner: NewLearner
) -> None:
    """PostgreSQL terminates all connections while they insert their rows."""
    learners = [new_learner() for _ in range(12)]
    before = _jobs_of(server, learners)
    burst = Burst(server, senders, len(learners))
    with transaction(server) as cursor:
        cursor.execute("LOCK TABLE analysis_results IN SHARE MODE")
        asked = [burst.send(who, line) for who in learners]
        wait_until(lambda: _waiting_for_locks(server) > 0)
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        answers = {future.result(timeout=60) for future in asked}
    assert before == 0
    assert {status for status, _ in answers} <= {202, 503}
    assert (503, "database_unavailable") in answers
    assert _jobs_of(server, learners) == sum(status == 202 for status in statuses(asked))
    _wait_until_stored(server, 0)
    wait_until(lambda: {path.name for path in Path(server.env["SPOOL_DIR"]).iterdir()} == {"spool.id"})


def _jobs_of(server: ServerProcess, learners: Sequence[Learner]) -> int:
    with transaction(server) as cursor:
        cursor.execute(
            "SELECT count(*) FROM analysis_results WHERE user_id = ANY(%s)", ([who.user["id"] for who in learners],)
        )
        (count,) = cursor.fetchone() or (0,)
        return int(count)


def _wait_until_stored(server: ServerProcess, at_least: int) -> None:
    def all_stored() -> bool:
        with transaction(server) as cursor:
            cursor.execute("SELECT count(*), count(audio_stored_at) FROM analysis_results")
            taken, stored = cursor.fetchone() or (0, 0)
        return bool(taken == stored >= at_least)

    wait_until(all_stored, explain=lambda: "some recordings are not stored")


def _waiting_for_locks(server: ServerProcess) -> int:
    with transaction(server) as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        (count,) = cursor.fetchone() or (0,)
        return int(count)
