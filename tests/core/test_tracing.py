"""Traces: one per recording through both servers, without secrets or personal data."""

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from core.settings import ROOT
from tests.conftest import MakeApi
from tests.support.cluster import valkey, workers
from tests.support.factories import (
    HUMAN_LINE,
    dubbable_line,
    follow,
    make_job,
    read_events,
    sign_in,
    somebody,
    upload,
    wait_for_end,
)
from tests.support.otlp_collector import Collector, Span, collecting
from tests.support.server_processes import WEBHOOK_SECRET, CeleryProcess, ServerProcess, free_port
from tests.support.waiting import wait_until

EMAIL = "traced.learner@secret-mail.test"
SOON = {"OTEL_BSP_SCHEDULE_DELAY": "100"}
STAGES = ("decoding", "checking", "pronunciation", "alignment", "prosody", "scoring")


@dataclass(frozen=True)
class Journey:
    """A completed upload, and the secrets that its trace must not contain."""

    job_id: str
    request_id: str
    secrets: list[str]


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
def traced_analysis(collector: Collector, scratch: Path) -> Iterator[ServerProcess]:
    env = {"WEBHOOK_SECRET": WEBHOOK_SECRET, "OTEL_EXPORTER_OTLP_ENDPOINT": f"{collector.url}/", **SOON}
    server = ServerProcess("analysis.app:app", env, scratch / "traced-analysis.log")
    yield server.start("/health/ready")
    server.end()


@pytest.fixture(scope="module")
def server(make_api: MakeApi, traced_analysis: ServerProcess, collector: Collector) -> ServerProcess:
    return make_api(traced_analysis.url, OTEL_EXPORTER_OTLP_ENDPOINT=f"{collector.url}/", **SOON)


