"""Dispatch to an analysis server that is late, full, restarted, broken or unavailable."""

import re
from contextlib import closing
from pathlib import Path

import httpx
import psycopg2
from standardwebhooks.webhooks import Webhook

from local.embedded import EmbeddedS3
from tests.conftest import MakeApi
from tests.support.factories import (
    ADMIN_EMAIL,
    HUMAN_AUDIO,
    Learner,
    dubbable_line,
    make_job,
    make_token,
    report,
    sign_in,
    somebody,
    wait_for_end,
)
from tests.support.fake_analysis_server import FakeAnalysisServer, SwitchableProxy
from tests.support.server_processes import ServerProcess, free_port
from tests.support.waiting import assert_stays, wait_until


def test_result_is_polled_when_the_webhook_is_late(make_api: MakeApi, analysis: ServerProcess) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/nothing"
    server = make_api(analysis.url, WEBHOOK_URL=nowhere, JOB_REPORT_TIMEOUT_S="0.5", JOB_RETRY_MAX_S="0.5")
    with httpx.Client(base_url=server.url) as client:
        who = somebody(client)
        ended = wait_for_end(client, who, make_job(client, who, dubbable_line(client)))
        assert (ended["status"], ended["attempt_class"]) == ("completed", "scored")


def test_job_lost_by_the_analysis_server_is_dispatched_again(make_api: MakeApi) -> None:
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url, JOB_REPORT_TIMEOUT_S="0.3", JOB_RETRY_MAX_S="0.3")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            wait_until(lambda: len(fake.jobs) >= 3)
            assert {body["job_id"] for body in fake.jobs} == {job_id}
            report(client, {"job_id": job_id, "result": {"overall_score": 50}})
            assert wait_for_end(client, who, job_id)["overall_score"] == 50


def test_job_carries_the_corrected_reading_of_its_line(make_api: MakeApi) -> None:
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url)
        with httpx.Client(base_url=server.url) as client:
            who, admin = somebody(client), sign_in(client, ADMIN_EMAIL)
            usual = make_token(client, admin, text="Room 237.")
            corrected = make_token(client, admin, text="Room 237.", spoken_form="room two three seven")
            jobs = {make_job(client, who, token["id"]): token["id"] for token in (usual, corrected)}
            fake.wait_for_jobs(2)
            sent = {jobs[body["job_id"]]: (body["text"], body.get("spoken_form")) for body in fake.jobs}
            assert sent == {
                usual["id"]: ("Room 237.", None),
                corrected["id"]: ("Room 237.", "room two three seven"),
            }


def test_job_fails_after_the_last_attempt(make_api: MakeApi) -> None:
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url, JOB_ATTEMPTS_MAX="3", JOB_RETRY_BASE_S="0.1", JOB_RETRY_MAX_S="0.2")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            broken = {"type": "analysis.failed", "job_id": job_id, "error": {"code": "analysis_crashed"}}
            for attempt in (1, 2, 3):
                fake.wait_for_jobs(attempt)
                wait_until(lambda: report(client, broken).json()["changed"])
            ended = wait_for_end(client, who, job_id)
            assert (ended["status"], ended["error"]["code"]) == ("failed", "analysis_crashed")
            assert len(fake.jobs) == 3


def test_rejected_request_fails_without_retry(make_api: MakeApi) -> None:
    with FakeAnalysisServer(answer=(422, {"code": "text_unreadable"})) as fake:
        server = make_api(fake.url)
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            ended = wait_for_end(client, who, make_job(client, who, dubbable_line(client)))
            assert (ended["status"], ended["error"]["code"]) == ("failed", "text_unreadable")
            assert ended["error"]["message"]


def test_job_past_its_deadline_fails_with_analysis_unavailable(make_api: MakeApi) -> None:
    server = make_api(JOB_DEADLINE_S="1", JOB_RETRY_MAX_S="0.3")
    with httpx.Client(base_url=server.url) as client:
        who = somebody(client)
        ended = wait_for_end(client, who, make_job(client, who, dubbable_line(client)))
        assert (ended["status"], ended["error"]["code"]) == ("failed", "analysis_unavailable")
        assert list(Path(server.env["SPOOL_DIR"]).iterdir()) == [Path(server.env["SPOOL_DIR"]) / "spool.id"]


def test_server_restarted_after_the_deadline_tries_once(make_api: MakeApi, analysis: ServerProcess) -> None:
    with SwitchableProxy(analysis.port) as door:
        server = make_api(door.url, JOB_DEADLINE_S="3", SWEEP_INTERVAL_S="30", REDIS_URL=None)
        with httpx.Client(base_url=server.url) as client:
            who, line = somebody(client), dubbable_line(client)
            job_id = make_job(client, who, line)
            wait_until(lambda: stage_of(client, who, job_id) == "stored")
            server.kill()
            wait_until(lambda: is_older_than_3_s(server, job_id))
            door.open()
            server.start()
            assert wait_for_end(client, who, job_id)["status"] == "completed"


def test_repeated_failure_report_costs_one_attempt(make_api: MakeApi) -> None:
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url, JOB_ATTEMPTS_MAX="3", JOB_RETRY_BASE_S="1")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            broken = {"type": "analysis.failed", "job_id": job_id, "error": {"code": "analysis_crashed"}}
            fake.wait_for_jobs(1)
            wait_until(lambda: report(client, broken).json()["changed"])
            assert [report(client, broken).json()["changed"] for _ in range(5)] == [False] * 5
            fake.wait_for_jobs(2)
            report(client, {"job_id": job_id, "result": {"overall_score": 50}})
            assert wait_for_end(client, who, job_id)["overall_score"] == 50


