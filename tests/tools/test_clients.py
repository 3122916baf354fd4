"""The quick parts of `make test-clients`: raw requests of each client, preflights, and what the harness reports."""

import json
import uuid
from typing import Any

import httpx
import pytest

from tests.support.factories import HUMAN_AUDIO
from tests.support.fake_analysis_server import FakeAnalysisServer
from tests.support.server_processes import WEBHOOK_SECRET, ServerProcess
from tools.clients import preflight, raw_requests
from tools.clients.learner import require_completed
from tools.clients.stand_in import StandIn
from tools.clients.toolbox import ClientFailed


@pytest.fixture(scope="module")
def server(pipeline: ServerProcess) -> ServerProcess:
    return pipeline


@pytest.mark.parametrize("name", raw_requests.RAW_CLIENTS)
def test_raw_requests_do_the_main_job(server: ServerProcess, line: int, name: str) -> None:
    client, email = raw_requests.RAW_CLIENTS[name], f"{uuid.uuid4().hex}@yousync.test"
    accepted = raw_requests.main_job(server.url, client, email, line, HUMAN_AUDIO.read_bytes())
    require_completed(server.url, accepted)


def test_page_on_another_origin_may_use_each_operation(api: ServerProcess, client: httpx.Client) -> None:
    assert preflight.refused(api.url, client.get("/openapi.json").json()) == []


def test_operation_that_is_not_allowed_is_named() -> None:
    with FakeAnalysisServer() as server:  # it knows no preflight
        assert preflight.refused(server.url, {"paths": {"/a/{id}": {"get": {}, "parameters": []}}})[0].startswith(
            "GET /a/{id}: 501"
        )


def test_refused_request_is_reported_with_its_status(server: ServerProcess) -> None:
    with pytest.raises(ClientFailed, match="the sign-in was answered 422"):
        raw_requests.main_job(server.url, raw_requests.RAW_CLIENTS["Dart MultipartRequest"], "no address", 1, b"")


def test_stand_in_reports_jobs_once_they_are_released() -> None:
    reports: list[dict[str, Any]] = []
    with FakeAnalysisServer() as receiver, StandIn(WEBHOOK_SECRET) as stand_in:
        stand_in.holds = True
        job = {"job_id": str(uuid.uuid4()), "webhook_url": f"{receiver.url}/analyze"}
        for _ in range(2):
            answer = httpx.post(f"{stand_in.url}/analyze", content=json.dumps(job))
            assert (answer.status_code, answer.json()) == (202, {"job_id": job["job_id"], "accepted": True})
        assert receiver.jobs == []
        stand_in.release(job["job_id"])
        reports = receiver.jobs
    assert [report["type"] for report in reports] == ["analysis.progress", "analysis.completed"]
    assert all("yousync-target" in headers for headers in receiver.headers)