@pytest.fixture(scope="module")
def journey(server: ServerProcess, collector: Collector) -> Journey:
    with httpx.Client(base_url=server.url, timeout=30) as http:
        line = dubbable_line(http)
        who = sign_in(http, EMAIL)
        accepted = upload(http, who, line)
        progress_url, result_url = accepted.json()["progress_url"], accepted.json()["result_url"]
        with follow(http, progress_url) as response:
            assert list(read_events(response))[-1].data["status"] == "completed"
        result = http.get(result_url, headers=who.headers).json()
        for _ in range(2):
            http.get("/api/scripts", params={"q": "words that I looked for"})
        http.get(f"/api/nothing/{EMAIL}")
        wait_until(lambda: len(searches(collector)) == 2)
    keys = ("SECRET_KEY", "WEBHOOK_SECRET", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")
    secrets = [EMAIL, "secret-mail", who.access_token, who.refresh_token, progress_url.split("ticket=")[1]]
    secrets += ["Signature=", "looked", HUMAN_LINE, result["user_audio_url"].split("?")[1], "webhook-signature"]
    secrets += [server.env[name] for name in keys]
    return Journey(accepted.json()["job_id"], accepted.headers["x-request-id"], secrets)


def searches(collector: Collector) -> list[Span]:
    reads = [span for span in collector.spans if span.attributes.get("http.request.method") == "GET"]
    return [span for span in reads if span.attributes.get("http.route") == "/api/scripts"]


@pytest.fixture(scope="module")
def trace(journey: Journey, collector: Collector) -> list[Span]:
    def uploads() -> list[Span]:
        return [span for span in collector.spans if span.attributes.get("yousync.request_id") == journey.request_id]

    wait_until(lambda: bool(uploads()))
    trace_id = uploads()[0].trace_id
    wait_until(lambda: {"analyze", "advance job"} <= {span.name for span in collector.of_trace(trace_id)})
    return collector.of_trace(trace_id)


def paths_of(trace: list[Span]) -> set[str]:
    """Returns each span as a path from the root, each part `service: name`."""
    by_id = {span.span_id: span for span in trace}

    def path(span: Span) -> list[str]:
        above = by_id.get(span.parent_id)
        return [*(path(above) if above else []), f"{span.service.removeprefix('yousync-')}: {span.name}"]

    return {" / ".join(path(span)) for span in trace}


def test_one_trace_covers_the_upload_to_the_last_webhook(trace: list[Span]) -> None:
    uploaded = "api: POST /api/tokens/{token_id}/upload-audio"
    handed_over = f"{uploaded} / api: advance job / api: POST / analysis: POST /analyze"
    reported = f"{handed_over} / analysis: POST / api: POST /api/tokens/webhook/analysis-complete"
    assert {
        uploaded,
        f"{uploaded} / api: INSERT",
        f"{uploaded} / api: advance job / api: store recording",
        handed_over,
        f"{handed_over} / analysis: queued",
        *(f"{handed_over} / analysis: analyze / analysis: {stage}" for stage in STAGES),
        f"{reported} / api: UPDATE",
    } <= paths_of(trace)


def test_spans_name_the_job_and_measure_its_stages(journey: Journey, trace: list[Span]) -> None:
    about = {span.name for span in trace if span.attributes.get("yousync.job_id") == journey.job_id}
    assert {"POST /api/tokens/{token_id}/upload-audio", "advance job", "queued", "analyze"} <= about
    assert "POST /api/tokens/webhook/analysis-complete" in about
    analyzed = next(span for span in trace if span.name == "analyze")
    stages = [span for span in trace if span.parent_id == analyzed.span_id and span.name != "GET"]
    assert len(stages) == len(STAGES)
    assert 0 < sum(span.took_s for span in stages) <= analyzed.took_s


def test_log_lines_carry_request_and_trace_ids(server: ServerProcess, journey: Journey, trace: list[Span]) -> None:
    said = [line for line in server.log.splitlines() if journey.request_id in line]
    assert said
    assert all(trace[0].trace_id in line for line in said)


def test_exported_spans_contain_no_secrets(journey: Journey, collector: Collector, trace: list[Span]) -> None:
    told = b"".join(collector.bodies).decode("latin-1")
    assert journey.job_id in told
    assert not [secret for secret in journey.secrets if secret in told]
    assert not {"url.full", "http.url", "url.path", "url.query", "db.user"} & {
        name for span in collector.spans for name in span.attributes
    }


def test_cached_response_is_named_by_its_route(collector: Collector, trace: list[Span]) -> None:
    assert [span.name for span in searches(collector)] == ["GET /api/scripts"] * 2


def test_streams_and_health_checks_are_not_traced(collector: Collector, trace: list[Span]) -> None:
    names = {span.name for span in collector.spans}
    assert not [name for name in names if "analysis-progress" in name or "/health/" in name]
    assert not [span for span in collector.spans if span.is_call and not span.parent_id]


def test_job_resumed_by_the_sweeper_starts_a_new_trace(
    make_api: MakeApi, collector: Collector, traced_analysis: ServerProcess
) -> None:
    server = make_api(f"http://127.0.0.1:{free_port()}", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **SOON)
    with httpx.Client(base_url=server.url, timeout=30) as http:
        job_id = upload(http, sign_in(http, f"{uuid.uuid4().hex}@yousync.test"), dubbable_line(http)).json()["job_id"]

    def tries() -> list[Span]:
        about = [span for span in collector.spans if span.attributes.get("yousync.job_id") == job_id]
        return [span for span in about if span.name == "advance job"]

    wait_until(lambda: len(tries()) >= 2, timeout_s=30)
    first, second = tries()[:2]
    assert first.parent_id and not second.parent_id
    assert first.trace_id != second.trace_id


def about(collector: Collector, job_id: str, name: str) -> list[Span]:
    return [span for span in collector.spans if span.name == name and span.attributes.get("yousync.job_id") == job_id]


def test_one_trace_covers_workers_of_both_kinds(make_api: MakeApi, tmp_path: Path) -> None:
    with valkey(tmp_path) as bus, collecting() as collector:
        traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "REDIS_URL": bus.url, **SOON}
        env = {"WEBHOOK_SECRET": WEBHOOK_SECRET, "ANALYSIS_WORKERS": "1", **traced}
        machine = CeleryProcess("-A analysis.queueing.tasks worker", env, tmp_path / "machine.log")
        analysis = ServerProcess("analysis.app:app", env, tmp_path / "analysis.log")
        server = make_api(analysis.url, **traced)
        try:
            machine.launch()
            analysis.start("/health/ready")
            with workers(server, tmp_path) as team, httpx.Client(base_url=server.url, timeout=30) as http:
                who, line = somebody(http), dubbable_line(http)
                job_id = make_job(http, who, line)
                assert wait_for_end(http, who, job_id)["status"] == "completed"
                analysis.end()
                late_id = make_job(http, who, line)
                wait_until(lambda: len(about(collector, late_id, "advance job")) >= 3, timeout_s=30)
                # Workers export their remaining spans when they stop.
                assert team.made[0].end(timeout_s=30) == machine.end(signal.SIGTERM, timeout_s=30) == 0
                (accepted,) = about(collector, job_id, "POST /api/tokens/{token_id}/upload-audio")
                reports = about(collector, job_id, "POST /api/tokens/webhook/analysis-complete")
                assert {span.trace_id for span in reports} == {accepted.trace_id}
        finally:
            machine.kill()
            analysis.kill()
    handed_on = f"api: {accepted.name} / api: advance job / api: apply_async/advance / worker: run/advance"
    handed_over = f"{handed_on} / worker: advance job / worker: POST / analysis: POST /analyze"
    run = f"{handed_over} / analysis: apply_async/analyze / analysis-worker: run/analyze"
    assert {
        *(f"{run} / analysis-worker: analyze / analysis-worker: {stage}" for stage in STAGES),
        f"{run} / analysis-worker: POST / api: {reports[0].name} / api: UPDATE",
    } <= paths_of(collector.of_trace(accepted.trace_id))
    last = about(collector, late_id, "advance job")[-1]
    assert paths_of(collector.of_trace(last.trace_id)) >= {
        "worker: apply_async/advance / worker: run/advance / worker: advance job / worker: POST"
    }
    assert not [span for span in collector.spans if "sweep" in span.name or "compute_due" in span.name]


