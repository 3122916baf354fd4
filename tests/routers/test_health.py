"""Health checks: each dependency is named as down when it is stopped or hangs."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

from local.embedded import EmbeddedPostgres, EmbeddedS3
from tests.conftest import MakeApi
from tests.support.server_processes import WEBHOOK_SECRET, ServerProcess
from tests.support.waiting import wait_until
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
        assert whole.get("/health/live").is_success
    wait_until_whole(whole)


def wait_until_whole(client: httpx.Client) -> None:
    wait_until(lambda: client.get("/health/ready").is_success, explain=lambda: client.get("/health/ready").text)
    assert client.get("/health/ready").json() == {"status": "ok", "checks": ALL_OK}
