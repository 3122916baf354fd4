"""Analysis servers and workers that share a queue in a real Redis: once, in order of priority, and nothing lost."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from analysis.queueing.redis_jobs import LEASE_S
from analysis.settings import DEVELOPMENT_SECRET
from analysis.tests.support.live_server import ROOT, Server, World, is_alive, job_for, server, wait_for
from local.embedded import EmbeddedValkey

pytestmark = pytest.mark.usefixtures("calm")


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path_factory.mktemp("valkey")) as running:
        yield running


@pytest.fixture(scope="module")
def machine(valkey: EmbeddedValkey) -> Iterator["Machine"]:
    with worker(valkey) as running:
        yield running


@pytest.fixture(scope="module")
def shared(valkey: EmbeddedValkey, machine: "Machine") -> Iterator[Server]:
    """A server over the queue, once there is a machine to work it off."""
    with server(REDIS_URL=valkey.url, ANALYSIS_WORKERS="1", ANALYSIS_QUEUE_SIZE="8") as running:
        yield running


class Machine:
    """A running `celery -A analysis.queueing.tasks worker`."""

    def __init__(self, redis_url: str, **environment: str) -> None:
        command = [sys.executable, "-m", "celery", "-A", "analysis.queueing.tasks", "worker", "--without-gossip"]
        env = {
            **os.environ,
            "WEBHOOK_SECRET": DEVELOPMENT_SECRET,
            "ANALYSIS_PRIVATE_NETWORKS": "127.0.0.0/8",
            "ANALYSIS_WORKERS": "1",
            "REDIS_URL": redis_url,
            **environment,
        }
        self.process = subprocess.Popen(command, cwd=ROOT, env=env)

    def family(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [self.process.pid, *(int(pid) for path in children for pid in path.read_text().split())]

    def send(self, number: signal.Signals) -> None:
        for pid in self.family():
            os.kill(pid, number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def worker(valkey: EmbeddedValkey, **environment: str) -> Iterator[Machine]:
    machine = Machine(valkey.url, **environment)
    try:
        yield machine
    finally:
        if machine.process.poll() is None:
            machine.send(signal.SIGCONT)
            machine.process.send_signal(signal.SIGTERM)
        machine.process.wait(timeout=60)


def ends(here: World, job_id: str) -> list[str]:
    return [hook.body["type"] for hook in here.of(job_id) if hook.body["type"] != "analysis.progress"]


def test_a_job_runs_on_another_machine_and_every_server_knows_its_state(
    shared: Server, here: World, valkey: EmbeddedValkey
) -> None:
    job = job_for(here)
    assert shared.post("/analyze", job).json() == {"job_id": job["job_id"], "accepted": True}
    last = here.terminal(job["job_id"]).body
    assert last["type"] == "analysis.completed" and last["result"]["attempt_class"] == "scored"
    assert len(here.of(job["job_id"])) >= 4
    state = {"status": "completed", **last}
    assert wait_for(lambda: shared.get(f"/analyze/{job['job_id']}").json()) == state
    with server(REDIS_URL=valkey.url, ANALYSIS_WORKERS="1") as other:
        assert other.get(f"/analyze/{job['job_id']}").json() == state
        assert other.post("/analyze", job).status_code == 202
        assert other.get("/health/ready").json()["workers_ready"] == 1
    assert ends(here, job["job_id"]) == ["analysis.completed"]


def test_the_same_job_at_once_runs_once(shared: Server, here: World) -> None:
    job = job_for(here)
    here.delays["austen-0930.flac"] = 0.5
    assert [shared.post("/analyze", job).status_code for _ in range(4)] == [202] * 4
    here.terminal(job["job_id"])
    time.sleep(1)
    assert ends(here, job["job_id"]) == ["analysis.completed"]
    stages = [hook.body["stage"] for hook in here.of(job["job_id"])]
    assert len(stages) == len(set(stages))


def test_a_failure_that_may_pass_is_run_again(shared: Server, here: World) -> None:
    job = job_for(here, audio="late.flac")
    assert shared.post("/analyze", job).status_code == 202
    assert here.terminal(job["job_id"]).body["error"]["code"] == "audio_fetch_failed"
    here.files["late.flac"] = here.files["austen-0930.flac"]
    assert shared.post("/analyze", job).status_code == 202
    wait_for(lambda: ends(here, job["job_id"])[-1] == "analysis.completed")


def test_a_first_attempt_overtakes_a_batch_and_a_full_queue_says_so(
    shared: Server, here: World, machine: Machine
) -> None:
    machine.send(signal.SIGSTOP)
    try:
        batch = [job_for(here, priority=number) for number in range(1, 7)]
        first = job_for(here, priority=0)
        assert [shared.post("/analyze", job).status_code for job in (*batch, first)] == [202] * 7
        # Redis has given one or two to the worker that does not move, so a few more have room.
        while (full := shared.post("/analyze", job_for(here, priority=9, audio="missing.wav"))).status_code == 202:
            pass
        assert (full.status_code, full.json()["code"]) == (429, "queue_full")
        assert int(full.headers["retry-after"]) > 0
        assert shared.get("/health/ready").json()["status"] == "busy"
    finally:
        machine.send(signal.SIGCONT)
    for job in (first, *batch):
        here.terminal(job["job_id"], timeout_s=60)
    order = [hook.body["job_id"] for hook in here.webhooks if hook.body["type"] == "analysis.completed"]
    assert order.index(first["job_id"]) < min(order.index(job["job_id"]) for job in batch[2:])


def test_the_job_of_a_killed_worker_is_forgotten_and_runs_when_it_is_sent_again(here: World, tmp_path: Path) -> None:
    job = job_for(here)

    def ask() -> int:
        return alone.get(f"/analyze/{job['job_id']}").status_code

    with (
        EmbeddedValkey(tmp_path) as valkey,
        worker(valkey) as doomed,
        server(REDIS_URL=valkey.url, ANALYSIS_WORKERS="1") as alone,
    ):
        here.delays["austen-0930.flac"] = 5
        assert alone.post("/analyze", job).status_code == 202
        wait_for(lambda: alone.get(f"/analyze/{job['job_id']}").json()["status"] == "processing")
        processes = doomed.family()
        doomed.kill()
        wait_for(lambda: not any(is_alive(pid) for pid in processes))
        assert ask() == 200
        wait_for(lambda: ask() == 404, timeout_s=LEASE_S + 10)
        here.delays.clear()
        with worker(valkey):
            assert alone.post("/analyze", job).status_code == 202
            here.terminal(job["job_id"], timeout_s=60)
            time.sleep(1)
            assert ends(here, job["job_id"]) == ["analysis.completed"]


def test_a_job_that_the_queue_has_lost_is_forgotten(shared: Server, here: World, valkey: EmbeddedValkey) -> None:
    job = job_for(here)
    with redis.Redis.from_url(valkey.url) as stranger:
        known = job_for(here)
        assert shared.post("/analyze", known).status_code == 202
        here.terminal(known["job_id"])
        record = stranger.hgetall(f"yousync:analysis:job:{known['job_id']}")
        lost = {b"run": b"x", b"status": b"queued", b"stage": b"queued", b"progress": b"0", b"error_code": b""}
        lost |= {b"request": record[b"request"], b"queued_at": str(time.time() - 11).encode()}
        stranger.hset(f"yousync:analysis:job:{job['job_id']}", mapping=lost)
    assert shared.get(f"/analyze/{job['job_id']}").status_code == 404
    assert shared.post("/analyze", job).status_code == 202
    assert here.terminal(job["job_id"]).body["type"] == "analysis.completed"


def test_a_worker_that_is_told_to_stop_finishes_its_jobs(here: World, valkey: EmbeddedValkey, shared: Server) -> None:
    # What the workers of other tests have announced is good for a while.
    wait_for(lambda: shared.get("/health/ready").json()["workers_ready"] == 1)
    with worker(valkey) as leaving:
        wait_for(lambda: shared.get("/health/ready").json()["workers_ready"] == 2, timeout_s=60)
        jobs = [job_for(here) for _ in range(6)]
        for job in jobs:
            assert shared.post("/analyze", job).status_code == 202
        leaving.process.send_signal(signal.SIGTERM)
        assert leaving.process.wait(timeout=60) == 0
    for job in jobs:
        here.terminal(job["job_id"], timeout_s=60)
        assert ends(here, job["job_id"]) == ["analysis.completed"]


def test_while_redis_is_away_the_server_says_so_and_both_find_their_way_back(
    shared: Server, here: World, valkey: EmbeddedValkey
) -> None:
    valkey.kill()
    job = job_for(here)
    for answer in (shared.post("/analyze", job), shared.get(f"/analyze/{job['job_id']}")):
        assert (answer.status_code, answer.json()["code"]) == (503, "queue_away")
        assert answer.headers["retry-after"]
    assert shared.get("/health/ready").json()["status"] == "queue_away"
    assert shared.get("/health/live").status_code == 200
    valkey.launch()
    valkey.wait_ready()
    wait_for(lambda: shared.post("/analyze", job).status_code == 202)
    assert here.terminal(job["job_id"], timeout_s=60).body["type"] == "analysis.completed"


def test_a_worker_without_redis_does_not_start(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "celery", "-A", "analysis.queueing.tasks", "worker"]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "needs REDIS_URL" in ended.stderr and "Traceback" not in ended.stderr
