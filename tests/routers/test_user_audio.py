"""The recordings of learners: upload, webhook, result."""

import json
import struct
import time
import uuid
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest

from tests.conftest import MakeApi
from tests.support.audio import FORMATS, encode
from tests.support.factories import HUMAN_AUDIO, Learner, make_job, make_token, report, signed, upload
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

LIMIT = 50 * 1024 * 1024


@pytest.fixture(scope="module")
def token(client: httpx.Client, admin: Learner) -> dict[str, Any]:
    return make_token(client, admin)


def spooled(api: ServerProcess) -> set[str]:
    return {path.name for path in Path(api.env["SPOOL_DIR"]).iterdir()} - {"spool.id"}


def jobs_of(database: psycopg2.extensions.connection, learner: Learner) -> int:
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM analysis_results WHERE user_id = %s", (learner.user["id"],))
        (count,) = cursor.fetchone() or (0,)
        return int(count)


@pytest.mark.parametrize("name", FORMATS)
def test_audio_formats_of_browsers_and_phones_are_accepted(
    client: httpx.Client, learner: Learner, token: dict[str, Any], name: str
) -> None:
    answer = upload(client, learner, token["id"], encode(name))
    assert answer.status_code == 202, answer.text
    body = answer.json()
    assert body["status"] == "processing"
    assert uuid.UUID(body["job_id"])
    assert answer.headers["location"] == body["result_url"] == f"/api/tokens/analysis-result/{body['job_id']}"
    assert client.get(body["result_url"], headers=learner.headers).json()["status"] == "processing"


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def wav_of(bits: int) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, 0, 0, bits)
    return b"RIFF" + struct.pack("<I", 2036) + b"WAVE" + form + b"data" + struct.pack("<I", 2000) + b"\0" * 2000


BAD_AUDIO: dict[str, tuple[Any, int, str]] = {
    "text": (b"He was not an ill disposed young man. " * 50, 415, "audio_type_unsupported"),
    "PNG image": (png(), 415, "audio_type_unsupported"),
    "one byte": (b"\0", 415, "audio_type_unsupported"),
    "empty file": (b"", 422, "audio_empty"),
    "header only": (
        b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\0\0\0\0",
        422,
        "audio_empty",
    ),
    "wav with 0 bits per sample": (lambda: wav_of(bits=0), 415, "audio_type_unsupported"),
    "noise after an mp3 sync word": (b"\xff\xfb" + bytes(range(256)) * 40, 422, "audio_undecodable"),
    "noise after a webm signature": (b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 40, 422, "audio_undecodable"),
    "m4a cut before its index": (lambda: encode("m4a")[:4000], 422, "audio_undecodable"),
    "flac cut in its header": (lambda: encode("flac")[:30], 422, "audio_undecodable"),
    "121 s of wav": (lambda: encode("wav", 121), 422, "audio_too_long"),
    "121 s of webm": (lambda: encode("webm", 121), 422, "audio_too_long"),
    "ten hours of silence in a small flac": (lambda: encode("flac", 3600) * 10, 422, "audio_too_long"),
    "one byte over the limit": (lambda: encode("wav")[:44] + b"\0" * (LIMIT - 43), 413, "audio_too_large"),
}


@pytest.mark.parametrize("case", BAD_AUDIO)
def test_bad_audio_is_refused_and_leaves_nothing(
    client: httpx.Client,
    api: ServerProcess,
    learner: Learner,
    token: dict[str, Any],
    database: psycopg2.extensions.connection,
    case: str,
) -> None:
    audio, status, code = BAD_AUDIO[case]
    before = spooled(api)
    answer = upload(client, learner, token["id"], audio() if callable(audio) else audio)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert spooled(api) <= before
    assert jobs_of(database, learner) == 0


def test_recording_of_exactly_50_mib_is_accepted(client: httpx.Client, learner: Learner, token: dict[str, Any]) -> None:
    rate, channels, width = 96_000, 2, 3  # 91 s
    form = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * channels * width, channels * width, 8 * width
    )
    head = b"RIFF" + struct.pack("<I", LIMIT - 8) + b"WAVE" + form + b"data" + struct.pack("<I", LIMIT - 44)
    answer = upload(client, learner, token["id"], head + b"\0" * (LIMIT - 44))
    assert answer.status_code == 202, answer.text


