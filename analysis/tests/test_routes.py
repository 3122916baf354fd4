"""The endpoints and webhooks of a server with a queue in memory: over HTTP, with real processes and files."""

import os
import signal
import uuid
from pathlib import Path
from typing import Any

import pytest

from analysis import stages
from analysis.engine.result import AnalysisResult, ReferenceFeatures
from analysis.problem_details import MEDIA_TYPE
from analysis.stages import Stage
from analysis.tests.support.analysis_server import AnalysisServer, run_analysis_server, signed_get
from analysis.tests.support.api_stub import LINE, LINE_FILE, ApiStub
from analysis.tests.support.polling import wait_until
from common.webhook_signatures import Signer

pytestmark = pytest.mark.usefixtures("reset_webhook_statuses")

OTHER_SECRET = "whsec_" + "b" * 40


def _run(server: AnalysisServer, api: ApiStub, job: dict[str, Any]) -> dict[str, Any]:
    return api.wait_for_end(server.submit(job))


def test_a_job_from_request_to_result(server: AnalysisServer, api: ApiStub) -> None:
    job = api.job()
    response = server.post("/analyze", job)
    assert response.status_code == 202
    assert response.json() == {"job_id": job["job_id"], "accepted": True}
    last = api.wait_for_end(job["job_id"])
    assert last["type"] == "analysis.completed"
    result = AnalysisResult.model_validate(last["result"])
    assert result.attempt_class == "scored"
    assert result.overall_score is not None and result.overall_score >= 95
    assert server.state(job["job_id"]) == {"status": "completed", **last}


def test_progress_webhooks_arrive_in_order_and_once(server: AnalysisServer, api: ApiStub) -> None:
    job_id = server.submit(api.job())
    api.wait_for_end(job_id)
    webhooks = api.webhooks_of(job_id)
    # The terminal webhook overtakes progress that is not sent yet, so later stages may be missing.
    expected = list(stages.STARTS_AT.items())[: len(webhooks) - 1]
    assert [(Stage(hook.body["stage"]), hook.body["progress"]) for hook in webhooks[:-1]] == expected
    assert len(webhooks) >= 4
    assert len({hook.id for hook in webhooks}) == len(webhooks)


def test_job_submitted_several_times_runs_once(server: AnalysisServer, api: ApiStub) -> None:
    api.files["once.flac"] = api.files[LINE_FILE]
    job = api.job(audio="once.flac")
    with api.holding("once.flac"):
        for _ in range(3):
            server.submit(job)
    last = api.wait_for_end(job["job_id"])
    assert server.post("/analyze/", job).status_code == 202
    assert server.state(job["job_id"]) == {"status": "completed", **last}
    server.run_another_job(api)
    assert api.downloads.count("once.flac") == 1
    assert len(api.terminal_webhooks(job["job_id"])) == 1
    assert len(api.stages(job["job_id"])) == len(set(api.stages(job["job_id"])))


def test_the_same_recording_gives_the_same_result_in_every_process(server: AnalysisServer, api: ApiStub) -> None:
    job_ids = [server.submit(api.job()) for _ in range(4)]
    results = [api.wait_for_end(job_id)["result"] for job_id in job_ids]
    assert all(result == results[0] for result in results)


def test_unscorable_attempt_completes_without_scores(server: AnalysisServer, api: ApiStub) -> None:
    body = _run(server, api, api.job(audio="jfk.flac"))
    assert body["type"] == "analysis.completed"
    assert body["result"]["attempt_class"] == "wrong_sentence"
    assert body["result"]["overall_score"] is None


