"""Recordings sent directly to the store, with a real store and its real signatures."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import psycopg2
import pytest
from botocore.exceptions import ClientError
from pydantic import SecretStr

from core.security import Upload, make_upload_ticket
from core.settings import MAX_AUDIO_BYTES, Settings
from local.embedded import EmbeddedS3
from tests.conftest import MakeApi
from tests.routers.test_user_audio import BAD_AUDIO, jobs_of
from tests.support.audio import FORMATS, encode
from tests.support.factories import (
    ADMIN_EMAIL,
    HUMAN_AUDIO,
    OTHER_AUDIO,
    Learner,
    complete,
    dubbable_line,
    make_token,
    sign_in,
    somebody,
    upload,
    wait_for_end,
)
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until
from utils_s3 import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

VOICE = HUMAN_AUDIO.read_bytes()
# The store itself refuses sizes that the form does not allow.
REFUSED_BY_THE_STORE = ("empty file", "one byte over the limit")


@pytest.fixture(scope="module")
def token_id(client: httpx.Client, admin: Learner) -> int:
    return int(make_token(client, admin)["id"])


@pytest.fixture(scope="module")
def bucket(s3: EmbeddedS3) -> Iterator["Bucket"]:
    client = s3.account.client()
    yield Bucket(client, s3.account.bucket)
    client.close()


@dataclass(frozen=True)
class Bucket:
    client: "S3Client"
    name: str

    def keys_of(self, learner: Learner) -> list[str]:
        prefixes = (f"{folder}/{learner.user['id']}/" for folder in ("uploads", "recordings"))
        found = [self.client.list_objects_v2(Bucket=self.name, Prefix=prefix) for prefix in prefixes]
        return [item["Key"] for page in found for item in page.get("Contents", [])]


def begin(
    client: httpx.Client, who: Learner, token_id: int, *, key: str | None = None, body: Any = None
) -> httpx.Response:
    headers = who.headers | ({"Idempotency-Key": key} if key else {})
    return client.post(f"/api/tokens/{token_id}/uploads", headers=headers, json=body)


def offered(client: httpx.Client, who: Learner, token_id: int, key: str | None = None) -> dict[str, Any]:
    answer = begin(client, who, token_id, key=key)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def send(offer: dict[str, Any], audio: bytes = VOICE, **fields: str) -> httpx.Response:
    """Sends a form as a browser does: fields first, the file last."""
    file = {"file": ("blob", audio, "audio/webm")}
    return httpx.post(offer["url"], data={**offer["fields"], **fields}, files=file, timeout=60)


def finish(client: httpx.Client, who: Learner, offer: dict[str, Any]) -> httpx.Response:
    return client.post(offer["complete_url"], headers=who.headers)


def sent(client: httpx.Client, who: Learner, token_id: int, *, key: str | None = None) -> dict[str, Any]:
    offer = offered(client, who, token_id, key)
    assert send(offer).is_success
    return offer


@pytest.mark.parametrize("name", FORMATS)
def test_audio_formats_of_browsers_and_phones_are_accepted_by_the_store(
    client: httpx.Client, learner: Learner, token_id: int, bucket: Bucket, name: str
) -> None:
    audio = encode(name)
    offer = offered(client, learner, token_id)
    assert (offer["max_bytes"], offer["expires_in"]) == (MAX_AUDIO_BYTES, 600)
    assert send(offer, audio).is_success
    answer = finish(client, learner, offer)
    assert answer.status_code == 202, answer.text
    body = answer.json()
    assert (body["job_id"], body["status"]) == (offer["job_id"], "processing")
    assert answer.headers["location"] == body["result_url"] == f"/api/tokens/analysis-result/{body['job_id']}"
    result = client.get(body["result_url"], headers=learner.headers).json()
    assert result["stage"] == "stored"
    heard = httpx.get(result["user_audio_url"])
    assert heard.content == audio
    assert heard.headers["content-type"].startswith("audio/")
    (kept,) = bucket.keys_of(learner)
    assert kept.startswith(f"recordings/{learner.user['id']}/{body['job_id']}.")


def test_directly_uploaded_recording_is_scored(pipeline: ServerProcess) -> None:
    with httpx.Client(base_url=pipeline.url, timeout=30) as client:
        who, line = somebody(client), dubbable_line(client)
        job_id = finish(client, who, sent(client, who, line)).json()["job_id"]
        ended = wait_for_end(client, who, job_id, timeout_s=120)
        assert (ended["status"], ended["attempt_class"]) == ("completed", "scored")


@pytest.mark.parametrize("case", [case for case in BAD_AUDIO if case not in REFUSED_BY_THE_STORE])
def test_bad_audio_is_refused_and_deleted_at_once(
    client: httpx.Client,
    learner: Learner,
    token_id: int,
    bucket: Bucket,
    database: psycopg2.extensions.connection,
    case: str,
) -> None:
    audio, status, code = BAD_AUDIO[case]
    offer = offered(client, learner, token_id)
    assert send(offer, audio() if callable(audio) else audio).is_success
    answer = finish(client, learner, offer)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert bucket.keys_of(learner) == []
    assert jobs_of(database, learner) == 0


@pytest.mark.parametrize("audio", [b"", b"\0" * (MAX_AUDIO_BYTES + 1)], ids=["empty", "too large"])
def test_store_refuses_empty_and_oversized_uploads(
    client: httpx.Client, learner: Learner, token_id: int, bucket: Bucket, audio: bytes
) -> None:
    offer = offered(client, learner, token_id)
    assert send(offer, audio).status_code == 400
    assert bucket.keys_of(learner) == []
    announced = begin(client, learner, token_id, body={"size": len(audio)})
    assert (announced.status_code, announced.json()["code"]) in ((422, "audio_empty"), (413, "audio_too_large"))


def test_the_form_is_valid_for_one_object_only(client: httpx.Client, learner: Learner, token_id: int) -> None:
    offer = offered(client, learner, token_id)
    for change in ({"key": "reference/1/x.flac"}, {"key": offer["fields"]["key"] + "x"}, {"x-amz-meta-a": "b"}):
        assert send(offer, **change).status_code == 403, change
    assert httpx.post(offer["url"], files={"file": VOICE}).status_code in (400, 403)


def test_completing_before_the_upload_is_409_and_can_be_repeated(
    client: httpx.Client, learner: Learner, token_id: int
) -> None:
    offer = offered(client, learner, token_id)
    early = finish(client, learner, offer)
    assert (early.status_code, early.json()["code"]) == (409, "upload_missing")
    assert send(offer).is_success
    assert finish(client, learner, offer).status_code == 202


def test_concurrent_completions_create_one_job_and_one_object(
    api: ServerProcess,
    client: httpx.Client,
    learner: Learner,
    token_id: int,
    bucket: Bucket,
    database: psycopg2.extensions.connection,
) -> None:
    offer = sent(client, learner, token_id, key=uuid.uuid4().hex)

    def finish_once(_: int) -> tuple[int, str]:
        with httpx.Client(base_url=api.url, timeout=30) as http:
            answer = finish(http, learner, offer)
            return answer.status_code, answer.json().get("job_id")

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(finish_once, range(8))) == {(202, offer["job_id"])}
    assert jobs_of(database, learner) == 1
    (kept,) = bucket.keys_of(learner)
    result = client.get(f"/api/tokens/analysis-result/{offer['job_id']}", headers=learner.headers).json()
    assert kept in result["user_audio_url"]
    assert finish(client, learner, offer).json()["job_id"] == offer["job_id"]


def test_an_upload_sent_again_after_completion_changes_nothing(
    client: httpx.Client, learner: Learner, token_id: int
) -> None:
    offer = sent(client, learner, token_id)
    assert finish(client, learner, offer).status_code == 202
    assert send(offer, OTHER_AUDIO.read_bytes()).is_success
    assert finish(client, learner, offer).status_code == 202
    result = client.get(f"/api/tokens/analysis-result/{offer['job_id']}", headers=learner.headers).json()
    assert httpx.get(result["user_audio_url"]).content == VOICE


def test_one_idempotency_key_gives_one_job_on_both_upload_paths(
    client: httpx.Client, admin: Learner, learner: Learner, token_id: int, bucket: Bucket
) -> None:
    key = uuid.uuid4().hex
    first, second = sent(client, learner, token_id, key=key), sent(client, learner, token_id, key=key)
    other_line = make_token(client, admin)["id"]
    of_other_line = sent(client, learner, other_line, key=key)
    job_id = finish(client, learner, first).json()["job_id"]
    assert finish(client, learner, second).json()["job_id"] == job_id
    assert upload(client, learner, token_id, key=key).json()["job_id"] == job_id
    for refused in (finish(client, learner, of_other_line), begin(client, learner, other_line, key=key)):
        assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")
    assert len(bucket.keys_of(learner)) == 1


def test_upload_ticket_is_bound_to_its_upload_and_owner(
    client: httpx.Client, admin: Learner, learner: Learner, stranger: Learner, token_id: int, bucket: Bucket
) -> None:
    offer, other = sent(client, learner, token_id), offered(client, learner, token_id)
    path, _, ticket = offer["complete_url"].partition("?ticket=")
    other_line = path.replace(f"/tokens/{token_id}/", f"/tokens/{make_token(client, admin)['id']}/")
    progress = upload(client, learner, token_id).json()["progress_url"]
    for who, address in (
        (stranger, offer["complete_url"]),
        (learner, path),
        (learner, f"{path}?ticket=x.y.z"),
        (learner, f"{path}?ticket={learner.access_token}"),
        (learner, f"{path}?ticket={progress.partition('ticket=')[2]}"),
        (learner, f"{path}?ticket={other['complete_url'].partition('ticket=')[2]}"),
        (learner, f"{other_line}?ticket={ticket}"),
    ):
        answer = client.post(address, headers=who.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "upload_not_found"), address
    assert client.post(offer["complete_url"]).status_code == 401
    assert f"uploads/{learner.user['id']}/{offer['job_id']}" in bucket.keys_of(learner)
    as_bearer = client.get("/api/auth/me", headers={"Authorization": f"Bearer {ticket}"})
    assert as_bearer.status_code == 401
    assert finish(client, learner, offer).status_code == 202


def test_an_expired_or_forged_ticket_is_refused(
    api: ServerProcess, client: httpx.Client, learner: Learner, token_id: int
) -> None:
    offer = sent(client, learner, token_id)
    path = offer["complete_url"].partition("?")[0]
    what = Upload(learner.user["id"], token_id, uuid.UUID(offer["job_id"]))
    ours = Settings(_env_file=None, secret_key=SecretStr(api.env["SECRET_KEY"]))
    for change in ({"secret_key": SecretStr("another-secret-0123456789-abcdefghij")}, {"upload_ttl_s": -60}):
        ticket = make_upload_ticket(ours.model_copy(update=change), what)
        answer = client.post(f"{path}?ticket={ticket}", headers=learner.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "upload_not_found"), change
    good = make_upload_ticket(ours, what)
    assert client.post(f"{path}?ticket={good}", headers=learner.headers).status_code == 202


def test_deleting_the_line_cancels_its_uploads(
    client: httpx.Client, admin: Learner, learner: Learner, bucket: Bucket
) -> None:
    line = make_token(client, admin)["id"]
    offer = sent(client, learner, line)
    assert client.delete(f"/api/tokens/{line}", headers=admin.headers).status_code == 204
    answer = finish(client, learner, offer)
    assert (answer.status_code, answer.json()["code"]) == (404, "token_not_found")
    assert bucket.keys_of(learner) == []
    unknown = begin(client, learner, line)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "token_not_found")


def test_completion_refused_by_a_quota_can_be_repeated(make_api: MakeApi) -> None:
    server = make_api(JOBS_AT_ONCE_MAX="1")
    with (
        httpx.Client(base_url=server.url, timeout=30) as client,
        closing(psycopg2.connect(server.env["DATABASE_URL"])) as database,
    ):
        who, line = somebody(client), dubbable_line(client)
        offer = sent(client, who, line)
        # As after an offer by the previous version, which wrote no row.
        with database, database.cursor() as cursor:
            cursor.execute("DELETE FROM upload_offers")
        other = upload(client, who, line).json()["job_id"]
        refused = finish(client, who, offer)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_jobs")
        assert begin(client, who, line).status_code == 429
        complete(client, other)
        assert finish(client, who, offer).status_code == 202
    server.end()


def test_beginning_and_completing_are_rate_limited(make_api: MakeApi) -> None:
    server = make_api(RATE_LIMIT_UPLOAD="2/minute")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who, line = somebody(client), dubbable_line(client)
        offer = offered(client, who, line)
        assert begin(client, who, line).status_code == 201
        refused = begin(client, who, line)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
        answers = [finish(client, who, offer) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [409, 409, 429]
    server.end()


def test_direct_uploads_can_be_disabled(make_api: MakeApi) -> None:
    server = make_api(DIRECT_UPLOADS="false")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who, line = somebody(client), dubbable_line(client)
        assert client.get("/api/auth/options").json()["direct_uploads"] is False
        answer = begin(client, who, line)
        assert (answer.status_code, answer.json()["code"]) == (409, "direct_uploads_off")
        assert upload(client, who, line).status_code == 202
    server.end()


def test_completing_while_the_store_is_down_is_503(make_api: MakeApi) -> None:
    server = make_api(S3_ENDPOINT_URL="http://127.0.0.1:9")
    with httpx.Client(base_url=server.url, timeout=60) as client:
        who, line = somebody(client), make_token(client, sign_in(client, ADMIN_EMAIL))["id"]
        answer = finish(client, who, offered(client, who, line))
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
        assert "retry-after" in answer.headers
    server.end()


def test_an_erased_account_leaves_no_upload(
    client: httpx.Client, learner: Learner, token_id: int, bucket: Bucket
) -> None:
    offer = sent(client, learner, token_id)
    assert bucket.keys_of(learner)
    assert client.delete("/api/auth/me", headers=learner.headers).status_code == 204
    assert bucket.keys_of(learner) == []
    assert finish(client, learner, offer).status_code == 401


def test_abandoned_uploads_expire_and_are_deleted(make_api: MakeApi, bucket: Bucket) -> None:
    bucket.client.create_bucket(Bucket="abandoned")
    server = make_api(S3_BUCKET_NAME="abandoned", UPLOAD_TTL_S="5", CLEAN_INTERVAL_S="0.3")
    abandoned = Bucket(bucket.client, "abandoned")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who, line = somebody(client), dubbable_line(client)
        offer = sent(client, who, line)
        assert abandoned.keys_of(who)
        wait_until(lambda: not abandoned.keys_of(who))
        late = finish(client, who, offer)
        assert (late.status_code, late.json()["code"]) == (404, "upload_not_found")
        assert send(offer).status_code == 403
    server.end()


def test_an_object_changed_after_the_check_is_not_copied(s3: EmbeddedS3, bucket: Bucket) -> None:
    environment = {name.lower(): value for name, value in s3.account.environment().items()}
    store = ObjectStore(Settings(_env_file=None, **environment))  # type: ignore[arg-type]
    bucket.client.put_object(Bucket=bucket.name, Key="uploads/1/x", Body=b"other")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        store.copy("uploads/1/x", '"00000000000000000000000000000000"', "recordings/1/x.webm", "audio/webm")
    assert store.size("recordings/1/x.webm") is None
    store.close()
