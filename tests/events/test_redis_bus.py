"""The Redis bus between two API server processes on one database: delivery, outages, lost and malformed messages."""

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg2
import pytest
import redis

from core.settings import ROOT
from events.catch_up import CHANNEL, RESYNC_EVERY_S
from local.embedded import EmbeddedValkey
from tests.conftest import MakeApi
from tests.support.factories import (
    ADMIN_EMAIL,
    Learner,
    complete,
    follow,
    make_job,
    make_token,
    read_events,
    report,
    sign_in,
)
from tests.support.server_processes import ServerProcess, free_port
from tests.support.waiting import wait_until
from tools.chaos.processes import stalled


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path_factory.mktemp("valkey") / "data") as server:
        yield server


@dataclass
class Pair:
    here: httpx.Client
    there: httpx.Client
    servers: tuple[ServerProcess, ServerProcess]
    who: Learner
    line: int


@pytest.fixture(scope="module")
def servers(make_api: MakeApi, valkey: EmbeddedValkey) -> Iterator[Pair]:
    first = make_api(REDIS_URL=valkey.url, JOB_RETRY_BASE_S="30")
    shared = {name: first.env[name] for name in ("DATABASE_URL", "SPOOL_DIR", "REDIS_URL", "JOB_RETRY_BASE_S")}
    second = make_api(**shared)
    with httpx.Client(base_url=first.url, timeout=30) as here, httpx.Client(base_url=second.url, timeout=30) as there:
        who = sign_in(here, ADMIN_EMAIL)
        yield Pair(here, there, (first, second), who, make_token(here, who)["id"])


@pytest.fixture
def pair(servers: Pair) -> Pair:
    """Both processes, connected again after an earlier test may have killed their Redis."""
    for client in (servers.here, servers.there):
        wait_until_events_are(client, "ok", within_s=60)
    return servers


def test_events_reach_listeners_of_another_process(pair: Pair) -> None:
    job_id = make_job(pair.here, pair.who, pair.line)
    with follow(pair.there, f"/api/tokens/analysis-progress/{job_id}", **pair.who.headers) as stream:
        events = read_events(stream)
        next(events)
        for progress in (40, 60, 80):
            report(pair.here, {"type": "analysis.progress", "job_id": job_id, "progress": progress, "stage": "gop"})
            heard = next(event for event in events if event.data["progress"] >= progress)
            assert heard.data["progress"] == progress
        told_at = time.monotonic()
        complete(pair.here, job_id)
        last = list(events)[-1]
        assert (last.data["status"], last.data["result"]["overall_score"]) == ("completed", 80.0)
        assert time.monotonic() - told_at < 5


def test_events_missed_during_a_redis_outage_are_delivered_after_it(pair: Pair, valkey: EmbeddedValkey) -> None:
    job_id = make_job(pair.here, pair.who, pair.line)
    with follow(pair.there, f"/api/tokens/analysis-progress/{job_id}", **pair.who.headers) as stream:
        events = read_events(stream)
        next(events)
        valkey.kill()
        complete(pair.here, job_id)
        wait_until_events_are(pair.there, "down", within_s=RESYNC_EVERY_S / 2)
        valkey.launch()
        valkey.wait_ready()
        back_at = time.monotonic()
        assert list(events)[-1].data["status"] == "completed"
        assert time.monotonic() - back_at < RESYNC_EVERY_S / 2
    wait_until_events_are(pair.there, "ok", within_s=20)


def test_a_redis_that_hangs_is_noticed(pair: Pair, valkey: EmbeddedValkey) -> None:
    assert valkey.pid
    with stalled(valkey.pid):
        wait_until_events_are(pair.there, "down", within_s=60)
    wait_until_events_are(pair.there, "ok", within_s=60)


def wait_until_events_are(client: httpx.Client, state: str, within_s: float) -> None:
    wait_until(lambda: client.get("/health/ready").json()["checks"]["events"] == state, within_s)


def test_lost_message_is_recovered_by_resync(pair: Pair) -> None:
    """The row changes without a message, as when a process dies between commit and publish."""
    job_id = make_job(pair.here, pair.who, pair.line)
    with follow(pair.there, f"/api/tokens/analysis-progress/{job_id}", **pair.who.headers) as stream:
        events = read_events(stream)
        next(events)
        with psycopg2.connect(pair.servers[0].env["DATABASE_URL"]) as connection, connection.cursor() as cursor:
            cursor.execute(
                "UPDATE analysis_results SET status = 'failed', stage = 'failed', error_code = 'analysis_failed', "
                "version = version + 1, completed_at = now() WHERE job_id = %s",
                [job_id],
            )
        connection.close()
        assert list(events)[-1].data["status"] == "failed"


@pytest.mark.parametrize("word", [b"", b"nonsense", b"\xff\xfe", f"{uuid.UUID(int=1)} x".encode(), b"1 2 3"])
def test_malformed_message_is_ignored(pair: Pair, valkey: EmbeddedValkey, word: bytes) -> None:
    with redis.Redis.from_url(valkey.url) as stranger:
        assert stranger.publish(CHANNEL, word) == 2
    test_events_reach_listeners_of_another_process(pair)


def test_second_process_without_redis_is_refused(make_api: MakeApi, tmp_path: Path) -> None:
    first = make_api(REDIS_URL=None)
    second = ServerProcess("main:app", first.env, tmp_path / "second.log")
    with pytest.raises(AssertionError, match="REDIS_URL"):
        second.start()
    first.kill()
    second.start().end()


def test_several_workers_without_redis_do_not_start(make_api: MakeApi, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "uvicorn", "main:app", "--port", str(free_port()), "--workers", "2"]
    env = {
        **make_api(REDIS_URL=None).env,
        "SPOOL_DIR": str(tmp_path / "spool"),
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
    }
    ended = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "Several processes need REDIS_URL" in ended.stderr
