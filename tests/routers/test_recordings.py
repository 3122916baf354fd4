"""Stored recordings: retention, deletion one by one, or with the account."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest

from local.embedded import EmbeddedS3
from tests.conftest import MakeApi
from tests.routers.test_mypage import all_pages_of
from tests.support.factories import HUMAN_AUDIO, Learner, complete, dubbable_line, make_job, somebody, upload
from tests.support.server_processes import ServerProcess
from tests.support.waiting import assert_stays, wait_until

SIZE = HUMAN_AUDIO.stat().st_size


@pytest.fixture(scope="module")
def server(make_api: MakeApi) -> ServerProcess:
    """A server whose user ids are unique in the store that all tests share."""
    server = make_api(JOB_RETRY_BASE_S="30", RECORDING_RETENTION_DAYS="30")
    run(server, "SELECT setval(pg_get_serial_sequence('users', 'id'), 700000)")
    return server


@pytest.fixture
def who(http: httpx.Client) -> Learner:
    return somebody(http)


def run(server: ServerProcess, statement: str, *values: object) -> list[Any]:
    connection = psycopg2.connect(server.env["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def objects(s3: EmbeddedS3, who: Learner) -> set[str]:
    """Returns the ids of the jobs whose recordings are in the real store."""
    prefix = f"recordings/{who.user['id']}/"
    listed = s3.account.client().list_objects_v2(Bucket=s3.account.bucket, Prefix=prefix)
    return {Path(item["Key"]).stem for item in listed.get("Contents", [])}


def stored_job(http: httpx.Client, s3: EmbeddedS3, who: Learner, line: int, overall: float | None = 80.0) -> str:
    job_id = make_job(http, who, line)
    wait_until(lambda: job_id in objects(s3, who))
    path = f"/api/tokens/analysis-result/{job_id}"
    wait_until(lambda: http.get(path, headers=who.headers).json()["user_audio_url"] is not None)
    if overall is not None:
        complete(http, job_id, overall)
    return job_id


def result_of(http: httpx.Client, who: Learner, job_id: str) -> dict[str, Any]:
    return dict(http.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json())


def test_expired_recordings_are_deleted_and_their_scores_stay(
    server: ServerProcess, http: httpx.Client, s3: EmbeddedS3, who: Learner, line: int
) -> None:
    old, fresh, unfinished = (stored_job(http, s3, who, line, overall) for overall in (70.0, 90.0, None))
    before = result_of(http, who, old)
    for job_id in (old, unfinished):
        run(
            server,
            "UPDATE analysis_results SET audio_stored_at = now() - interval '31 days' WHERE job_id = %s",
            job_id,
        )
    server.end()
    server.start()
    wait_until(lambda: old not in objects(s3, who))
    wait_until(lambda: result_of(http, who, old)["user_audio_url"] is None)
    after = result_of(http, who, old)
    assert {**after, "user_audio_url": None} == {**before, "user_audio_url": None}
    assert after["overall_score"] == 70.0
    assert objects(s3, who) == {fresh, unfinished}
    assert httpx.get(before["user_audio_url"]).status_code == 404
    assert result_of(http, who, fresh)["user_audio_url"] is not None
    assert "1 recordings older than 30 days removed" in server.log


def test_retention_can_be_disabled(make_api: MakeApi, s3: EmbeddedS3) -> None:
    server = make_api(JOB_RETRY_BASE_S="30", RECORDING_RETENTION_DAYS="0")
    run(server, "SELECT setval(pg_get_serial_sequence('users', 'id'), 800000)")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who = somebody(client)
        job_id = stored_job(client, s3, who, dubbable_line(client))
        run(server, "UPDATE analysis_results SET audio_stored_at = now() - interval '20 years'")
        server.end()
        server.start()
        assert_stays(lambda: objects(s3, who) == {job_id}, duration_s=2)


def test_deleting_one_recording(http: httpx.Client, s3: EmbeddedS3, who: Learner, line: int) -> None:
    first, second = stored_job(http, s3, who, line), stored_job(http, s3, who, line)
    stranger = somebody(http)
    path = f"/api/mypage/recordings/{first}"
    assert http.delete(path).status_code == 401
    assert http.delete(path, headers=stranger.headers).json()["code"] == "job_not_found"
    assert objects(s3, who) == {first, second}
    for _ in range(2):
        assert http.delete(path, headers=who.headers).status_code == 204
    assert objects(s3, who) == {second}
    assert result_of(http, who, first)["user_audio_url"] is None
    assert result_of(http, who, first)["overall_score"] == 80.0
    running = stored_job(http, s3, who, line, None)
    refused = http.delete(f"/api/mypage/recordings/{running}", headers=who.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "recording_in_use")
    assert objects(s3, who) == {second, running}


def test_my_recordings_are_listed_largest_first(
    server: ServerProcess, http: httpx.Client, s3: EmbeddedS3, who: Learner, line: int
) -> None:
    jobs = [stored_job(http, s3, who, line) for _ in range(4)]
    assert [row["bytes"] for row in all_pages_of(http, who, "/api/mypage/recordings")] == [SIZE] * 4
    for job_id, size in zip(jobs, (10, 30, None, 20), strict=True):
        run(server, "UPDATE analysis_results SET audio_bytes = %s WHERE job_id = %s", size, job_id)
    listed = all_pages_of(http, who, "/api/mypage/recordings", limit=1)
    assert [row["job_id"] for row in listed] == [jobs[1], jobs[3], jobs[0], jobs[2]]
    http.delete(f"/api/mypage/recordings/{jobs[1]}", headers=who.headers)
    assert len(all_pages_of(http, who, "/api/mypage/recordings")) == 3
    assert all_pages_of(http, somebody(http), "/api/mypage/recordings") == []


TABLES = ("users WHERE id", "analysis_results WHERE user_id", "bookmarks WHERE user_id", "refresh_tokens WHERE user_id")


def test_erasing_an_account_leaves_no_row_and_no_recording(
    server: ServerProcess, http: httpx.Client, s3: EmbeddedS3, who: Learner, line: int
) -> None:
    other = somebody(http)
    kept = stored_job(http, s3, other, line)
    for overall in (80.0, None):
        stored_job(http, s3, who, line, overall)
    http.post("/api/mypage/bookmarks", json={"token_id": line}, headers=who.headers)
    user_id = who.user["id"]
    assert all(run(server, f"SELECT 1 FROM {table} = %s", user_id) for table in TABLES)
    assert http.delete("/api/auth/me", headers=who.headers).status_code == 204
    assert not any(run(server, f"SELECT 1 FROM {table} = %s", user_id) for table in TABLES)
    assert objects(s3, who) == set()
    assert objects(s3, other) == {kept}


def test_uploads_during_account_erasure_leave_nothing(
    server: ServerProcess, http: httpx.Client, s3: EmbeddedS3, line: int
) -> None:
    learners = [somebody(http) for _ in range(4)]

    accepted: list[Learner] = []

    def keep_uploading(who: Learner) -> int:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            while (status := upload(client, who, line).status_code) == 202:
                accepted.append(who)
            return status

    with ThreadPoolExecutor(8) as threads:
        uploads = [threads.submit(keep_uploading, who) for who in learners for _ in range(2)]
        wait_until(lambda: len(accepted) >= len(uploads))
        for who in learners:
            assert http.delete("/api/auth/me", headers=who.headers).status_code == 204
        assert {future.result() for future in uploads} == {401}
    wait_until(lambda: not list_spool(server))
    assert [objects(s3, who) for who in learners] == [set()] * 4


def list_spool(server: ServerProcess) -> list[Path]:
    """Returns the recordings in the spool; those of other tests are stored by now."""
    return [path for path in Path(server.env["SPOOL_DIR"]).iterdir() if path.name != "spool.id"]
