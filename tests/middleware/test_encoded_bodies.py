"""Bodies with a Content-Encoding."""

import gzip
import json

import httpx
import pytest

from tests.support.factories import ADMIN_EMAIL, HUMAN_AUDIO, Learner, dubbable_line, sign_in, signed

SIGN_IN = json.dumps({"email": "packed@yousync.test", "name": "Packed"}).encode()
JSON = {"Content-Type": "application/json"}


def assert_unsupported(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (415, "content_encoding_unsupported")
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("coding", ["gzip", "br", "GZIP", "identity, gzip", "deflate", "x-unknown"])
def test_an_encoded_json_body_is_415(client: httpx.Client, coding: str) -> None:
    body = gzip.compress(SIGN_IN)
    assert_unsupported(client.post("/api/auth/dev", content=body, headers={**JSON, "Content-Encoding": coding}))


@pytest.mark.parametrize("coding", ["identity", "", "Identity, identity"])
def test_a_body_that_is_not_encoded_is_read(client: httpx.Client, coding: str) -> None:
    answer = client.post("/api/auth/dev", content=SIGN_IN, headers={**JSON, "Content-Encoding": coding})
    assert answer.status_code == 200


def test_an_encoded_form_is_415(client: httpx.Client, learner: Learner) -> None:
    form = httpx.Request("POST", "http://test", files={"audio_file": ("a.flac", HUMAN_AUDIO.read_bytes())})
    headers = {**learner.headers, "Content-Type": form.headers["content-type"], "Content-Encoding": "gzip"}
    content = gzip.compress(form.read())
    for who, path in (
        (learner, f"/api/tokens/{dubbable_line(client)}/upload-audio"),
        (sign_in(client, ADMIN_EMAIL), "/api/scripts/import"),
    ):
        assert_unsupported(client.post(path, content=content, headers=headers | who.headers))


def test_an_encoded_webhook_is_415(client: httpx.Client) -> None:
    body = gzip.compress(b"{}")
    headers = signed(body) | {"Content-Encoding": "gzip"}
    assert_unsupported(client.post("/api/tokens/webhook/analysis-complete", content=body, headers=headers))


def test_an_encoded_body_of_an_anonymous_upload_is_401(client: httpx.Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=a", "Content-Encoding": "gzip"}
    answer = client.post("/api/tokens/1/upload-audio", content=b"packed", headers=headers)
    assert answer.status_code == 401
