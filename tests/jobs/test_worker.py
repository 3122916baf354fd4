"""Workers that share a Redis with API servers: division of work, failover and recovery."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg2
import pytest
import redis

from core.settings import ROOT
from jobs.task_queue import HEARTBEAT_TTL_S
from local.embedded import EmbeddedValkey
from tests.conftest import MakeApi
from tests.support.cluster import Workers, valkey, workers
from tests.support.factories import (
    complete,
    dubbable_line,
    follow,
    make_job,
    read_events,
    report,
    somebody,
    wait_for_end,
)
from tests.support.fake_analysis_server import FakeAnalysisServer
from tests.support.server_processes import ServerProcess, free_port
from tests.support.waiting import wait_until


@dataclass
class Cluster:
    """An API server and a worker that share a Redis, with a fake analysis server."""

    fake: FakeAnalysisServer
    server: ServerProcess
    workers: Workers
    client: httpx.Client
    metrics_url: str

    def jobs_of(self, job_ids: set[str]) -> list[str]:
        """Returns the ids of these jobs as often as they were sent to the analysis server."""
        return [body["job_id"] for body in self.fake.jobs if body["job_id"] in job_ids]


@pytest.fixture(scope="module")
def cluster(make_api: MakeApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "metrics").mkdir()
    address = f"127.0.0.1:{free_port()}"
    settings = {"WORKER_METRICS_ADDRESS": address, "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics")}
    with valkey(folder) as shared, FakeAnalysisServer() as fake:
        # A worker may take 30 s to stop, and the fake one never reports: jobs must not be polled for and sent again.
        server = make_api(fake.url, REDIS_URL=shared.url, JOB_REPORT_TIMEOUT_S="300")
        with (
            workers(server, folder, **settings) as team,
            httpx.Client(base_url=server.url, timeout=30) as client,
        ):
            yield Cluster(fake, server, team, client, f"http://{address}/metrics")


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with valkey(tmp_path) as server:
        yield server


def column(server: ServerProcess, job_id: str, name: str) -> object:
    with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM analysis_results WHERE job_id = %s", [job_id])
        (value,) = cursor.fetchone() or (None,)
    return value


def run_sql(server: ServerProcess, statement: str) -> None:
    with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)


def test_worker_dispatches_a_job_stored_by_the_api_server(
    make_api: MakeApi, bus: EmbeddedValkey, tmp_path: Path
) -> None:
    # Only the worker can reach the analysis server.
    server = make_api("http://127.0.0.1:9", REDIS_URL=bus.url)
    with (
        FakeAnalysisServer() as fake,
        workers(server, tmp_path, TARGET_SERVER_URL=fake.url),
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):
        who = somebody(client)
        job_id = make_job(client, who, dubbable_line(client))
        with follow(client, f"/api/tokens/analysis-progress/{job_id}", **who.headers) as stream:
            events = read_events(stream)
            # Events of the worker reach the API server.
            assert any(event.data["stage"] == "dispatched" for event in events)
            complete(client, job_id)
            assert list(events)[-1].data["status"] == "completed"
        assert not (Path(server.env["SPOOL_DIR"]) / job_id).exists()
        assert [body["job_id"] for body in fake.jobs] == [job_id]
        assert f"job {job_id} waits" not in server.log


def test_api_server_processes_jobs_without_workers(
    make_api: MakeApi, analysis: ServerProcess, bus: EmbeddedValkey
) -> None:
    server = make_api(analysis.url, REDIS_URL=bus.url)
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who = somebody(client)
        assert wait_for_end(client, who, make_job(client, who, dubbable_line(client)))["status"] == "completed"
    assert "no worker is running" in server.log


@pytest.mark.parametrize("gone", ["workers", "redis"])
def test_api_server_takes_over_when_workers_or_redis_die(
    make_api: MakeApi, bus: EmbeddedValkey, tmp_path: Path, gone: str
) -> None:
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url, REDIS_URL=bus.url, JOB_LEASE_S="3")
        with workers(server, tmp_path) as team, httpx.Client(base_url=server.url, timeout=30) as client:
            who, line = somebody(client), dubbable_line(client)
            if gone == "redis":
                bus.kill()
            else:
                team.made[0].kill()
            job_id = make_job(client, who, line)
            wait_until(lambda: [body["job_id"] for body in fake.jobs] == [job_id], timeout_s=HEARTBEAT_TTL_S + 30)
            report(client, {"job_id": job_id, "result": {"overall_score": 50}})
            assert wait_for_end(client, who, job_id)["overall_score"] == 50
            bus.launch()
            bus.wait_ready()


def test_worker_reconnects_after_redis_was_killed(make_api: MakeApi, bus: EmbeddedValkey, tmp_path: Path) -> None:
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url, REDIS_URL=bus.url)
        with workers(server, tmp_path) as team, httpx.Client(base_url=server.url, timeout=30) as client:
            bus.kill()
            wait_until(lambda: "no worker is running" in server.log or "cannot be queued" in server.log)
            bus.launch()
            bus.wait_ready()
            with redis.Redis.from_url(bus.url) as shared:
                shared.delete("yousync:served")

                def serves() -> bool:
                    team.start_ended()
                    return bool(shared.exists("yousync:served"))

                wait_until(serves)
            make_job(client, somebody(client), dubbable_line(client))
            fake.wait_for_jobs(1)


def test_lost_and_duplicate_tasks_are_harmless(cluster: Cluster, tmp_path: Path) -> None:
    client, server = cluster.client, cluster.server
    job_id = make_job(client, somebody(client), dubbable_line(client))
    wait_until(lambda: column(server, job_id, "attempts") == 1)
    call = [sys.executable, "-m", "celery", "-A", "tasks.worker", "call", "advance", "--args", f'["{job_id}"]']
    for _ in range(2):
        env = {**cluster.workers.beat.env, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
        subprocess.run(call, cwd=ROOT, env=env, check=True, capture_output=True)
    run_sql(
        server, f"UPDATE analysis_results SET dispatched_at = NULL, next_attempt_at = now() WHERE job_id = '{job_id}'"
    )
    wait_until(lambda: column(server, job_id, "attempts") == 2)  # the sweep found it
    assert cluster.jobs_of({job_id}) == [job_id] * 2


def test_stopped_worker_finishes_its_tasks(cluster: Cluster) -> None:
    who, line = somebody(cluster.client), dubbable_line(cluster.client)
    jobs = {make_job(cluster.client, who, line) for _ in range(6)}
    # At shutdown, billiard waits up to 30 s for acknowledgements that its main process may never receive.
    assert cluster.workers.made[-1].end(timeout_s=60) == 0
    cluster.workers.add()
    wait_until(lambda: set(cluster.jobs_of(jobs)) == jobs)
    assert len(cluster.jobs_of(jobs)) == len(jobs)


def test_further_jobs_of_a_learner_get_lower_priority(make_api: MakeApi) -> None:
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url)
        with httpx.Client(base_url=server.url, timeout=30) as client:
            line, eager, other = dubbable_line(client), somebody(client), somebody(client)
            for count in range(12):
                make_job(client, eager, line)
                fake.wait_for_jobs(count + 1)
            make_job(client, other, line)
            fake.wait_for_jobs(13)
            assert [body["priority"] for body in fake.jobs] == [*range(10), 9, 9, 0]


def test_worker_exports_metrics_of_jobs_it_ended(cluster: Cluster) -> None:
    client, taken = cluster.client, cluster.fake.answer
    cluster.fake.answer = (422, {"code": "unsupported_language"})
    try:
        who = somebody(client)
        error = wait_for_end(client, who, make_job(client, who, dubbable_line(client)))["error"]["code"]
    finally:
        cluster.fake.answer = taken
    name = f'yousync_jobs_ended_total{{outcome="{error}",status="failed"}} 1.0'
    wait_until(lambda: name in httpx.get(cluster.metrics_url).text)
    assert name not in client.get("/metrics").text


def test_a_worker_without_redis_does_not_start(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "celery", "-A", "tasks.worker", "worker"]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "SPOOL_DIR": str(tmp_path / "spool")}
    ended = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "needs REDIS_URL" in ended.stderr
    assert "Traceback" not in ended.stderr