def test_failure_report_repeated_during_the_next_attempt_does_not_end_it(make_api: MakeApi) -> None:
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url, JOB_ATTEMPTS_MAX="2", JOB_RETRY_BASE_S="0.1", JOB_RETRY_MAX_S="0.2")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            broken = {"type": "analysis.failed", "job_id": job_id, "error": {"code": "analysis_crashed"}}
            fake.wait_for_jobs(1)
            wait_until(lambda: report(client, broken, message_id="msg_of_attempt_1").json()["changed"])
            fake.wait_for_jobs(2)
            wait_until(lambda: stage_of(client, who, job_id) == "dispatched")
            for _ in range(3):
                assert not report(client, broken, message_id="msg_of_attempt_1").json()["changed"]
            assert stage_of(client, who, job_id) == "dispatched"
            assert report(client, broken, message_id="msg_of_attempt_2").json()["changed"]
            assert wait_for_end(client, who, job_id)["status"] == "failed"


def test_store_outage_costs_no_attempts(make_api: MakeApi, own_s3: EmbeddedS3) -> None:
    settings = {"JOB_ATTEMPTS_MAX": "2", "JOB_RETRY_BASE_S": "0.1", "JOB_RETRY_MAX_S": "0.3"}
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url, **settings, **own_s3.account.environment())
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            unfetched = {"type": "analysis.failed", "job_id": job_id, "error": {"code": "audio_fetch_failed"}}
            fake.wait_for_jobs(1)
            own_s3.kill()
            try:
                wait_until(lambda: report(client, unfetched).json()["changed"])
                wait_until(lambda: server.log.count(f"job {job_id} waits") >= 3)
                assert len(fake.jobs) == 1
            finally:
                own_s3.restart()
            fake.wait_for_jobs(2)
            report(client, {"job_id": job_id, "result": {"overall_score": 50}})
            assert wait_for_end(client, who, job_id)["overall_score"] == 50


def test_retry_after_of_days_is_capped_at_minutes(make_api: MakeApi) -> None:
    with FakeAnalysisServer(answer=(503, {"code": "stopping"}), headers={"Retry-After": "864000"}) as fake:
        server = make_api(fake.url)
        with httpx.Client(base_url=server.url) as client:
            job_id = make_job(client, somebody(client), dubbable_line(client))
            said = re.compile(rf"job {job_id} waits ([\d.]+) s")
            wait_until(lambda: said.search(server.log))
            (waits_s,) = said.findall(server.log)
            assert 300 <= float(waits_s) <= 450


def stage_of(client: httpx.Client, who: Learner, job_id: str) -> str:
    return str(client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json()["stage"])


def test_retry_after_of_a_full_analysis_queue_is_respected(make_api: MakeApi) -> None:
    with FakeAnalysisServer(answer=(429, {"code": "queue_full"}), headers={"Retry-After": "1"}) as fake:
        server = make_api(fake.url, JOB_RETRY_MAX_S="0.2")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            fake.wait_for_jobs(1)
            assert_stays(lambda: len(fake.jobs) == 1, duration_s=0.7)
            fake.answer = (202, {"accepted": True})
            fake.wait_for_jobs(2)
            state = client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json()
            assert state["status"] == "processing"


def test_full_analysis_queue_is_not_probed_for_every_waiting_job(make_api: MakeApi) -> None:
    with FakeAnalysisServer(answer=(429, {"code": "queue_full"}), headers={"Retry-After": "1"}) as fake:
        server = make_api(fake.url, SWEEP_INTERVAL_S="1")
        with httpx.Client(base_url=server.url, timeout=30) as client:
            who, line = somebody(client), dubbable_line(client)
            job_ids = {make_job(client, who, line) for _ in range(20)}
            wait_until(lambda: all(stage_of(client, who, job_id) == "stored" for job_id in job_ids))
            before = len(fake.jobs)
            # Probing for every job would make about 100 requests in 5 s.
            assert_stays(lambda: len(fake.jobs) - before < 50, duration_s=5)
            assert len(fake.jobs) > before
            fake.answer = (202, {"accepted": True})
            wait_until(lambda: handed(server) == job_ids)


def is_older_than_3_s(server: ServerProcess, job_id: str) -> bool:
    with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT now() > created_at + interval '3.1 s' FROM analysis_results WHERE job_id = %s", [job_id])
        (is_older,) = cursor.fetchone() or (False,)
        return bool(is_older)


def handed(server: ServerProcess) -> set[str]:
    with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT job_id::text FROM analysis_results WHERE dispatched_at IS NOT NULL")
        return {job_id for (job_id,) in cursor.fetchall()}


def test_analysis_request_is_signed_and_matches_the_contract(make_api: MakeApi) -> None:
    with FakeAnalysisServer() as fake:
        server = make_api(fake.url)
        with httpx.Client(base_url=server.url) as client:
            who, line = somebody(client), dubbable_line(client)
            job_id = make_job(client, who, line)
            wait_until(lambda: bool(fake.jobs))
    body, headers, raw = fake.jobs[0], fake.headers[0], fake.bodies[0]
    Webhook(server.env["WEBHOOK_SECRET"]).verify(raw, headers)
    assert set(body) == {
        "job_id",
        "audio_url",
        "reference_audio_url",
        "text",
        "language",
        "token_id",
        "reference_features_url",
        "webhook_url",
        "priority",
    }
    assert body["priority"] == 0
    assert (body["job_id"], body["token_id"], body["webhook_url"]) == (job_id, line, server.env["WEBHOOK_URL"])
    assert httpx.get(body["audio_url"]).content == HUMAN_AUDIO.read_bytes()
