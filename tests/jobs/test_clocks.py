"""Jobs while one process has a wrong time that jumps: leases and pauses are in PostgreSQL's time."""

import contextlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import psycopg2
import pytest

from local.embedded import EmbeddedPostgres, EmbeddedValkey
from tests.conftest import MakeApi
from tests.support.factories import dubbable_line, make_job, somebody, wait_for_end
from tests.support.fake_analysis_server import SwitchableProxy
from tests.support.server_processes import WEBHOOK_SECRET, CeleryProcess, ServerProcess
from tests.support.waiting import wait_until
from tests.support.wrong_clock import IS_AVAILABLE, WrongClock

pytestmark = pytest.mark.skipif(not IS_AVAILABLE, reason="libfaketime is built for Linux")
JOBS = 6


@pytest.fixture
def clock(tmp_path: Path) -> WrongClock:
    return WrongClock(tmp_path / "offset")


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        yield server


def ask(server: ServerProcess, query: str) -> object:
    with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        (value,) = cursor.fetchone() or (None,)
    return value


def test_a_wrong_clock_and_its_jumps_delay_no_job(
    make_api: MakeApi,
    analysis: ServerProcess,
    own_postgres: EmbeddedPostgres,
    valkey: EmbeddedValkey,
    clock: WrongClock,
    tmp_path: Path,
) -> None:
    settings = {"DATABASE_URL": own_postgres.url, "REDIS_URL": valkey.url, "JOB_RETRY_MAX_S": "0.5", "JOB_LEASE_S": "3"}
    with SwitchableProxy(analysis.port) as door:
        healthy = make_api(door.url, **settings)
        spool = {"SPOOL_DIR": str(tmp_path / "other spool")}
        wrong = ServerProcess("main:app", healthy.env | spool | clock.environment, tmp_path / "wrong.log").start()
        try:
            with httpx.Client(base_url=healthy.url, timeout=30) as client:
                who, line = somebody(client), dubbable_line(client)
                jobs = [make_job(client, who, line) for _ in range(JOBS)]
                for offset in ("-10m", "+10m", "+0"):
                    said = wrong.log.count(" waits ")
                    wait_until(lambda said=said: wrong.log.count(" waits ") >= said + JOBS)  # type: ignore[misc]
                    ahead_s = ask(
                        healthy, "SELECT extract(epoch FROM max(next_attempt_at) - now()) FROM analysis_results"
                    )
                    assert float(str(ahead_s)) < 60, "a pause is half a second, a lease three"
                    clock.set(offset)
                door.open()
                assert {wait_for_end(client, who, job)["status"] for job in jobs} == {"completed"}
            assert ask(healthy, "SELECT count(*) FROM analysis_results WHERE status = 'completed'") == JOBS
            assert ask(healthy, "SELECT max(created_at - now()) < interval '1 s' FROM analysis_results")
        finally:
            wrong.end()


@pytest.mark.parametrize("offset", ["+10m", "-10m"])
def test_an_analysis_server_with_a_wrong_time_knows_which_workers_run(
    valkey: EmbeddedValkey, tmp_path: Path, offset: str
) -> None:
    env = {"REDIS_URL": valkey.url, "WEBHOOK_SECRET": WEBHOOK_SECRET, "ANALYSIS_WORKERS": "1"}
    clock = WrongClock(tmp_path / "offset", offset)
    usual = ServerProcess("analysis.app:app", env, tmp_path / "usual.log")
    wrong = ServerProcess("analysis.app:app", env | clock.environment, tmp_path / "wrong.log")
    worker = CeleryProcess("-A analysis.queueing.tasks worker", env, tmp_path / "worker.log")
    with contextlib.ExitStack() as stack:
        for process in (worker, usual, wrong):
            stack.callback(process.end)
            process.start()
        wait_until(lambda: workers_ready(usual) == 1)
        assert workers_ready(wrong) == 1


def workers_ready(server: ServerProcess) -> int:
    return int(httpx.get(f"{server.url}/health/live", timeout=10).json()["workers_ready"])
