"""Large recordings sent to the store in parts, each of which can be retried."""

import io
import os
import wave
from typing import Any

import httpx
import pytest

from local.embedded import EmbeddedS3
from tests.conftest import MakeApi
from tests.routers.test_direct_uploads import begin
from tests.support.factories import Learner, dubbable_line, make_token, somebody
from tests.support.waiting import wait_until
from utils_s3 import PART_BYTES

SECONDS = 100


@pytest.fixture(scope="module")
def token_id(client: httpx.Client, admin: Learner) -> int:
    return int(make_token(client, admin)["id"])


@pytest.fixture(scope="module")
def large() -> bytes:
    """Noise in a WAV file of three parts."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setframerate(48_000)
        file.setnchannels(2)
        file.setsampwidth(2)
        file.writeframes(os.urandom(SECONDS * 48_000 * 4))
    return target.getvalue()


def offered(client: httpx.Client, who: Learner, token_id: int, audio: bytes) -> dict[str, Any]:
    answer = begin(client, who, token_id, body={"size": len(audio), "in_parts": True})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def slices(offer: dict[str, Any], audio: bytes) -> list[bytes]:
    rest = io.BytesIO(audio)
    return [rest.read(part["size"]) for part in offer["parts"]]


def put(part: dict[str, Any], content: bytes) -> str:
    answer = httpx.put(part["url"], content=content, timeout=60)
    assert answer.is_success, answer.text
    return answer.headers["etag"]


def finish(client: httpx.Client, who: Learner, offer: dict[str, Any], etags: list[str]) -> httpx.Response:
    return client.post(offer["complete_url"], json={"etags": etags}, headers=who.headers)


def test_parts_are_joined_into_one_recording(
    client: httpx.Client, learner: Learner, token_id: int, large: bytes
) -> None:
    offer = offered(client, learner, token_id, large)
    assert (offer["url"], offer["fields"]) == (None, {})
    assert [part["size"] for part in offer["parts"]] == [PART_BYTES, PART_BYTES, len(large) - 2 * PART_BYTES]
    pairs = list(zip(offer["parts"], slices(offer, large), strict=True))
    etags = [put(*pair) for pair in reversed(pairs)][::-1]
    etags[1] = put(*pairs[1])  # the response was lost
    for _ in range(2):
        answer = finish(client, learner, offer, etags)
        assert answer.status_code == 202, answer.text
        assert answer.json()["job_id"] == offer["job_id"]
    result = client.get(answer.json()["result_url"], headers=learner.headers).json()
    assert httpx.get(result["user_audio_url"], timeout=60).content == large


def test_completing_before_the_last_part_can_be_repeated(
    client: httpx.Client, learner: Learner, token_id: int, large: bytes
) -> None:
    offer = offered(client, learner, token_id, large)
    pairs = list(zip(offer["parts"], slices(offer, large), strict=True))
    etags = [put(*pair) for pair in pairs[:2]]
    for named in ([], [*etags, etags[0]], [*reversed(etags)]):
        answer = finish(client, learner, offer, named)
        assert (answer.status_code, answer.json()["code"]) == (409, "upload_missing"), named
    assert finish(client, learner, offer, [*etags, put(*pairs[2])]).status_code == 202


def test_part_urls_are_bound_to_length_and_number(
    client: httpx.Client, learner: Learner, token_id: int, large: bytes
) -> None:
    offer = offered(client, learner, token_id, large)
    last, content = offer["parts"][2], slices(offer, large)[2]
    assert httpx.put(last["url"], content=content + b"x").status_code == 403
    assert httpx.put(last["url"].replace("partNumber=3", "partNumber=4"), content=content).status_code == 403


def test_multipart_upload_requires_a_size(client: httpx.Client, learner: Learner, token_id: int) -> None:
    answer = begin(client, learner, token_id, body={"in_parts": True})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")


def test_unfinished_multipart_uploads_are_aborted(make_api: MakeApi, s3: EmbeddedS3, large: bytes) -> None:
    store = s3.account.client()
    store.create_bucket(Bucket="unjoined")
    server = make_api(S3_BUCKET_NAME="unjoined", UPLOAD_TTL_S="5", CLEAN_INTERVAL_S="0.3")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who = somebody(client)
        offer = offered(client, who, dubbable_line(client), large)
        put(offer["parts"][0], slices(offer, large)[0])
        assert store.list_multipart_uploads(Bucket="unjoined")["Uploads"]
        wait_until(lambda: not store.list_multipart_uploads(Bucket="unjoined").get("Uploads"))
    store.close()