@pytest.mark.parametrize(
    ("audio", "code"),
    [
        ("text.wav", "audio_undecodable"),
        ("empty.wav", "audio_empty"),
        ("long.flac", "audio_too_long"),
        ("missing.wav", "audio_fetch_failed"),
        (f"redirect-{LINE_FILE}", "audio_fetch_failed"),
        ("huge.wav", "audio_too_large"),
    ],
)
def test_an_unusable_recording_fails_with_a_code(server: AnalysisServer, api: ApiStub, audio: str, code: str) -> None:
    api.files["huge.wav"] = b"RIFF" + bytes(500_000)
    job = api.job(audio=audio)
    body = _run(server, api, job)
    assert body["type"] == "analysis.failed"
    assert body["error"]["code"] == code and body["error"]["message"]
    state = server.get(f"/analyze/{job['job_id']}/").json()
    assert state["status"] == "failed" and state["error"] == body["error"]


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        ("text.wav", "reference_undecodable"),
        ("missing.flac", "reference_fetch_failed"),
        ("jfk.flac", "reference_unusable"),
    ],
)
def test_unusable_reference_audio_leaves_the_pronunciation_score(
    server: AnalysisServer, api: ApiStub, reference: str, note: str
) -> None:
    body = _run(server, api, api.job(reference_audio_url=f"{api.url}/files/{reference}"))
    result = body["result"]
    assert result["attempt_class"] == "scored" and result["overall_score"] > 80
    assert result["intonation_score"] is None and result["emotion_score"] is None
    assert result["detailed_feedback"]["notes"] == [note]


def test_a_job_without_reference_audio_gets_no_intonation_score(server: AnalysisServer, api: ApiStub) -> None:
    result = _run(server, api, api.job(reference_audio_url=None))["result"]
    assert result["pronunciation_score"] > 85 and result["intonation_score"] is None
    assert result["detailed_feedback"]["notes"] == []


def test_job_with_a_failed_download_runs_again_when_resubmitted(server: AnalysisServer, api: ApiStub) -> None:
    job = api.job(audio="later.flac")
    assert _run(server, api, job)["error"]["code"] == "audio_fetch_failed"
    api.files["later.flac"] = api.files[LINE_FILE]
    server.submit(job)
    wait_until(lambda: api.webhooks_of(job["job_id"])[-1].body["type"] == "analysis.completed")


def test_the_terminal_webhook_is_sent_until_it_is_accepted(server: AnalysisServer, api: ApiStub) -> None:
    api.webhook_statuses["analysis.completed"] = [503, 404, 429, 200]
    job_id = server.submit(api.job())
    wait_until(lambda: len(api.terminal_webhooks(job_id)) == 4)
    tries = api.terminal_webhooks(job_id)
    assert len({webhook.id for webhook in tries}) == 1
    assert api.webhooks_of(job_id)[-4:] == tries


def test_a_job_whose_webhook_is_refused_keeps_its_result(server: AnalysisServer, api: ApiStub) -> None:
    api.webhook_statuses["analysis.completed"] = [422, 200]
    job = api.job()
    body = _run(server, api, job)
    assert server.state(job["job_id"]) == {"status": "completed", **body}


def test_results_stay_until_they_are_taken_and_some_time_longer(api: ApiStub) -> None:
    with run_analysis_server(ANALYSIS_WORKERS="1", ANALYSIS_DELIVERED_KEPT_S="0.5") as server:
        taken = server.submit(api.job())
        api.wait_for_end(taken)

        def is_dropped() -> bool:
            server.run_another_job(api)
            return server.get(f"/analyze/{taken}").status_code == 404

        wait_until(is_dropped)
        api.webhook_statuses["analysis.completed"] = [503] * 1000
        refused = server.submit(api.job())
        api.wait_for_end(refused)
        for _ in range(4):
            server.run_another_job(api)
        assert server.state(refused)["status"] == "completed"


def test_a_killed_server_leaves_no_recording_behind_its_next_start(api: ApiStub, tmp_path: Path) -> None:
    settings = {"TMPDIR": str(tmp_path), "ANALYSIS_WORKERS": "1"}

    def copies() -> list[Path]:
        files = (path for path in tmp_path.rglob("*") if path.is_file())
        return [path for path in files if path.read_bytes() == api.files[LINE_FILE]]

    with run_analysis_server(**settings) as killed:
        for pid in killed.role_pids("decoder"):
            os.kill(pid, signal.SIGSTOP)
        killed.submit(api.job())
        wait_until(copies)
        killed.process.kill()
        killed.process.wait()
    assert copies(), "the test shows nothing otherwise"
    with run_analysis_server(**settings):
        assert copies() == []


