"""The server as its callers see it: over HTTP, with real processes, files and webhooks."""

import time
import uuid
from typing import Any

import pytest

from analysis.engine.result import AnalysisResult, ReferenceFeatures
from analysis.net.signatures import Signer
from analysis.tests.support.live_server import LINE, Server, World, job_for, wait_for

pytestmark = pytest.mark.usefixtures("calm")

OTHER_SECRET = "whsec_" + "b" * 40


def _run(running: Server, here: World, job: dict[str, Any]) -> dict[str, Any]:
    assert running.post("/analyze", job).status_code == 202
    return dict(here.terminal(job["job_id"]).body)


def test_a_job_from_request_to_result(running: Server, here: World) -> None:
    job = job_for(here)
    answer = running.post("/analyze", job)
    assert answer.status_code == 202
    assert answer.json() == {"job_id": job["job_id"], "accepted": True}
    last = here.terminal(job["job_id"]).body
    assert last["type"] == "analysis.completed"
    result = AnalysisResult.model_validate(last["result"])
    assert result.attempt_class == "scored"
    assert result.overall_score is not None and result.overall_score >= 95
    hooks = here.of(job["job_id"])
    progress = [hook.body["progress"] for hook in hooks[:-1]]
    assert progress == sorted(set(progress)) and progress[0] == 20 and progress[-1] <= 95
    # The end overtakes progress that is still unsent: what came, came in order.
    stages = iter(["decoding", "checking", "pronunciation", "alignment", "prosody", "scoring"])
    assert all(hook.body["stage"] in stages for hook in hooks[:-1])
    assert len(hooks) >= 4
    assert len({hook.id for hook in hooks}) == len(hooks)
    state = running.get(f"/analyze/{job['job_id']}").json()
    assert state == {"status": "completed", **last}


def test_the_same_job_runs_once(running: Server, here: World) -> None:
    job = job_for(here)
    here.delays["austen-0930.flac"] = 0.3
    for _ in range(3):
        assert running.post("/analyze", job).status_code == 202
    here.terminal(job["job_id"])
    assert running.post("/analyze/", job).status_code == 202
    time.sleep(0.8)
    assert [hook.body["type"] for hook in here.of(job["job_id"])].count("analysis.completed") == 1
    news = [hook.body["stage"] for hook in here.of(job["job_id"])]
    assert len(news) == len(set(news))


def test_the_same_recording_gives_the_same_result_in_every_process(running: Server, here: World) -> None:
    jobs = [job_for(here) for _ in range(4)]
    for job in jobs:
        assert running.post("/analyze", job).status_code == 202
    results = [here.terminal(job["job_id"]).body["result"] for job in jobs]
    assert all(result == results[0] for result in results)


def test_unscorable_attempts_complete_without_scores(running: Server, here: World) -> None:
    body = _run(running, here, job_for(here, audio="jfk.flac"))
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
        ("redirect-austen-0930.flac", "audio_fetch_failed"),
        ("huge.wav", "audio_too_large"),
    ],
)
def test_recordings_that_cannot_be_used_fail_with_a_code(running: Server, here: World, audio: str, code: str) -> None:
    here.files["huge.wav"] = b"RIFF" + bytes(500_000)
    job = job_for(here, audio=audio)
    body = _run(running, here, job)
    assert body["type"] == "analysis.failed"
    assert body["error"]["code"] == code and body["error"]["message"]
    state = running.get(f"/analyze/{job['job_id']}/").json()
    assert state["status"] == "failed" and state["error"] == body["error"]


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        ("text.wav", "reference_undecodable"),
        ("missing.flac", "reference_fetch_failed"),
        ("jfk.flac", "reference_unusable"),
    ],
)
def test_a_bad_reference_costs_only_the_comparison(running: Server, here: World, reference: str, note: str) -> None:
    body = _run(running, here, job_for(here, reference_audio_url=f"{here.url}/files/{reference}"))
    result = body["result"]
    assert result["attempt_class"] == "scored" and result["overall_score"] > 80
    assert result["intonation_score"] is None and result["emotion_score"] is None
    assert result["detailed_feedback"]["notes"] == [note]


