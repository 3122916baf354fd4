"""Offers of direct uploads, which count against the quotas until they expire, are completed or are refused."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import psycopg2
import pytest

from local.embedded import EmbeddedS3
from tests.conftest import MakeApi
from tests.routers.test_direct_uploads import begin, finish, send
from tests.support.factories import (
    ADMIN_EMAIL,
    HUMAN_AUDIO,
    Learner,
    complete,
    make_job,
    make_token,
    sign_in,
    somebody,
    upload,
)
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until
from utils_s3 import PART_BYTES

VOICE = HUMAN_AUDIO.read_bytes()
SIZE = len(VOICE)
QUOTA = 10_000_000
LARGE = 9_000_000


@pytest.fixture(scope="module")
def server(make_api: MakeApi) -> ServerProcess:
    """Allows 10 MB, three jobs at once and five a day; no job finishes by itself."""
    return make_api(STORAGE_QUOTA_BYTES=str(QUOTA), JOBS_AT_ONCE_MAX="3", JOBS_PER_DAY_MAX="5", JOB_RETRY_BASE_S="30")


def outcome(answer: httpx.Response) -> str:
    return str(answer.status_code) if answer.is_success else f"{answer.status_code} {answer.json()['code']}"


def offer(client: httpx.Client, who: Learner, line: int, size: int | None = SIZE, **more: Any) -> dict[str, Any]:
    answer = begin(client, who, line, body={"size": size, **more.pop("body", {})}, **more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def make_line(client: httpx.Client) -> int:
    """Returns the id of a line without reference audio, which needs no store."""
    return int(make_token(client, sign_in(client, ADMIN_EMAIL))["id"])


def let_expire(server: ServerProcess, who: Learner) -> None:
    with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
        cursor.execute("UPDATE upload_offers SET expires_at = now() WHERE user_id = %s", (who.user["id"],))


@pytest.mark.parametrize("in_parts", [False, True], ids=["form", "parts"])
def test_concurrent_offers_stay_within_the_storage_quota(
    server: ServerProcess, http: httpx.Client, line: int, in_parts: bool
) -> None:
    who = somebody(http)

    def ask(_: int) -> str:
        with httpx.Client(base_url=server.url, timeout=30) as client:
            return outcome(begin(client, who, line, body={"size": LARGE, "in_parts": in_parts}))

    with ThreadPoolExecutor(6) as threads:
        assert Counter(threads.map(ask, range(6))) == {"201": 1, "409 storage_quota_exceeded": 5}
    assert outcome(begin(http, somebody(http), line, body={"size": LARGE})) == "201"


def test_offers_count_as_jobs_of_both_upload_paths(server: ServerProcess, http: httpx.Client, line: int) -> None:
    who = somebody(http)
    make_job(http, who, line)
    for _ in range(2):
        offer(http, who, line)
    for refused in (begin(http, who, line, body={"size": SIZE}), upload(http, who, line)):
        assert outcome(refused) == "429 too_many_jobs"
        assert int(refused.headers["retry-after"]) >= 1
    let_expire(server, who)
    assert upload(http, who, line).status_code == 202


def test_offers_count_as_jobs_of_the_day(server: ServerProcess, http: httpx.Client, line: int) -> None:
    who = somebody(http)
    for _ in range(3):
        complete(http, make_job(http, who, line))
    for _ in range(2):
        offer(http, who, line)
    refused = begin(http, who, line)
    assert outcome(refused) == "429 too_many_uploads"
    assert 1 <= int(refused.headers["retry-after"]) <= 600


def test_offers_without_jobs_reach_the_daily_limit(make_api: MakeApi) -> None:
    server = make_api(JOBS_PER_DAY_MAX="1")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        from_admin = make_line(client)
        who = somebody(client)
        offer(client, who, from_admin)
        refused = upload(client, who, from_admin)
        assert outcome(refused) == "429 too_many_uploads"
        assert 1 <= int(refused.headers["retry-after"]) <= 600
    server.end()


def test_an_offer_reserves_its_bytes_until_it_expires(server: ServerProcess, http: httpx.Client, line: int) -> None:
    who = somebody(http)
    offer(http, who, line, QUOTA)
    assert outcome(upload(http, who, line)) == "409 storage_quota_exceeded"
    let_expire(server, who)
    offer(http, who, line, QUOTA)


def test_a_completed_offer_gives_its_share_back(server: ServerProcess, http: httpx.Client, line: int) -> None:
    who = somebody(http)
    first = offer(http, who, line, QUOTA)
    assert send(first, VOICE).is_success
    assert finish(http, who, first).status_code == 202
    second = offer(http, who, line, QUOTA - SIZE)
    assert outcome(begin(http, who, line, body={"size": 1})) == "409 storage_quota_exceeded"
    assert send(second, VOICE).is_success
    assert finish(http, who, second).status_code == 202


def test_an_offer_may_be_completed_while_others_fill_the_limit(http: httpx.Client, line: int) -> None:
    who = somebody(http)
    offers = [offer(http, who, line) for _ in range(3)]
    for each in offers:
        assert send(each, VOICE).is_success
        assert finish(http, who, each).status_code == 202
    assert outcome(begin(http, who, line)) == "429 too_many_jobs"


def test_a_refused_recording_gives_back_the_job_but_not_the_bytes(http: httpx.Client, line: int) -> None:
    who = somebody(http)
    for _ in range(3):
        refused = offer(http, who, line, QUOTA // 4)
        assert send(refused, b"no audio").is_success
        assert finish(http, who, refused).status_code == 415
    offer(http, who, line, SIZE)
    assert outcome(begin(http, who, line, body={"size": QUOTA // 4})) == "409 storage_quota_exceeded"


def test_the_same_key_gets_the_same_offer_again(http: httpx.Client, line: int) -> None:
    who, key = somebody(http), uuid.uuid4().hex
    first = offer(http, who, line, LARGE, key=key)
    again = offer(http, who, line, LARGE, key=key)
    assert again["job_id"] == first["job_id"]
    assert outcome(begin(http, who, line, key="another", body={"size": LARGE})) == "409 storage_quota_exceeded"
    assert send(again, VOICE).is_success
    assert finish(http, who, again).json()["job_id"] == first["job_id"]
    assert offer(http, who, line, SIZE, key=key)["job_id"] == first["job_id"]


def test_the_upload_through_the_server_replaces_the_offer_of_its_key(http: httpx.Client, line: int) -> None:
    who, key = somebody(http), uuid.uuid4().hex
    offer(http, who, line, QUOTA, key=key)
    for _ in range(2):
        assert upload(http, who, line, key=key).status_code == 202
    assert outcome(upload(http, who, line)) == "202"


def test_an_offer_that_its_upload_has_replaced_hinders_no_other(http: httpx.Client, line: int) -> None:
    who = somebody(http)
    for _ in range(3):
        key = uuid.uuid4().hex
        offer(http, who, line, key=key)
        job = upload(http, who, line, key=key)
        assert job.status_code == 202, job.text
        complete(http, job.json()["job_id"])
    assert outcome(begin(http, who, line, body={"size": SIZE})) == "201"


def test_an_offer_repeated_after_its_completion_hinders_no_other(http: httpx.Client, line: int) -> None:
    who = somebody(http)
    for _ in range(3):
        key = uuid.uuid4().hex
        first = offer(http, who, line, key=key)
        send(first, VOICE)
        assert finish(http, who, first).status_code == 202
        complete(http, first["job_id"])
        again = offer(http, who, line, key=key)
        assert again["job_id"] == first["job_id"]
        assert finish(http, who, again).json()["job_id"] == first["job_id"]
    assert outcome(begin(http, who, line, body={"size": SIZE})) == "201"


def test_offers_of_one_key_for_two_lines_are_two_recordings(http: httpx.Client, line: int) -> None:
    who = somebody(http)
    first, second = offer(http, who, line, key="one"), offer(http, who, make_line(http), key="one")
    assert first["job_id"] != second["job_id"]
    for each in (first, second):
        assert send(each, VOICE).is_success
    assert finish(http, who, first).json()["job_id"] == first["job_id"]
    assert outcome(finish(http, who, second)) == "409 idempotency_key_reused"


def test_offers_that_fill_the_limit_say_when_the_first_ends(http: httpx.Client, line: int) -> None:
    who = somebody(http)
    for _ in range(3):
        offer(http, who, line)
    refused = begin(http, who, line, body={"size": SIZE})
    assert outcome(refused) == "429 too_many_jobs"
    assert 60 < int(refused.headers["retry-after"]) <= 600


def test_an_offer_of_unknown_size_reserves_what_is_left(http: httpx.Client, line: int) -> None:
    who = somebody(http)
    offer(http, who, line, QUOTA - SIZE)
    rest = offer(http, who, line, None)
    assert rest["max_bytes"] == SIZE
    assert outcome(begin(http, who, line)) == "409 storage_quota_exceeded"
    assert send(rest, VOICE + b"x").status_code == 400
    assert send(rest, VOICE).is_success


def test_the_store_refuses_more_than_the_announced_size(http: httpx.Client, line: int) -> None:
    small = offer(http, somebody(http), line, SIZE)
    assert small["max_bytes"] == SIZE
    assert send(small, VOICE + b"x").status_code == 400
    assert send(small, VOICE).is_success


def test_parts_of_a_repeated_offer_replace_the_earlier_ones(http: httpx.Client, line: int, s3: EmbeddedS3) -> None:
    who, key = somebody(http), uuid.uuid4().hex
    size, body = PART_BYTES + 5, {"in_parts": True}
    first = offer(http, who, line, size, key=key, body=body)
    again = offer(http, who, line, size, key=key, body=body)
    assert again["job_id"] == first["job_id"]
    with closing(s3.account.client()) as store:
        prefix = f"uploads/{who.user['id']}/"
        assert len(store.list_multipart_uploads(Bucket=s3.account.bucket, Prefix=prefix)["Uploads"]) == 1
    assert httpx.put(first["parts"][1]["url"], content=b"12345").status_code == 404


def test_parts_that_the_store_cannot_begin_reserve_nothing(make_api: MakeApi) -> None:
    server = make_api(S3_ENDPOINT_URL="http://127.0.0.1:9", JOBS_AT_ONCE_MAX="1")
    with httpx.Client(base_url=server.url, timeout=60) as client:
        line, who = make_line(client), somebody(client)
        for _ in range(2):
            answer = begin(client, who, line, body={"size": SIZE, "in_parts": True})
            assert outcome(answer) == "503 storage_unavailable"
        assert upload(client, who, line).status_code == 202
    server.end()


def test_an_erased_account_leaves_no_offer_and_expired_ones_are_deleted(make_api: MakeApi) -> None:
    server = make_api(UPLOAD_TTL_S="5", CLEAN_INTERVAL_S="0.3")

    def count() -> int:
        with closing(psycopg2.connect(server.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM upload_offers")
            (found,) = cursor.fetchone() or (0,)
            return int(found)

    with httpx.Client(base_url=server.url, timeout=30) as client:
        line, who, other = make_line(client), somebody(client), somebody(client)
        offer(client, who, line)
        assert count() == 1
        assert client.delete("/api/auth/me", headers=who.headers).status_code == 204
        assert count() == 0
        offer(client, other, line)
        wait_until(lambda: count() == 0)
    server.end()
