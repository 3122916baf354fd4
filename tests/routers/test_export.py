"""The export of a learner's data: one archive, streamed without holding it in memory."""

import io
import json
import re
import signal
import socket
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import psycopg2
import pytest

from local.embedded import EmbeddedS3
from tests.conftest import MakeApi
from tests.support.factories import HUMAN_AUDIO, Learner, complete, make_job, report, somebody, upload
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

LARGE_BYTES, LARGE_FILES = 20 * 1024 * 1024, 10


@pytest.fixture(scope="module")
def server(make_api: MakeApi, own_s3: EmbeddedS3) -> ServerProcess:
    settings = {"JOB_RETRY_BASE_S": "30", "RATE_LIMIT_EXPORT": "3/minute", "STREAM_SEND_TIMEOUT_S": "2"}
    return make_api(**settings, **own_s3.account.environment())


@pytest.fixture(scope="module")
def http(server: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def stored_job(http: httpx.Client, who: Learner, line: int) -> str:
    job_id = make_job(http, who, line)
    wait_until(lambda: http.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json()["user_audio_url"])
    return job_id


def export(http: httpx.Client, who: Learner) -> dict[str, bytes]:
    answer = http.get("/api/mypage/export", headers=who.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def named(files: dict[str, bytes], folder: str, job_id: str) -> bytes:
    (name,) = (name for name in files if name.startswith(folder) and job_id in name)
    return files[name]


def test_archive_contains_exactly_the_learners_own_data(http: httpx.Client, line: int) -> None:
    who, other = somebody(http), somebody(http)
    theirs = stored_job(http, other, line)
    good, failed, removed = (stored_job(http, who, line) for _ in range(3))
    complete(http, good, 81.5)
    complete(http, removed, 60.0)
    report(http, {"type": "analysis.failed", "job_id": failed, "error": {"code": "audio_undecodable"}})
    assert http.delete(f"/api/mypage/recordings/{removed}", headers=who.headers).status_code == 204
    http.post("/api/mypage/bookmarks", json={"token_id": line}, headers=who.headers)

    files = export(http, who)
    assert len(files) == 3 + 3 + 2
    account = json.loads(files["account.json"])
    assert (account["id"], account["email"]) == (who.user["id"], who.user["email"])
    assert [row["token_id"] for row in json.loads(files["bookmarks.json"])] == [line]
    result = json.loads(named(files, "results/", good))
    assert (result["overall_score"], result["detailed_feedback"]) == (81.5, {"words": []})
    assert result["line"]["text"] == "He was not an ill-disposed young man."
    assert files[result["recording"]] == HUMAN_AUDIO.read_bytes()
    assert json.loads(named(files, "results/", failed))["error_code"] == "audio_undecodable"
    assert json.loads(named(files, "results/", removed))["recording"] is None
    everything = b"".join([*files.values(), *(name.encode() for name in files)])
    assert theirs.encode() not in everything
    assert other.user["email"].encode() not in everything
    assert not re.search(rb"token_hash|refresh|eyJ", everything)


def test_new_user_can_export_and_anonymous_caller_cannot(http: httpx.Client) -> None:
    who = somebody(http)
    assert set(export(http, who)) == {"account.json", "bookmarks.json", "scene_requests.json"}
    assert http.get("/api/mypage/export").status_code == 401
    http.delete("/api/auth/me", headers=who.headers)
    gone = http.get("/api/mypage/export", headers=who.headers)
    assert (gone.status_code, gone.json()["code"]) == (401, "invalid_access_token")


def test_exports_are_rate_limited(http: httpx.Client) -> None:
    who = somebody(http)
    statuses = [http.get("/api/mypage/export", headers=who.headers).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert http.get("/api/mypage/export", headers=who.headers).json()["code"] == "too_many_exports"


def test_export_during_a_store_outage_fails_before_the_first_byte(
    http: httpx.Client, own_s3: EmbeddedS3, line: int
) -> None:
    who = somebody(http)
    own_s3.kill()
    try:
        answer = http.get("/api/mypage/export", headers=who.headers)
    finally:
        own_s3.restart()
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


@pytest.fixture(scope="module")
def collector(server: ServerProcess, http: httpx.Client, own_s3: EmbeddedS3, line: int) -> Learner:
    """A learner with 200 MB of recordings."""
    who = somebody(http)
    assert upload(http, who, line).status_code == 202
    key = f"recordings/{who.user['id']}/large.wav"
    own_s3.account.client().put_object(Bucket=own_s3.account.bucket, Key=key, Body=bytes(LARGE_BYTES))
    connection = psycopg2.connect(server.env["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        for _ in range(LARGE_FILES):
            cursor.execute(
                """INSERT INTO analysis_results (user_id, token_id, job_id, status, progress, stage, version, attempts,
                   user_audio_s3_url, audio_type, spool_id, next_attempt_at, audio_stored_at, created_at, updated_at)
                   VALUES (%s, %s, %s, 'completed', 100, 'completed', 1, 1,
                   %s, 'audio/wav', %s, now(), now(), now(), now())""",
                (who.user["id"], line, str(uuid.uuid4()), key, str(uuid.uuid4())),
            )
    connection.close()
    return who


def memory_mb(server: ServerProcess, name: str) -> float:
    status = Path(f"/proc/{server.pid}/status").read_text()
    (kilobytes,) = re.findall(rf"{name}:\s+(\d+) kB", status)
    return int(kilobytes) / 1024


def test_export_of_200_mb_uses_less_than_60_mb_of_memory(
    server: ServerProcess, http: httpx.Client, collector: Learner, tmp_path: Path
) -> None:
    before = memory_mb(server, "VmRSS")
    target = tmp_path / "export.zip"
    with http.stream("GET", "/api/mypage/export", headers=collector.headers) as answer, target.open("wb") as file:
        for piece in answer.iter_bytes():
            file.write(piece)
    with zipfile.ZipFile(target) as archive:
        sizes = [entry.file_size for entry in archive.infolist() if entry.filename.endswith(".wav")]
    assert sizes == [LARGE_BYTES] * LARGE_FILES
    assert memory_mb(server, "VmHWM") - before < 60


def start_and_freeze(server: ServerProcess, who: Learner) -> socket.socket:
    """Requests an archive, reads the status line and nothing more; returns the socket."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(
        f"GET /api/mypage/export HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {who.access_token}\r\n\r\n".encode()
    )
    assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


def read_to_the_end(connection: socket.socket) -> int:
    total = 0
    connection.settimeout(20)
    try:
        while piece := connection.recv(1 << 16):
            total += len(piece)
    except ConnectionResetError:
        pass
    return total


def test_clients_that_break_off_leave_no_error_in_the_log(make_api: MakeApi, server: ServerProcess, line: int) -> None:
    other = make_api(DATABASE_URL=server.env["DATABASE_URL"], RATE_LIMIT_EXPORT="1000/minute")
    with httpx.Client(base_url=other.url) as client:
        who = somebody(client)
        stored_job(client, who, line)
        for _ in range(40):
            start_and_freeze(other, who).close()
        for _ in range(3):
            export(client, who)
    assert "Traceback" not in other.log


def test_client_that_stops_reading_is_disconnected(server: ServerProcess, collector: Learner) -> None:
    with start_and_freeze(server, collector) as connection:
        time.sleep(4)  # twice STREAM_SEND_TIMEOUT_S, during which nothing is read
        assert read_to_the_end(connection) < LARGE_BYTES


def test_the_server_stops_in_time_during_exports(make_api: MakeApi, server: ServerProcess, collector: Learner) -> None:
    # Data in the buffers of a client that reads nothing delays uvicorn's shutdown, unless it has a timeout.
    settings = {"STREAM_SEND_TIMEOUT_S": "60", "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN": "3"}
    other = make_api(DATABASE_URL=server.env["DATABASE_URL"], **settings)
    with start_and_freeze(other, collector) as frozen, httpx.Client(base_url=other.url) as client:
        with client.stream("GET", "/api/mypage/export", headers=collector.headers) as answer:
            assert answer.status_code == 200
            started = time.monotonic()
            other.end(signal.SIGTERM, timeout_s=10)
        assert time.monotonic() - started < 5
        assert read_to_the_end(frozen) < LARGE_BYTES * LARGE_FILES


def test_streaming_an_export_holds_no_database_connection(server: ServerProcess, collector: Learner) -> None:
    held = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
    with start_and_freeze(server, collector), closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:

            def nothing_is_held() -> bool:
                """Background work may hold one briefly; a stalled archive would hold one until its time-out of 2 s."""
                cursor.execute(held)
                return cursor.fetchone() == (0,)

            wait_until(nothing_is_held, timeout_s=1.5)