def test_a_job_without_reference(running: Server, here: World) -> None:
    result = _run(running, here, job_for(here, reference_audio_url=None))["result"]
    assert result["pronunciation_score"] > 85 and result["intonation_score"] is None
    assert result["detailed_feedback"]["notes"] == []


def test_a_failure_of_the_network_may_be_sent_again(running: Server, here: World) -> None:
    job = job_for(here, audio="later.flac")
    assert _run(running, here, job)["error"]["code"] == "audio_fetch_failed"
    here.files["later.flac"] = here.files["austen-0930.flac"]
    assert running.post("/analyze", job).status_code == 202
    wait_for(lambda: here.of(job["job_id"])[-1].body["type"] == "analysis.completed")


def test_the_result_is_sent_until_it_is_taken(running: Server, here: World) -> None:
    job = job_for(here)
    here.answers["analysis.completed"] = [503, 404, 429, 200]
    assert running.post("/analyze", job).status_code == 202
    wait_for(lambda: len([h for h in here.of(job["job_id"]) if h.body["type"] == "analysis.completed"]) == 4)
    tries = [hook for hook in here.of(job["job_id"]) if hook.body["type"] == "analysis.completed"]
    assert len({hook.id for hook in tries}) == 1
    assert here.of(job["job_id"])[-4:] == tries


def test_a_result_that_is_refused_for_good_is_not_sent_again(running: Server, here: World) -> None:
    job = job_for(here)
    here.answers["analysis.completed"] = [422, 200]
    _run(running, here, job)
    time.sleep(1.2)
    assert len([hook for hook in here.of(job["job_id"]) if hook.body["type"] == "analysis.completed"]) == 1
    assert running.get(f"/analyze/{job['job_id']}").json()["status"] == "completed"


@pytest.mark.parametrize("path", ["/analyze", "/analyze/", "/features", "/features/"])
def test_unsigned_and_wrongly_signed_requests_are_refused(running: Server, here: World, path: str) -> None:
    wrong = running.post(path, job_for(here), Signer([OTHER_SECRET]))
    unsigned = running.client.post(running.url + path, json={"not": "even valid"})
    for answer in (wrong, unsigned):
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "bad_signature"


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
def test_wrong_requests_are_named(running: Server, here: World, changes: dict[str, Any]) -> None:
    answer = running.post("/analyze", job_for(here, **changes))
    assert answer.status_code == 422
    body = answer.json()
    assert body["code"] == "invalid_request"
    assert [error["field"] for error in body["errors"]] == list(changes)


def test_unknown_jobs_and_paths_are_404(running: Server) -> None:
    for path in (f"/analyze/{uuid.uuid4()}", "/analyze/nonsense", "/elsewhere"):
        answer = running.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    assert running.get("/analyze").status_code == 405


def test_reference_features(running: Server, here: World) -> None:
    body = {"audio_url": f"{here.url}/files/austen-0930.flac", "text": LINE, "language": "en-US"}
    answer = running.post("/features", body)
    assert answer.status_code == 200
    features = ReferenceFeatures.model_validate(answer.json())
    assert [word.text for word in features.words] == LINE.split()
    assert features.duration_s == pytest.approx(3.29, abs=0.01)
    assert len(features.pitch_st) == len(features.energy_db) == int(features.duration_s / features.hop_s)
    starts = [word.start_s for word in features.words]
    assert None not in starts and starts == sorted(starts, key=lambda start: start or 0)
    for audio, code in (("text.wav", "audio_undecodable"), ("jfk.flac", "reference_unusable")):
        refused = running.post("/features", {**body, "audio_url": f"{here.url}/files/{audio}"})
        assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_health_and_the_published_schema(running: Server) -> None:
    assert running.get("/health/live").json()["status"] == "ok"
    assert running.get("/health/ready/").json()["status"] == "ready"
    document = running.get("/openapi.json").json()
    assert {"/analyze", "/analyze/{job_id}", "/features"} <= set(document["paths"])
    assert "attempt_class" in document["components"]["schemas"]["AnalysisResult"]["properties"]