@pytest.mark.parametrize("path", ["/analyze", "/analyze/", "/features", "/features/"])
def test_unsigned_and_wrongly_signed_requests_are_refused(server: AnalysisServer, api: ApiStub, path: str) -> None:
    wrong = server.post(path, api.job(), Signer([OTHER_SECRET]))
    unsigned = server.client.post(server.url + path, json={"not": "even valid"})
    for response in (wrong, unsigned):
        assert response.status_code == 401
        assert response.headers["content-type"] == MEDIA_TYPE
        assert response.json()["code"] == "bad_signature"


def test_a_signed_request_serves_once(server: AnalysisServer, api: ApiStub) -> None:
    job_id = server.submit(api.job())
    path = f"/analyze/{job_id}"
    headers = signed_get(path)
    assert server.client.get(server.url + path, headers=headers).status_code == 200
    fraction = headers | {"webhook-timestamp": headers["webhook-timestamp"] + ".5"}
    for again in (headers, fraction):
        repeated = server.client.get(server.url + path, headers=again)
        assert (repeated.status_code, repeated.json()["code"]) == (409, "request_repeated")
    api.wait_for_end(job_id)


def test_a_signed_request_serves_only_where_it_was_meant(server: AnalysisServer, api: ApiStub) -> None:
    job_id = server.submit(api.job())
    for path in (f"/analyze/{uuid.uuid4()}", "/health/ready", "/analyze"):
        refused = server.client.get(f"{server.url}/analyze/{job_id}", headers=signed_get(path))
        assert (refused.status_code, refused.json()["code"]) == (401, "bad_signature")
    with_slash = server.client.get(f"{server.url}/analyze/{job_id}/", headers=signed_get(f"/analyze/{job_id}"))
    assert with_slash.status_code == 200
    api.wait_for_end(job_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"job_id": "1"},
        {"audio_url": "file:///etc/passwd"},
        {"audio_url": "ftp://host/a"},
        {"text": "  "},
        {"text": "x" * 1001},
        {"language": "ko-KR"},
        {"webhook_url": None},
    ],
)
def test_an_invalid_request_is_refused_with_its_fields(
    server: AnalysisServer, api: ApiStub, changes: dict[str, Any]
) -> None:
    response = server.post("/analyze", api.job(**changes))
    assert response.status_code == 422
    body = response.json()
    assert body["code"] == "invalid_request"
    assert [error["field"] for error in body["errors"]] == list(changes)


def test_unknown_jobs_and_paths_are_404(server: AnalysisServer) -> None:
    for path in (f"/analyze/{uuid.uuid4()}", "/analyze/nonsense", "/elsewhere"):
        response = server.get(path)
        assert response.status_code == 404
        assert response.headers["content-type"] == MEDIA_TYPE
    assert server.get("/analyze").status_code == 405


def test_features_of_a_reference_recording(server: AnalysisServer, api: ApiStub) -> None:
    response = server.post("/features", _features_request(api, LINE_FILE))
    assert response.status_code == 200
    features = ReferenceFeatures.model_validate(response.json())
    assert [word.text for word in features.words] == LINE.split()
    assert features.duration_s == pytest.approx(3.29, abs=0.01)
    assert len(features.pitch_st) == len(features.energy_db) == int(features.duration_s / features.hop_s)
    starts = [word.start_s for word in features.words]
    assert None not in starts and starts == sorted(starts, key=lambda start: start or 0)


@pytest.mark.parametrize(("audio", "code"), [("text.wav", "audio_undecodable"), ("jfk.flac", "reference_unusable")])
def test_unusable_reference_audio_has_no_features(server: AnalysisServer, api: ApiStub, audio: str, code: str) -> None:
    refused = server.post("/features", _features_request(api, audio))
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def _features_request(api: ApiStub, audio: str) -> dict[str, Any]:
    return {"audio_url": f"{api.url}/files/{audio}", "text": LINE, "language": "en-US"}


def test_health_and_the_published_schema(server: AnalysisServer) -> None:
    assert server.get("/health/live").json()["status"] == "ok"
    assert server.get("/health/ready/").json()["status"] == "ready"
    document = server.get("/openapi.json").json()
    assert {"/analyze", "/analyze/{job_id}", "/features"} <= set(document["paths"])
    assert "attempt_class" in document["components"]["schemas"]["AnalysisResult"]["properties"]
