"""Analysis servers and workers on one queue in a real Redis: each job runs once, in order of priority; none is lost."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from analysis.queueing.redis_jobs import LEASE_S, MAX_ENQUEUE_S, record_key
from analysis.tests.support.analysis_server import ROOT, AnalysisServer, is_alive, run_analysis_server, signed_get
from analysis.tests.support.api_stub import LINE_FILE, ApiStub
from analysis.tests.support.celery_worker import COMMAND, CeleryWorker, run_celery_worker
from analysis.tests.support.polling import wait_until
from local.embedded import EmbeddedValkey


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path_factory.mktemp("valkey")) as running:
        yield running


@pytest.fixture(scope="module")
def worker(valkey: EmbeddedValkey) -> Iterator[CeleryWorker]:
    with run_celery_worker(valkey.url) as running:
        yield running


@pytest.fixture(scope="module")
def redis_server(valkey: EmbeddedValkey, worker: CeleryWorker) -> Iterator[AnalysisServer]:
    """A server on the Redis queue, which is ready when the worker is."""
    with run_analysis_server(REDIS_URL=valkey.url, ANALYSIS_WORKERS="1", ANALYSIS_QUEUE_SIZE="8") as running:
        yield running


def terminal_types(api: ApiStub, job_id: str) -> list[str]:
    return [webhook.body["type"] for webhook in api.terminal_webhooks(job_id)]


def test_a_worker_runs_the_job_and_every_server_knows_its_state(
    redis_server: AnalysisServer, api: ApiStub, valkey: EmbeddedValkey
) -> None:
    job = api.job()
    assert redis_server.post("/analyze", job).json() == {"job_id": job["job_id"], "accepted": True}
    last = api.wait_for_end(job["job_id"])
    assert last["type"] == "analysis.completed" and last["result"]["attempt_class"] == "scored"
    assert len(api.webhooks_of(job["job_id"])) >= 4
    state = {"status": "completed", **last}
    assert redis_server.state(job["job_id"]) == state
    with run_analysis_server(REDIS_URL=valkey.url, ANALYSIS_WORKERS="1") as other:
        assert other.state(job["job_id"]) == state
        other.submit(job)
        assert other.get("/health/ready").json()["workers_ready"] == 1
        path = f"/analyze/{job['job_id']}"
        headers = signed_get(path)
        answers = [server.client.get(server.url + path, headers=headers) for server in (redis_server, other)]
        assert [answer.status_code for answer in answers] == [200, 409]
    assert terminal_types(api, job["job_id"]) == ["analysis.completed"]


def test_job_submitted_several_times_runs_once(redis_server: AnalysisServer, api: ApiStub) -> None:
    api.files["redis-once.flac"] = api.files[LINE_FILE]
    job = api.job(audio="redis-once.flac")
    with api.holding("redis-once.flac"):
        for _ in range(4):
            redis_server.submit(job)
    api.wait_for_end(job["job_id"])
    redis_server.run_another_job(api)
    assert api.downloads.count("redis-once.flac") == 1
    assert terminal_types(api, job["job_id"]) == ["analysis.completed"]
    assert len(api.stages(job["job_id"])) == len(set(api.stages(job["job_id"])))


def test_job_with_a_failed_download_runs_again_when_resubmitted(redis_server: AnalysisServer, api: ApiStub) -> None:
    job = api.job(audio="late.flac")
    redis_server.submit(job)
    assert api.wait_for_end(job["job_id"])["error"]["code"] == "audio_fetch_failed"
    api.files["late.flac"] = api.files[LINE_FILE]
    redis_server.submit(job)
    wait_until(lambda: terminal_types(api, job["job_id"])[-1] == "analysis.completed")


def test_priority_0_overtakes_a_batch_and_a_full_queue_responds_429(
    redis_server: AnalysisServer, api: ApiStub, worker: CeleryWorker
) -> None:
    worker.send_signal(signal.SIGSTOP)
    try:
        batch = [api.job(priority=number) for number in range(1, 7)]
        first = api.job(priority=0)
        for job in (*batch, first):
            redis_server.submit(job)
        _fill_queue(redis_server, api)
        assert redis_server.get("/health/ready").json()["status"] == "busy"
    finally:
        worker.send_signal(signal.SIGCONT)
    for job in (first, *batch):
        api.wait_for_end(job["job_id"], timeout_s=60)
    order = [webhook.body["job_id"] for webhook in api.webhooks if webhook.body["type"] == "analysis.completed"]
    assert order.index(first["job_id"]) < min(order.index(job["job_id"]) for job in batch[2:])


def _fill_queue(server: AnalysisServer, api: ApiStub) -> None:
    """Submits jobs until the queue is full. The stopped worker may hold one or two, so there is room for a few."""

    def is_full() -> bool:
        response = server.post("/analyze", api.job(priority=9, audio="missing.wav"))
        if response.status_code == 202:
            return False
        assert (response.status_code, response.json()["code"]) == (429, "queue_full")
        return int(response.headers["retry-after"]) > 0

    wait_until(is_full)


def test_job_of_a_killed_worker_is_abandoned_and_runs_when_resubmitted(api: ApiStub, tmp_path: Path) -> None:
    job = api.job()
    job_path = f"/analyze/{job['job_id']}"
    with (
        EmbeddedValkey(tmp_path) as valkey,
        run_celery_worker(valkey.url) as killed,
        run_analysis_server(REDIS_URL=valkey.url, ANALYSIS_WORKERS="1") as server,
    ):
        with api.holding(LINE_FILE):
            server.submit(job)
            wait_until(lambda: server.state(job["job_id"])["status"] == "processing")
            pids = killed.pids()
            killed.kill()
            wait_until(lambda: not any(is_alive(pid) for pid in pids))
            assert server.get(job_path).status_code == 200
            wait_until(lambda: server.get(job_path).status_code == 404, timeout_s=LEASE_S + 10)
        with run_celery_worker(valkey.url):
            server.submit(job)
            api.wait_for_end(job["job_id"], timeout_s=60)
            server.run_another_job(api)
            assert terminal_types(api, job["job_id"]) == ["analysis.completed"]


def test_job_lost_by_the_queue_is_abandoned(redis_server: AnalysisServer, api: ApiStub, valkey: EmbeddedValkey) -> None:
    job, known = api.job(), api.job()
    redis_server.submit(known)
    api.wait_for_end(known["job_id"])
    with redis.Redis.from_url(valkey.url) as client:
        record = client.hgetall(record_key(known["job_id"]))
        lost = {b"run": b"x", b"status": b"queued", b"stage": b"queued", b"progress": b"0", b"error_code": b""}
        queued_at = str(time.time() - MAX_ENQUEUE_S - 1).encode()
        lost |= {b"request": record[b"request"], b"queued_at": queued_at}
        client.hset(record_key(job["job_id"]), mapping=lost)
    assert redis_server.get(f"/analyze/{job['job_id']}").status_code == 404
    redis_server.submit(job)
    assert api.wait_for_end(job["job_id"])["type"] == "analysis.completed"


def test_worker_finishes_its_jobs_on_sigterm(
    api: ApiStub, valkey: EmbeddedValkey, redis_server: AnalysisServer
) -> None:
    def processes() -> int:
        return int(redis_server.get("/health/ready").json()["workers_ready"])

    # Announcements of the workers of other tests expire after LEASE_S.
    wait_until(lambda: processes() == 1)
    with run_celery_worker(valkey.url) as leaving:
        wait_until(lambda: processes() == 2, timeout_s=60)
        job_ids = [redis_server.submit(api.job()) for _ in range(6)]
        leaving.process.send_signal(signal.SIGTERM)
        assert leaving.process.wait(timeout=60) == 0
    for job_id in job_ids:
        api.wait_for_end(job_id, timeout_s=60)
        assert terminal_types(api, job_id) == ["analysis.completed"]


def test_while_redis_is_down_the_server_responds_503_and_both_recover(
    redis_server: AnalysisServer, api: ApiStub, valkey: EmbeddedValkey
) -> None:
    valkey.kill()
    job = api.job()
    for response in (redis_server.post("/analyze", job), redis_server.get(f"/analyze/{job['job_id']}")):
        assert (response.status_code, response.json()["code"]) == (503, "queue_away")
        assert response.headers["retry-after"]
    assert redis_server.get("/health/ready").json()["status"] == "queue_away"
    assert redis_server.get("/health/live").status_code == 200
    valkey.launch()
    valkey.wait_ready()
    wait_until(lambda: redis_server.post("/analyze", job).status_code == 202)
    assert api.wait_for_end(job["job_id"], timeout_s=60)["type"] == "analysis.completed"


def test_a_worker_without_redis_does_not_start(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    ended = subprocess.run(COMMAND, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "needs REDIS_URL" in ended.stderr and "Traceback" not in ended.stderr