def test_oversized_bodies_are_413_declared_or_chunked(
    client: httpx.Client, learner: Learner, token: dict[str, Any]
) -> None:
    answer = upload(client, learner, token["id"], b"\0" * (LIMIT + (5 << 20)))
    assert (answer.status_code, answer.json()["code"]) == (413, "audio_too_large")

    def chunks() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="audio_file"; filename="x"\r\n\r\n'
        for _ in range(55):
            yield b"\0" * (1 << 20)
        yield b"\r\n--b--\r\n"

    headers = {**learner.headers, "content-type": "multipart/form-data; boundary=b"}
    chunked = client.post(f"/api/tokens/{token['id']}/upload-audio", content=chunks(), headers=headers)
    assert (chunked.status_code, chunked.json()["code"]) == (413, "audio_too_large")


def test_missing_file_or_malformed_form_is_422(client: httpx.Client, learner: Learner, token: dict[str, Any]) -> None:
    path = f"/api/tokens/{token['id']}/upload-audio"
    for answer, code in (
        (client.post(path, files={"other": b"x"}, headers=learner.headers), "audio_missing"),
        (client.post(path, data={"audio_file": "x"}, headers=learner.headers), "audio_missing"),
        (client.post(path, json={}, headers=learner.headers), "audio_missing"),
        (
            client.post(
                path, content=b"x", headers={**learner.headers, "content-type": "multipart/form-data; boundary=b"}
            ),
            "malformed_request",
        ),
        (
            client.post(path, content=b"x", headers={**learner.headers, "content-type": "multipart/form-data"}),
            "malformed_request",
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("parameters", [b"", b"; filename*=UTF-8''take.flac"], ids=["no name", "extended name alone"])
def test_file_part_needs_no_file_name(
    client: httpx.Client, learner: Learner, token: dict[str, Any], parameters: bytes
) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="audio_file"' + parameters + b"\r\n\r\n"
    body = part + HUMAN_AUDIO.read_bytes() + b"\r\n--b--\r\n"
    headers = {**learner.headers, "content-type": "multipart/form-data; boundary=b"}
    answer = client.post(f"/api/tokens/{token['id']}/upload-audio", content=body, headers=headers)
    assert answer.status_code == 202, answer.text


def test_upload_needs_sign_in_and_an_existing_line(
    client: httpx.Client, learner: Learner, token: dict[str, Any]
) -> None:
    path = f"/api/tokens/{token['id']}/upload-audio"
    assert client.post(path, files={"audio_file": b"x"}).status_code == 401
    unknown = upload(client, learner, 2**60)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "token_not_found")


def test_the_same_idempotency_key_gives_the_same_job(
    client: httpx.Client, admin: Learner, learner: Learner, stranger: Learner, token: dict[str, Any]
) -> None:
    key = uuid.uuid4().hex
    first = upload(client, learner, token["id"], key=key).json()["job_id"]
    assert upload(client, learner, token["id"], key=key).json()["job_id"] == first
    assert upload(client, stranger, token["id"], key=key).json()["job_id"] != first
    other_line = upload(client, learner, make_token(client, admin)["id"], key=key)
    assert (other_line.status_code, other_line.json()["code"]) == (409, "idempotency_key_reused")


def test_concurrent_uploads_with_one_idempotency_key_make_one_job(
    api: ServerProcess, client: httpx.Client, learner: Learner, token: dict[str, Any]
) -> None:
    key = uuid.uuid4().hex

    def send(_: int) -> str:
        with httpx.Client(base_url=api.url, timeout=30) as http:
            return str(upload(http, learner, token["id"], key=key).json()["job_id"])

    with ThreadPoolExecutor(10) as threads:
        assert len(set(threads.map(send, range(10)))) == 1


def test_unknown_job_and_job_of_another_user_are_404(
    client: httpx.Client, learner: Learner, stranger: Learner, token: dict[str, Any]
) -> None:
    job_id = make_job(client, learner, token["id"])
    for who, name in ((stranger, job_id), (learner, str(uuid.uuid4())), (learner, "not-a-uuid")):
        for path in ("analysis-result", "analysis-progress"):
            answer = client.get(f"/api/tokens/{path}/{name}", headers=who.headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")


RESULT = {
    "attempt_class": "scored",
    "overall_score": 88.5,
    "pronunciation_score": 90,
    "intonation_score": None,
    "emotion_score": 71.25,
    "detailed_feedback": {"words": [{"text": "young", "score": 93.0}]},
}


def test_webhooks_complete_a_job_and_later_ones_change_nothing(
    client: httpx.Client, learner: Learner, token: dict[str, Any]
) -> None:
    job_id = make_job(client, learner, token["id"])
    path = f"/api/tokens/analysis-result/{job_id}"

    def progress(value: int, stage: str = "pronunciation") -> bool:
        body = {"type": "analysis.progress", "job_id": job_id, "progress": value, "stage": stage}
        return bool(report(client, body).json()["changed"])

    assert progress(40)
    assert not progress(40)
    assert not progress(30, "decoding")
    assert client.get(path, headers=learner.headers).json()["progress"] == 40
    assert client.get(path, headers=learner.headers).json()["message"] == "발음을 듣고 있어요"
    assert report(client, {"job_id": job_id, "result": RESULT}).json() == {"taken": True, "changed": True}
    ended = client.get(path, headers=learner.headers).json()
    assert (ended["status"], ended["progress"]) == ("completed", 100)
    assert {name: ended[name] for name in RESULT} == RESULT
    for late in (
        {"job_id": job_id, "result": {"overall_score": 1}},
        {"type": "analysis.failed", "job_id": job_id, "error": {"code": "analysis_failed"}},
        {"type": "analysis.progress", "job_id": job_id, "progress": 99},
    ):
        assert report(client, late).json() == {"taken": True, "changed": False}
    # The URL of the recording is signed for each response.
    address = {"user_audio_url": None}
    assert client.get(path, headers=learner.headers).json() | address == ended | address


def test_failed_job_has_an_error_text_in_both_languages(
    client: httpx.Client, learner: Learner, token: dict[str, Any]
) -> None:
    job_id = make_job(client, learner, token["id"])
    body = {"type": "analysis.failed", "job_id": job_id, "error": {"code": "audio_undecodable", "message": "x"}}
    assert report(client, body).json()["changed"]
    path = f"/api/tokens/analysis-result/{job_id}"
    english = client.get(path, headers={**learner.headers, "Accept-Language": "en"}).json()
    assert english["status"] == "failed"
    assert english["error"]["code"] == "audio_undecodable"
    assert english["error"]["message"].startswith("The recording cannot be opened")
    assert client.get(path, headers=learner.headers).json()["error"]["message"].startswith("파일을 열 수 없습니다")
    assert english["overall_score"] is None


def test_an_unscored_attempt_is_completed_without_scores(
    client: httpx.Client, learner: Learner, token: dict[str, Any]
) -> None:
    job_id = make_job(client, learner, token["id"])
    report(client, {"type": "analysis.completed", "job_id": job_id, "result": {"attempt_class": "no_speech"}})
    ended = client.get(f"/api/tokens/analysis-result/{job_id}", headers=learner.headers).json()
    assert (ended["status"], ended["attempt_class"], ended["overall_score"]) == ("completed", "no_speech", None)


def test_unsigned_stale_and_tampered_webhooks_are_401(
    client: httpx.Client, learner: Learner, token: dict[str, Any]
) -> None:
    job_id = make_job(client, learner, token["id"])
    body = json.dumps({"job_id": job_id, "result": RESULT}).encode()
    path = "/api/tokens/webhook/analysis-complete"
    good = signed(body)
    tampered = body.replace(b"88.5", b"99.5")
    assert client.post(path, content=tampered, headers=good).status_code == 401
    for headers in (
        {},
        signed(body, at=time.time() - 400),
        signed(body, at=time.time() + 400),
        signed(body, secret="whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldA=="),
        *(
            {**good, "webhook-signature": bad}
            for bad in ("", "v1", "v1,", "v1,%%%", "v2," + good["webhook-signature"][3:], "x y z,")
        ),
        {**good, "webhook-timestamp": "yesterday"},
        {**good, "webhook-timestamp": "1e999"},
        {name: value for name, value in good.items() if name != "webhook-id"},
    ):
        answer = client.post(path, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_webhook_signature"), headers
    result = client.get(f"/api/tokens/analysis-result/{job_id}", headers=learner.headers).json()
    assert result["status"] == "processing"
    several = {**good, "webhook-signature": f"v1,AAAA v2,BBBB {good['webhook-signature']}"}
    assert client.post(path, content=body, headers=several).status_code == 200


def test_webhook_serves_only_where_it_was_meant(
    client: httpx.Client, learner: Learner, token: dict[str, Any], make_api: MakeApi
) -> None:
    job_id = make_job(client, learner, token["id"])
    body = json.dumps({"type": "analysis.progress", "job_id": job_id, "progress": 30}).encode()
    path = "/api/tokens/webhook/analysis-complete"
    for target in ("POST /analyze", f"GET {path}", f"POST {path}/more", path):
        answer = client.post(path, content=body, headers=signed(body, target=target))
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_webhook_signature"), target
    assert client.post(f"{path}/", content=body, headers=signed(body, target=f"POST {path}")).json()["changed"]

    strict = make_api(WEBHOOK_TARGET_OPTIONAL="false", WEBHOOK_URL="https://api.test/outside/hook")
    unknown_job = 404
    statuses = {None: 401, f"POST {path}": unknown_job, "POST /outside/hook": unknown_job}
    found = {
        bound_to: httpx.post(strict.url + path, content=body, headers=signed(body, target=bound_to)).status_code
        for bound_to in statuses
    }
    assert found == statuses


@pytest.mark.parametrize(
    "change",
    [
        {"job_id": "x"},
        {"result": None},
        {"result": {"overall_score": 101}},
        {"result": {"overall_score": float("nan")}},
        {"result": {"detailed_feedback": {"x": float("inf")}}},
        {"result": {"detailed_feedback": {"x": "\x00"}}},
        {"result": {"detailed_feedback": [1]}},
        {"type": "analysis.unknown"},
        {"type": "analysis.progress", "progress": -1},
        {"type": "analysis.progress"},
    ],
)
def test_signed_webhook_with_invalid_fields_is_422(
    client: httpx.Client, learner: Learner, token: dict[str, Any], change: dict[str, Any]
) -> None:
    job_id = make_job(client, learner, token["id"])
    answer = report(client, json.dumps({"job_id": job_id, "result": RESULT} | change).encode())
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")
    assert client.get(f"/api/tokens/analysis-result/{job_id}", headers=learner.headers).json()["status"] == "processing"


def test_signed_malformed_webhook_is_422_and_unknown_job_404(client: httpx.Client) -> None:
    for raw in (b"", b"{", b"[]", b"\xff\xfe", b"null"):
        assert report(client, raw).status_code in (401, 422), raw
    assert report(client, {"job_id": str(uuid.uuid4()), "result": RESULT}).status_code == 404


def test_old_and_new_secrets_verify_during_rotation(make_api: MakeApi, base_env: dict[str, str]) -> None:
    fresh = "whsec_bmV3LXNlY3JldC1uZXctc2VjcmV0LW5ldy1zZWNyZXQ="
    server = make_api(WEBHOOK_SECRET=f"{fresh} {base_env['WEBHOOK_SECRET']}")
    with httpx.Client(base_url=server.url) as client:
        unknown = {"job_id": str(uuid.uuid4()), "result": RESULT}
        for secret in (fresh, base_env["WEBHOOK_SECRET"]):
            assert report(client, unknown, secret=secret).status_code == 404


def test_recording_is_served_by_signed_url_only(client: httpx.Client, learner: Learner, token: dict[str, Any]) -> None:
    job_id = make_job(client, learner, token["id"])
    path = f"/api/tokens/analysis-result/{job_id}"
    url = wait_until(lambda: client.get(path, headers=learner.headers).json()["user_audio_url"])
    heard = httpx.get(url)
    assert heard.content == HUMAN_AUDIO.read_bytes()
    assert heard.headers["content-type"] == "audio/flac"
    assert httpx.get(url.split("?")[0]).status_code == 403
