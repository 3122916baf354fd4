"""The metrics at /metrics: content, access, and behaviour during outages."""

import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from local.embedded import EmbeddedPostgres
from tests.conftest import MakeApi
from tests.support.factories import (
    ADMIN_EMAIL,
    complete,
    follow,
    make_job,
    make_token,
    report,
    sign_in,
    upload,
    wait_for_end,
)
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until


def read(url: str, **headers: str) -> dict[tuple[str, ...], float]:
    """Returns samples by name and label values, in the order of the label names."""
    answer = httpx.get(f"{url}/metrics", headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture
def server(make_api: MakeApi) -> ServerProcess:
    return make_api(JOB_RETRY_BASE_S="30")


@pytest.fixture
def http(server: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def test_requests_are_counted_by_route_template(server: ServerProcess, http: httpx.Client) -> None:
    for path in (
        "/api/scripts/1",
        "/api/scripts/2/",
        "/api/nothing",
        f"/{uuid.uuid4()}",
        *["/api/scripts?limit=1"] * 3,
    ):
        http.get(path)
    seen = read(server.url)
    assert seen["yousync_http_requests_total", "GET", "/api/scripts/{script_id}", "404"] == 2
    assert seen["yousync_http_requests_total", "GET", "none", "404"] == 2
    assert seen["yousync_http_requests_total", "GET", "/api/scripts", "200"] == 3
    assert seen["yousync_http_request_duration_seconds_count", "GET", "/api/scripts/{script_id}"] == 2
    assert not any("/api/scripts/1" in part for name in seen for part in name)


def test_gauges_follow_open_streams_and_waiting_jobs(server: ServerProcess, http: httpx.Client) -> None:
    admin = sign_in(http, ADMIN_EMAIL)
    token = make_token(http, admin)
    assert read(server.url)["yousync_jobs_waiting", "hand_over"] == 0
    job = upload(http, admin, token["id"]).json()
    with follow(http, job["progress_url"]):
        seen = read(server.url)
        assert seen["yousync_open_streams",] == 1
        assert seen["yousync_jobs_waiting", "store"] + seen["yousync_jobs_waiting", "hand_over"] == 1
        assert seen["yousync_jobs_oldest_seconds",] > 0
    complete(http, job["job_id"])
    seen = read(server.url)
    assert seen["yousync_jobs_ended_total", "scored", "completed"] == 1
    assert seen["yousync_jobs_oldest_seconds",] == 0
    assert not any("analysis-progress" in part for name in seen if "duration" in name[0] for part in name)
    failed = make_job(http, admin, token["id"])
    report(http, {"type": "analysis.failed", "job_id": failed, "error": {"code": "audio_undecodable", "message": ""}})
    assert read(server.url)["yousync_jobs_ended_total", "audio_undecodable", "failed"] == 1


def test_a_stream_ends_with_its_connection_though_a_request_waits_behind_it(
    server: ServerProcess, http: httpx.Client
) -> None:
    admin = sign_in(http, ADMIN_EMAIL)
    path = upload(http, admin, make_token(http, admin)["id"]).json()["progress_url"]
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=30) as connection:
        connection.sendall(b"".join(f"GET {each} HTTP/1.1\r\nHost: test\r\n\r\n".encode() for each in (path, "/")))
        wait_until(lambda: read(server.url)["yousync_open_streams",] == 1)
    wait_until(lambda: read(server.url)["yousync_open_streams",] == 0)


def test_stage_durations_and_analysis_speed_are_measured(pipeline: ServerProcess) -> None:
    with httpx.Client(base_url=pipeline.url, timeout=60) as http:
        who = sign_in(http, ADMIN_EMAIL)
        before = read(pipeline.url)
        wait_for_end(http, who, make_job(http, who, make_token(http, who)["id"]))
        after = read(pipeline.url)

    def grew(*name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    for stage in ("store", "hand_over", "analysis", "total"):
        assert grew("yousync_job_stage_duration_seconds_count", stage) == 1
    parts = sum(grew("yousync_job_stage_duration_seconds_sum", stage) for stage in ("store", "hand_over", "analysis"))
    assert parts == pytest.approx(grew("yousync_job_stage_duration_seconds_sum", "total"), abs=0.01)
    assert grew("yousync_analysis_real_time_factor_count") == 1
    assert 0 < grew("yousync_analysis_real_time_factor_sum") < 20


def test_database_connections_are_returned_to_the_pool(server: ServerProcess, http: httpx.Client) -> None:
    for _ in range(20):
        http.get("/api/scripts")
    seen = read(server.url)
    assert seen["yousync_db_connections_max",] == 28
    assert seen["yousync_db_connections_in_use",] <= 3  # the sweeper's own


def test_metrics_require_the_token(make_api: MakeApi) -> None:
    server = make_api(METRICS_TOKEN="a-token-for-prometheus")
    for given in (None, "wrong", "é"):
        headers = [(b"Authorization", f"Bearer {given}".encode())] if given else []
        answer = httpx.get(f"{server.url}/metrics", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert read(server.url, Authorization="Bearer a-token-for-prometheus")


def test_metrics_are_served_while_the_database_is_down(make_api: MakeApi, tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as postgres:
        server = make_api(DATABASE_URL=postgres.url)
    assert read(server.url)["yousync_open_streams",] == 0


def test_metrics_of_several_processes_are_combined(make_api: MakeApi, tmp_path: Path) -> None:
    shared = tmp_path / "metrics"
    shared.mkdir()
    servers = [make_api(PROMETHEUS_MULTIPROC_DIR=str(shared)) for _ in range(2)]
    for server in servers:
        httpx.get(f"{server.url}/api/scripts")
    name = ("yousync_http_requests_total", "GET", "/api/scripts", "200")
    assert [read(server.url)[name] for server in servers] == [2, 2]
