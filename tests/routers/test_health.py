"""Health checks: each dependency is named as down when it is stopped or hangs."""

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

from local.embedded import EmbeddedPostgres, EmbeddedS3
from tests.conftest import MakeApi
from tests.support.fake_analysis_server import FakeAnalysisServer
from tests.support.server_processes import WEBHOOK_SECRET, ServerProcess, free_port
from tests.support.waiting import wait_until
from tests.support.wrong_clock import IS_AVAILABLE, WrongClock
from tools.chaos.processes import stalled

ALL_OK = {"database": "ok", "storage": "ok", "events": "ok", "analysis": "ok"}


def test_live_returns_ok(client: httpx.Client) -> None:
    assert client.get("/health/live").json()["status"] == "ok"


@pytest.fixture(scope="module")
def own_analysis(scratch: Path) -> Iterator[ServerProcess]:
    server = ServerProcess("analysis.app:app", {"WEBHOOK_SECRET": WEBHOOK_SECRET}, scratch / "analysis-of-health.log")
    yield server.start("/health/ready")
    server.end()


@pytest.fixture(scope="module")
def whole(
    make_api: MakeApi, own_analysis: ServerProcess, own_postgres: EmbeddedPostgres, own_s3: EmbeddedS3
) -> Iterator[httpx.Client]:
    server = make_api(own_analysis.url, DATABASE_URL=own_postgres.url, **own_s3.account.environment())
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture
def parts(own_analysis: ServerProcess, own_postgres: EmbeddedPostgres, own_s3: EmbeddedS3) -> dict[str, object]:
    return {"analysis": own_analysis, "database": own_postgres, "storage": own_s3}


@contextmanager
def stopped(part: object) -> Iterator[None]:
    if isinstance(part, ServerProcess):
        part.end(signal.SIGTERM)
        try:
            yield
        finally:
            part.start("/health/ready")
    elif isinstance(part, EmbeddedPostgres | EmbeddedS3):
        part.stop()
        try:
            yield
        finally:
            part.restart()


def hung(part: object) -> AbstractContextManager[None]:
    assert isinstance(part, ServerProcess | EmbeddedPostgres | EmbeddedS3) and part.pid is not None
    return stalled(part.pid)


@pytest.mark.parametrize("how", [stopped, hung], ids=["stopped", "hung"])
@pytest.mark.parametrize("name", ["analysis", "database", "storage"])
def test_ready_names_only_the_part_that_is_down(
    whole: httpx.Client, parts: dict[str, object], name: str, how: Callable[[object], AbstractContextManager[None]]
) -> None:
    wait_until_whole(whole)
    with how(parts[name]):
        started = time.monotonic()
        answer = whole.get("/health/ready", headers={"Accept-Language": "en"})
        assert time.monotonic() - started < 7
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "not_ready"
        assert answer.json()["checks"] == ALL_OK | {name: "down"}
        assert set(answer.json()["causes"]) <= {"analysis"}
        assert whole.get("/health/live").is_success
    wait_until_whole(whole)


def wait_until_whole(client: httpx.Client) -> None:
    wait_until(lambda: client.get("/health/ready").is_success, explain=lambda: client.get("/health/ready").text)
    assert client.get("/health/ready").json() == {"status": "ok", "checks": ALL_OK}


@pytest.mark.skipif(not IS_AVAILABLE, reason="libfaketime is built for Linux")
def test_ready_tells_that_the_time_of_this_process_is_wrong(
    make_api: MakeApi, analysis: ServerProcess, tmp_path: Path
) -> None:
    usual = make_api(analysis.url)
    clock = WrongClock(tmp_path / "offset", "+10m")
    env = usual.env | clock.environment | {"SPOOL_DIR": str(tmp_path / "spool")}
    wrong = ServerProcess("main:app", env, tmp_path / "wrong.log").start()
    try:
        assert analysis_of(wrong) == ("down", "time_differs")
        assert re.search(r"our time is \+(59|60)\d s from its time", wrong.log)
        clock.set("-10m")
        assert analysis_of(wrong) == ("down", "time_differs")
        clock.set("+0")
        assert analysis_of(wrong) == ("ok", None)
    finally:
        wrong.end()


def test_ready_tells_that_the_secret_is_another(make_api: MakeApi, analysis: ServerProcess) -> None:
    other = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlcg=="
    assert analysis_of(make_api(analysis.url, WEBHOOK_SECRET=other)) == ("down", "secret_differs")
    rotating = make_api(analysis.url, WEBHOOK_SECRET=f"{other} {WEBHOOK_SECRET}")
    assert analysis_of(rotating) == ("down", "secret_differs"), "the first one signs"
    assert analysis_of(make_api(analysis.url, WEBHOOK_SECRET=f"{WEBHOOK_SECRET} {other}")) == ("ok", None)


def test_ready_tells_that_nothing_answers_or_something_else(make_api: MakeApi) -> None:
    assert analysis_of(make_api(f"http://127.0.0.1:{free_port()}")) == ("down", "unreachable")
    with FakeAnalysisServer() as fake:
        assert analysis_of(make_api(fake.url)) == ("down", "unexpected_answer")


def analysis_of(server: ServerProcess) -> tuple[str, str | None]:
    """Returns the check of the analysis server, and the cause of its failure."""
    answer = httpx.get(f"{server.url}/health/ready", timeout=10).json()
    return answer["checks"]["analysis"], answer.get("causes", {}).get("analysis")
