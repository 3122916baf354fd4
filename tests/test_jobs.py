"""The pipeline on real servers: what a learner's recording goes through, and what it survives."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest
from standardwebhooks.webhooks import Webhook

from embedded import EmbeddedPostgres, EmbeddedS3
from tests.audio import encode
from tests.conftest import MakeApi
from tests.factories import (
    HUMAN_AUDIO,
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
from tests.stack import ServerProcess, free_port


@pytest.fixture(scope="module")
def http(pipeline: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pipeline.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def line(http: httpx.Client) -> int:
    return dubbable_line(http)


@pytest.fixture
def learner(http: httpx.Client) -> Learner:
    return somebody(http)


SCORES = ("pronunciation_score", "intonation_score", "emotion_score", "overall_score")


def test_a_recording_becomes_scores_while_its_progress_streams(http: httpx.Client, learner: Learner, line: int) -> None:
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
    assert result["overall_score"] >= 90  # it is the actor's own voice, encoded anew


@pytest.mark.parametrize(
    ("audio", "expected"),
    [(OTHER_AUDIO.read_bytes, {"wrong_sentence"}), (lambda: encode("wav", 3), {"no_speech"})],
    ids=["another sentence", "silence"],
)
def test_what_is_not_the_line_gets_no_scores(
    http: httpx.Client, learner: Learner, line: int, audio: Any, expected: set[str]
) -> None:
    job_id = upload(http, learner, line, audio()).json()["job_id"]
    result = wait_for_end(http, learner, job_id)
    assert (result["status"], result["attempt_class"] in expected) == ("completed", True), result
    assert [result[name] for name in SCORES] == [None] * 4


def test_reference_audio_gets_its_pitch_behind_the_answer(http: httpx.Client, line: int) -> None:
    give_up_at = time.monotonic() + 30
    pitch = None
    while pitch is None and time.monotonic() < give_up_at:
        pitch = http.get(f"/api/tokens/{line}").json()["reference_pitch"]
        time.sleep(0.1)
    assert pitch is not None
    assert 0.5 < pitch["hop_s"] * len(pitch["semitones"]) / 2.99 < 1.5
    assert any(value is not None for value in pitch["semitones"])


def test_a_job_accepted_while_the_analysis_server_is_down_is_finished_after(
    make_api: MakeApi, analysis: ServerProcess
) -> None:
    with Doorway(analysis.port) as door:
        server = make_api(door.url, JOB_RETRY_MAX_S="0.5")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            time.sleep(1)
            assert client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json()["stage"] == "stored"
            door.open()
            assert wait_for_end(client, who, job_id)["status"] == "completed"


def test_kill_9_right_after_the_answer_loses_nothing(make_api: MakeApi, analysis: ServerProcess) -> None:
    with Doorway(analysis.port) as door:
        server = make_api(door.url, JOB_RETRY_MAX_S="0.5")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            server.kill()
            door.open()
            server.start()
            assert wait_for_end(client, who, job_id)["status"] == "completed"


def test_a_restart_asks_at_once_after_jobs_handed_over_before(make_api: MakeApi) -> None:
    with Puppet() as puppet:
        server = make_api(puppet.url, JOB_REPORT_TIMEOUT_S="3600")
        with httpx.Client(base_url=server.url) as client:
            make_job(client, somebody(client), dubbable_line(client))
            wait_until(lambda: len(puppet.taken) == 1)
            server.kill()
            server.start()
            wait_until(lambda: len(puppet.taken) == 2)


def test_a_recording_survives_kill_9_in_its_spool_while_the_store_is_down(
    make_api: MakeApi, analysis: ServerProcess, s3: EmbeddedS3
) -> None:
    server = make_api(analysis.url, JOB_RETRY_MAX_S="0.5", JOB_LEASE_S="3")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who, line = somebody(client), dubbable_line(client)
        s3.kill()
        try:
            job_id = make_job(client, who, line)
            assert client.get("/health/ready").json()["checks"]["storage"] == "down"
            assert client.delete("/api/auth/me", headers=who.headers).json()["code"] == "storage_unavailable"
            server.kill()
        finally:
            s3.restart()
        assert (Path(server.env["SPOOL_DIR"]) / job_id).exists()
        server.start()
        assert wait_for_end(client, who, job_id)["status"] == "completed"
        assert not (Path(server.env["SPOOL_DIR"]) / job_id).exists()


def test_postgres_restarts_under_a_running_service(
    make_api: MakeApi, analysis: ServerProcess, postgres: EmbeddedPostgres
) -> None:
    server = make_api(analysis.url, JOB_RETRY_MAX_S="0.5", JOB_LEASE_S="3")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who = somebody(client)
        job_id = make_job(client, who, dubbable_line(client))
        postgres.stop()
        try:
            refused = client.get("/api/scripts")
            assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
            assert refused.headers["retry-after"]
            taken = upload(client, who, 1)
            assert (taken.status_code, taken.json()["code"]) == (503, "database_unavailable")
            assert report(client, {"job_id": job_id, "result": {}}).status_code == 503
        finally:
            postgres.start()
        assert client.get("/api/scripts").status_code == 200
        assert wait_for_end(client, who, job_id)["status"] == "completed"


def test_a_late_webhook_is_asked_for(make_api: MakeApi, analysis: ServerProcess) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/nothing"
    server = make_api(analysis.url, WEBHOOK_URL=nowhere, JOB_REPORT_TIMEOUT_S="0.5", JOB_RETRY_MAX_S="0.5")
    with httpx.Client(base_url=server.url) as client:
        who = somebody(client)
        ended = wait_for_end(client, who, make_job(client, who, dubbable_line(client)))
        assert (ended["status"], ended["attempt_class"]) == ("completed", "scored")


def test_a_job_that_the_analysis_server_forgot_is_handed_over_again(make_api: MakeApi) -> None:
    with Puppet() as puppet:
        server = make_api(puppet.url, JOB_REPORT_TIMEOUT_S="0.3", JOB_RETRY_MAX_S="0.3")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            wait_until(lambda: len(puppet.taken) >= 3)
            assert {body["job_id"] for body in puppet.taken} == {job_id}
            report(client, {"job_id": job_id, "result": {"overall_score": 50}})
            assert wait_for_end(client, who, job_id)["overall_score"] == 50


def test_an_analysis_that_always_breaks_ends_as_failed(make_api: MakeApi) -> None:
    with Puppet() as puppet:
        server = make_api(puppet.url, JOB_ATTEMPTS_MAX="3", JOB_RETRY_BASE_S="0.1", JOB_RETRY_MAX_S="0.2")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            broken = {"type": "analysis.failed", "job_id": job_id, "error": {"code": "analysis_crashed"}}
            for attempt in (1, 2, 3):
                wait_until(lambda attempt=attempt: len(puppet.taken) == attempt)
                wait_until(lambda: report(client, broken).json()["changed"])
            ended = wait_for_end(client, who, job_id)
            assert (ended["status"], ended["error"]["code"]) == ("failed", "analysis_crashed")
            assert len(puppet.taken) == 3


def test_a_request_that_the_analysis_server_refuses_fails_at_once(make_api: MakeApi) -> None:
    with Puppet(answer=(422, {"code": "text_unreadable"})) as puppet:
        server = make_api(puppet.url)
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            ended = wait_for_end(client, who, make_job(client, who, dubbable_line(client)))
            assert (ended["status"], ended["error"]["code"]) == ("failed", "text_unreadable")
            assert ended["error"]["message"]


def test_a_job_past_its_deadline_fails_with_a_reason(make_api: MakeApi) -> None:
    server = make_api(JOB_DEADLINE_S="1", JOB_RETRY_MAX_S="0.3")
    with httpx.Client(base_url=server.url) as client:
        who = somebody(client)
        ended = wait_for_end(client, who, make_job(client, who, dubbable_line(client)))
        assert (ended["status"], ended["error"]["code"]) == ("failed", "analysis_unavailable")
        assert list(Path(server.env["SPOOL_DIR"]).iterdir()) == [Path(server.env["SPOOL_DIR"]) / "spool.id"]


def test_a_server_that_was_away_beyond_the_deadline_still_tries_once(
    make_api: MakeApi, analysis: ServerProcess
) -> None:
    with Doorway(analysis.port) as door:
        server = make_api(door.url, JOB_DEADLINE_S="3", SWEEP_INTERVAL_S="30")
        with httpx.Client(base_url=server.url) as client:
            who, line = somebody(client), dubbable_line(client)
            job_id = make_job(client, who, line)
            wait_until(lambda: stage_of(client, who, job_id) == "stored")
            server.kill()
            time.sleep(3.5)
            door.open()
            server.start()
            assert wait_for_end(client, who, job_id)["status"] == "completed"


def test_a_failure_told_again_and_again_uses_up_one_attempt(make_api: MakeApi) -> None:
    with Puppet() as puppet:
        server = make_api(puppet.url, JOB_ATTEMPTS_MAX="3", JOB_RETRY_BASE_S="1")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            broken = {"type": "analysis.failed", "job_id": job_id, "error": {"code": "analysis_crashed"}}
            wait_until(lambda: len(puppet.taken) == 1)
            wait_until(lambda: report(client, broken).json()["changed"])
            assert [report(client, broken).json()["changed"] for _ in range(5)] == [False] * 5
            wait_until(lambda: len(puppet.taken) == 2)
            report(client, {"job_id": job_id, "result": {"overall_score": 50}})
            assert wait_for_end(client, who, job_id)["overall_score"] == 50


def test_a_store_that_is_down_uses_up_no_attempts(make_api: MakeApi, s3: EmbeddedS3) -> None:
    with Puppet() as puppet:
        server = make_api(puppet.url, JOB_ATTEMPTS_MAX="2", JOB_RETRY_BASE_S="0.1", JOB_RETRY_MAX_S="0.3")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            unfetched = {"type": "analysis.failed", "job_id": job_id, "error": {"code": "audio_fetch_failed"}}
            wait_until(lambda: len(puppet.taken) == 1)
            s3.kill()
            try:
                wait_until(lambda: report(client, unfetched).json()["changed"])
                wait_until(lambda: server.log.count(f"job {job_id} waits") >= 3)
                assert len(puppet.taken) == 1
            finally:
                s3.restart()
            wait_until(lambda: len(puppet.taken) == 2)
            report(client, {"job_id": job_id, "result": {"overall_score": 50}})
            assert wait_for_end(client, who, job_id)["overall_score"] == 50


def test_a_server_that_asks_to_be_left_alone_for_days_is_asked_again_within_minutes(make_api: MakeApi) -> None:
    with Puppet(answer=(503, {"code": "stopping"}), headers={"Retry-After": "864000"}) as puppet:
        server = make_api(puppet.url)
        with httpx.Client(base_url=server.url) as client:
            job_id = make_job(client, somebody(client), dubbable_line(client))
            said = re.compile(rf"job {job_id} waits ([\d.]+) s")
            wait_until(lambda: said.search(server.log))
            (waits_s,) = said.findall(server.log)
            assert 300 <= float(waits_s) <= 450


def stage_of(client: httpx.Client, who: Learner, job_id: str) -> str:
    return str(client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json()["stage"])


def test_a_full_analysis_queue_is_waited_for(make_api: MakeApi) -> None:
    with Puppet(answer=(429, {"code": "queue_full"}), headers={"Retry-After": "1"}) as puppet:
        server = make_api(puppet.url, JOB_RETRY_MAX_S="0.2")
        with httpx.Client(base_url=server.url) as client:
            who = somebody(client)
            job_id = make_job(client, who, dubbable_line(client))
            wait_until(lambda: len(puppet.taken) == 1)
            time.sleep(0.7)
            assert len(puppet.taken) == 1
            puppet.answer = (202, {"accepted": True})
            wait_until(lambda: len(puppet.taken) == 2)
            state = client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json()
            assert state["status"] == "processing"


def test_a_full_analysis_queue_is_not_asked_for_every_job_that_waits(make_api: MakeApi) -> None:
    with Puppet(answer=(429, {"code": "queue_full"}), headers={"Retry-After": "1"}) as puppet:
        server = make_api(puppet.url, SWEEP_INTERVAL_S="1")
        with httpx.Client(base_url=server.url, timeout=30) as client:
            who, line = somebody(client), dubbable_line(client)
            job_ids = {make_job(client, who, line) for _ in range(20)}
            wait_until(lambda: all(stage_of(client, who, job_id) == "stored" for job_id in job_ids))
            before = len(puppet.taken)
            time.sleep(5)
            assert 1 <= len(puppet.taken) - before < 50  # every job each time would be 100 or so
            puppet.answer = (202, {"accepted": True})
            wait_until(lambda: handed(server) == job_ids)


def handed(server: ServerProcess) -> set[str]:
    with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT job_id::text FROM analysis_results WHERE dispatched_at IS NOT NULL")
        return {job_id for (job_id,) in cursor.fetchall()}


def test_the_hand_over_is_signed_and_says_what_the_contract_says(make_api: MakeApi) -> None:
    with Puppet() as puppet:
        server = make_api(puppet.url)
        with httpx.Client(base_url=server.url) as client:
            who, line = somebody(client), dubbable_line(client)
            job_id = make_job(client, who, line)
            wait_until(lambda: bool(puppet.taken))
    body, headers, raw = puppet.taken[0], puppet.headers[0], puppet.raw[0]
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
    }
    assert (body["job_id"], body["token_id"], body["webhook_url"]) == (job_id, line, server.env["WEBHOOK_URL"])
    assert httpx.get(body["audio_url"]).content == HUMAN_AUDIO.read_bytes()


def wait_until(condition: Any, timeout_s: float = 20) -> None:
    give_up_at = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < give_up_at, "did not happen"
        time.sleep(0.02)


class Doorway:
    """A door before a real server: closed, connections are refused; open, bytes pass both ways."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Doorway":
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for each in self._sockets:
            each.close()

    def open(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._port))
        self._sockets.append(listener)
        self._run(self._serve, listener)

    def _run(self, function: Any, *args: Any) -> None:
        thread = threading.Thread(target=function, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                guest, _ = listener.accept()
                host = socket.create_connection(("127.0.0.1", self._target_port))
                self._sockets += [guest, host]
                self._run(self._pass, guest, host)
                self._run(self._pass, host, guest)

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


class Puppet:
    """Another analysis server, as the contract allows: it takes jobs, forgets them, and answers what a test says."""

    def __init__(
        self, answer: tuple[int, dict[str, Any]] = (202, {"accepted": True}), headers: dict[str, str] | None = None
    ) -> None:
        self.answer = answer
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.raw: list[bytes] = []
        puppet = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                if self.path != "/analyze":
                    return self._answer(404, {"code": "not_found"})
                puppet.raw.append(raw)
                puppet.headers.append(dict(self.headers))
                puppet.taken.append(json.loads(raw))
                self._answer(*puppet.answer)

            def do_GET(self) -> None:
                self._answer(404, {"code": "job_not_found"})

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Puppet":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