def test_unavailable_collector_delays_nothing(make_api: MakeApi, analysis: ServerProcess) -> None:
    server = make_api(analysis.url, OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{free_port()}", **SOON)
    for _ in range(5):
        assert httpx.get(f"{server.url}/api/scripts").status_code == 200
    server.end(timeout_s=10)
    assert "Application shutdown complete" in server.log


@pytest.mark.parametrize("sampler", ["always_off", "parentbased_always_off"])
def test_standard_sampler_setting_is_respected(make_api: MakeApi, sampler: str) -> None:
    with collecting() as nobody:
        server = make_api(OTEL_EXPORTER_OTLP_ENDPOINT=nobody.url, OTEL_TRACES_SAMPLER=sampler, **SOON)
        assert httpx.get(f"{server.url}/api/scripts").status_code == 200
        server.end()
        assert nobody.bodies == []


@pytest.mark.parametrize("module", ["main", "analysis.app"])
def test_exporters_are_not_loaded_without_an_endpoint(module: str, base_env: dict[str, str]) -> None:
    started = f"""
import json, sys
from fastapi.testclient import TestClient
from {module} import app
with TestClient(app):
    senders = ("opentelemetry.exporter", "opentelemetry.instrumentation", "trace_export", "analysis.trace_export")
    print(json.dumps([name for name in sys.modules if name.startswith(senders)]))
"""
    env = {**base_env, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", started], cwd=ROOT, env=env, capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
