"""Upload quotas of one learner, also under concurrent requests."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import psycopg2
import pytest

from tests.conftest import MakeApi
from tests.support.factories import HUMAN_AUDIO, Learner, complete, dubbable_line, make_job, report, somebody, upload
from tests.support.server_processes import ServerProcess

SIZE = HUMAN_AUDIO.stat().st_size


@pytest.fixture(scope="module")
def server(make_api: MakeApi) -> ServerProcess:
    """Allows three concurrent jobs, five a day and the bytes of eight recordings; no job finishes by itself."""
    return make_api(
        JOBS_AT_ONCE_MAX="3", JOBS_PER_DAY_MAX="5", STORAGE_QUOTA_BYTES=str(SIZE * 8 + 10), JOB_RETRY_BASE_S="30"
    )


def at_once(server: ServerProcess, who: Learner, line: int, times: int) -> Counter[str]:
    def send(_: int) -> str:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            answer = upload(client, who, line)
            return "taken" if answer.status_code == 202 else f"{answer.status_code} {answer.json()['code']}"

    with ThreadPoolExecutor(times) as threads:
        return Counter(threads.map(send, range(times)))


def update_rows(server: ServerProcess, who: Learner, change: str, *values: object) -> None:
    connection = psycopg2.connect(server.env["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute(f"UPDATE analysis_results SET {change} WHERE user_id = %s", (*values, who.user["id"]))
    connection.close()


def test_concurrent_uploads_stay_within_the_job_quota(server: ServerProcess, http: httpx.Client, line: int) -> None:
    who = somebody(http)
    assert at_once(server, who, line, 12) == {"taken": 3, "429 too_many_jobs": 9}
    refused = upload(http, who, line)
    assert refused.json()["code"] == "too_many_jobs"
    assert int(refused.headers["retry-after"]) >= 1
    assert upload(http, somebody(http), line).status_code == 202


def test_finished_and_failed_jobs_free_the_job_quota(http: httpx.Client, line: int) -> None:
    who = somebody(http)
    jobs = [make_job(http, who, line) for _ in range(3)]
    assert upload(http, who, line).status_code == 429
    complete(http, jobs[0])
    assert upload(http, who, line).status_code == 202
    assert upload(http, who, line).status_code == 429
    report(http, {"type": "analysis.failed", "job_id": jobs[1], "error": {"code": "audio_undecodable"}})
    assert upload(http, who, line).status_code == 202


def test_idempotency_key_returns_its_job_despite_a_full_quota(http: httpx.Client, line: int) -> None:
    who = somebody(http)
    first = upload(http, who, line, key="again").json()["job_id"]
    for _ in range(2):
        make_job(http, who, line)
    assert upload(http, who, line).status_code == 429
    assert upload(http, who, line, key="again").json()["job_id"] == first


def test_concurrent_uploads_with_one_idempotency_key_count_once(make_api: MakeApi) -> None:
    server = make_api(JOBS_AT_ONCE_MAX="1", JOB_RETRY_BASE_S="30")
    with httpx.Client(base_url=server.url, timeout=60) as client:
        who, line = somebody(client), dubbable_line(client)

        def send(_: int) -> tuple[int, str]:
            answer = upload(client, who, line, key="one")
            return answer.status_code, answer.json().get("job_id", answer.text)

        with ThreadPoolExecutor(10) as threads:
            answers = set(threads.map(send, range(10)))
        assert [status for status, _ in answers] == [202]
        assert upload(client, who, line).json()["code"] == "too_many_jobs"


def test_the_daily_quota_counts_the_last_24_hours(server: ServerProcess, http: httpx.Client, line: int) -> None:
    who = somebody(http)
    for _ in range(5):
        complete(http, make_job(http, who, line))
    refused = upload(http, who, line)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
    assert 86_000 < int(refused.headers["retry-after"]) <= 86_400
    update_rows(server, who, "created_at = %s", datetime.now(UTC) - timedelta(hours=25))
    assert upload(http, who, line).status_code == 202


def test_concurrent_uploads_stay_within_the_storage_quota(make_api: MakeApi) -> None:
    server = make_api(STORAGE_QUOTA_BYTES=str(SIZE * 4 + 10), JOB_RETRY_BASE_S="30")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who, line = somebody(client), dubbable_line(client)
        assert at_once(server, who, line, 12) == {"taken": 4, "409 storage_quota_exceeded": 8}


def test_deleting_audio_frees_the_storage_quota_as_the_error_advises(
    server: ServerProcess, http: httpx.Client, line: int
) -> None:
    who = somebody(http)
    complete(http, make_job(http, who, line))
    update_rows(server, who, "audio_bytes = %s, audio_stored_at = now()", SIZE * 8)
    refused = upload(http, who, line)
    assert (refused.status_code, refused.json()["code"]) == (409, "storage_quota_exceeded")
    assert "지운 뒤 다시 보내 주세요" in refused.json()["detail"]
    update_rows(server, who, "audio_removed_at = now()")
    assert upload(http, who, line).status_code == 202
