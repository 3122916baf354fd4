"""The pipeline on real servers, from upload to scores, also across outages and restarts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.embedded import EmbeddedPostgres, EmbeddedS3
from tests.conftest import MakeApi
from tests.support.audio import encode
from tests.support.factories import (
    OTHER_AUDIO,
    Learner,
    dubbable_line,
    follow,
    make_job,
    read_events,
    report,
    somebody,
    upload,
    wait_for_end,
)
from tests.support.fake_analysis_server import FakeAnalysisServer, SwitchableProxy
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def http(pipeline: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pipeline.url, timeout=30) as client:
        yield client


@pytest.fixture
def learner(http: httpx.Client) -> Learner:
    return somebody(http)


SCORES = ("pronunciation_score", "intonation_score", "emotion_score", "overall_score")


def test_recording_is_scored_and_its_progress_streamed(http: httpx.Client, learner: Learner, line: int) -> None:
    accepted = upload(http, learner, line, encode("webm"))
    assert accepted.status_code == 202
    with follow(http, accepted.json()["progress_url"]) as response:
        events = list(read_events(response))
    progress = [event.data["progress"] for event in events]
    assert progress == sorted(progress)
    assert len({event.data["stage"] for event in events}) >= 5
    last = events[-1].data
    assert last["status"] == "completed"
    result = http.get(accepted.json()["result_url"], headers=learner.headers).json()
    assert result["attempt_class"] == "scored"
    assert all(0 <= result[name] <= 100 for name in SCORES)
    assert {name: result[name] for name in SCORES} == {name: last["result"][name] for name in SCORES}
    words = [word["text"] for word in result["detailed_feedback"]["words"]]
    assert "young" in [word.strip(".").lower() for word in words]
    assert result["overall_score"] >= 90  # the recording is the reference audio, encoded again


@pytest.mark.parametrize(
    ("audio", "expected"),
    [(OTHER_AUDIO.read_bytes, {"wrong_sentence"}), (lambda: encode("wav", 3), {"no_speech"})],
    ids=["another sentence", "silence"],
)
def test_other_sentences_and_silence_get_no_scores(
    http: httpx.Client, learner: Learner, line: int, audio: Any, expected: set[str]
) -> None:
    job_id = upload(http, learner, line, audio()).json()["job_id"]
    result = wait_for_end(http, learner, job_id)
    assert (result["status"], result["attempt_class"] in expected) == ("completed", True), result
    assert [result[name] for name in SCORES] == [None] * 4


def test_reference_pitch_is_computed_after_the_response(http: httpx.Client, line: int) -> None:
    pitch = wait_until(lambda: http.get(f"/api/tokens/{line}").json()["reference_pitch"])
    assert 0.5 < pitch["hop_s"] * len(pitch["semitones"]) / 2.99 < 1.5
    assert any(value is not None for value in pitch["semitones"])


def test_job_accepted_during_an_analysis_outage_completes_later(make_api: MakeApi, analysis: ServerProcess) -> None:
    with SwitchableProxy(analysis.port) as door:
        server = make_api(door.url, JOB_RETRY_MAX_S="0.5")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            wait_until(lambda: f"job {job_id} waits" in server.log)
            assert client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json()["stage"] == "stored"
            door.open()
            assert wait_for_end(client, who, job_id)["status"] == "completed"


def test_sigkill_right_after_the_response_loses_nothing(make_api: MakeApi, analysis: ServerProcess) -> None:
    with SwitchableProxy(analysis.port) as door:
        server = make_api(door.url, JOB_RETRY_MAX_S="0.5")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            server.kill()
            door.open()
            server.start()
            assert wait_for_end(client, who, job_id)["status"] == "completed"


def test_restarted_server_polls_dispatched_jobs_at_once(make_api: MakeApi) -> None:
    with FakeAnalysisServer() as fake:
        # With Redis, other processes may hold the leases, so a restarted server would wait for them to end.
        server = make_api(fake.url, JOB_REPORT_TIMEOUT_S="3600", REDIS_URL=None)
        with httpx.Client(base_url=server.url) as client:
            make_job(client, somebody(client), dubbable_line(client))
            fake.wait_for_jobs(1)
            server.kill()
            server.start()
            fake.wait_for_jobs(2)


def test_spooled_recording_survives_sigkill_during_a_store_outage(
    make_api: MakeApi, analysis: ServerProcess, own_s3: EmbeddedS3
) -> None:
    settings = {"JOB_RETRY_MAX_S": "0.5", "JOB_LEASE_S": "3", **own_s3.account.environment()}
    server = make_api(analysis.url, **settings)
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who, line = somebody(client), dubbable_line(client)
        own_s3.kill()
        try:
            job_id = make_job(client, who, line)
            assert client.get("/health/ready").json()["checks"]["storage"] == "down"
            server.kill()
        finally:
            own_s3.restart()
        assert (Path(server.env["SPOOL_DIR"]) / job_id).exists()
        server.start()
        assert wait_for_end(client, who, job_id)["status"] == "completed"
        assert not (Path(server.env["SPOOL_DIR"]) / job_id).exists()


def test_service_survives_a_postgres_restart(
    make_api: MakeApi, analysis: ServerProcess, own_postgres: EmbeddedPostgres
) -> None:
    server = make_api(analysis.url, DATABASE_URL=own_postgres.url, JOB_RETRY_MAX_S="0.5", JOB_LEASE_S="3")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who = somebody(client)
        job_id = make_job(client, who, dubbable_line(client))
        own_postgres.stop()
        try:
            refused = client.get("/api/scripts")
            assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
            assert refused.headers["retry-after"]
            taken = upload(client, who, 1)
            assert (taken.status_code, taken.json()["code"]) == (503, "database_unavailable")
            assert report(client, {"job_id": job_id, "result": {}}).status_code == 503
        finally:
            own_postgres.start()
        assert client.get("/api/scripts").status_code == 200
        assert wait_for_end(client, who, job_id)["status"] == "completed"
