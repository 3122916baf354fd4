"""Data for tests, made through the public interface."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.server_processes import SPEECH, WEBHOOK_SECRET
from tests.support.waiting import wait_until

ADMIN_EMAIL = "admin@yousync.test"
HUMAN_LINE = "He was not an ill-disposed young man."
HUMAN_AUDIO = SPEECH / "austen-0880.flac"
OTHER_AUDIO = SPEECH / "austen-0890.flac"


@dataclass(frozen=True)
class Learner:
    user: dict[str, Any]
    access_token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}


def sign_in(client: httpx.Client, email: str, name: str = "Learner") -> Learner:
    answer = client.post("/api/auth/dev", json={"email": email, "name": name})
    assert answer.status_code == 200, answer.text
    client.cookies.clear()
    body = answer.json()
    return Learner(body["user"], body["access_token"], body["refresh_token"])


def somebody(client: httpx.Client) -> Learner:
    return sign_in(client, f"{uuid.uuid4().hex}@yousync.test")


def dubbable_line(client: httpx.Client) -> int:
    """Makes a line with reference audio and returns its id."""
    return int(make_token(client, sign_in(client, ADMIN_EMAIL), with_audio=True)["id"])


def make_actor(client: httpx.Client, admin: Learner, name: str | None = None) -> dict[str, Any]:
    name = name or f"Actor {uuid.uuid4().hex}"
    answer = client.post("/api/actors", json={"name": name}, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def make_script(client: httpx.Client, admin: Learner, **fields: Any) -> dict[str, Any]:
    body = {"title": f"Scene {uuid.uuid4().hex}", "category": "test", **fields}
    answer = client.post("/api/scripts", json=body, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def make_token(client: httpx.Client, admin: Learner, *, with_audio: bool = False, **fields: Any) -> dict[str, Any]:
    body = {
        "text": HUMAN_LINE,
        "translation": "그는 성품이 나쁜 청년은 아니었다.",
        "start_time": 0,
        "end_time": 2.99,
        **fields,
    }
    if "script_id" not in body:
        body["script_id"] = make_script(client, admin)["id"]
    if "actor_id" not in body:
        body["actor_id"] = make_actor(client, admin)["id"]
    answer = client.post("/api/tokens", json=body, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    token = dict(answer.json())
    if with_audio:
        files = {"audio_file": HUMAN_AUDIO.read_bytes()}
        stored = client.put(f"/api/tokens/{token['id']}/audio", files=files, headers=admin.headers)
        assert stored.status_code == 200, stored.text
    return token


def upload(
    client: httpx.Client, who: Learner, token_id: int, audio: bytes | None = None, *, key: str | None = None
) -> httpx.Response:
    headers = who.headers | ({"Idempotency-Key": key} if key else {})
    files = {"audio_file": ("recording", HUMAN_AUDIO.read_bytes() if audio is None else audio, "audio/webm")}
    return client.post(f"/api/tokens/{token_id}/upload-audio", files=files, headers=headers)


def make_job(client: httpx.Client, who: Learner, token_id: int) -> str:
    answer = upload(client, who, token_id)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def signed(
    body: bytes,
    secret: str = WEBHOOK_SECRET,
    at: float | None = None,
    message_id: str | None = None,
    target: str | None = None,
) -> dict[str, str]:
    """Returns Standard Webhooks headers, computed from the specification and not by the code under test.

    target: a method and a path such as `POST /path`, to which the request is bound.
    """
    id_ = f"msg_{uuid.uuid4().hex}" if message_id is None else message_id
    timestamp = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))

    def sign(text: bytes) -> str:
        digest = hmac.new(key, f"{id_}.{timestamp}.".encode() + text, hashlib.sha256).digest()
        return "v1," + base64.b64encode(digest).decode()

    headers = {
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": sign(body),
        "content-type": "application/json",
    }
    return headers if target is None else headers | {"yousync-target": sign(f"yousync-target {target}".encode())}


def report(client: httpx.Client, body: dict[str, Any] | bytes, **signature: Any) -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/api/tokens/webhook/analysis-complete", content=raw, headers=signed(raw, **signature))


def complete(client: httpx.Client, job_id: str, overall: float | None = 80.0) -> None:
    result: dict[str, Any] = {
        "overall_score": overall,
        "pronunciation_score": overall,
        "detailed_feedback": {"words": []},
    }
    answer = report(client, {"type": "analysis.completed", "job_id": job_id, "result": result})
    assert answer.status_code == 200, answer.text


@dataclass(frozen=True)
class Event:
    id: int
    data: dict[str, Any]


def read_events(response: httpx.Response) -> Iterator[Event]:
    """Yields the server-sent events of a streamed response; skips comments and retry lines."""
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line == "":
            if "data" in fields:
                yield Event(int(fields["id"]), json.loads(fields["data"]))
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


@contextmanager
def follow(client: httpx.Client, url: str, **headers: str) -> Iterator[httpx.Response]:
    with client.stream("GET", url, headers={"Accept": "text/event-stream", **headers}, timeout=60) as response:
        yield response


def wait_for_end(client: httpx.Client, who: Learner, job_id: str, timeout_s: float = 60) -> dict[str, Any]:
    def ask() -> httpx.Response:
        return client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers)

    def ended() -> dict[str, Any] | None:
        answer = ask()
        return dict(answer.json()) if answer.is_success and answer.json()["status"] != "processing" else None

    return wait_until(ended, timeout_s, explain=lambda: f"job {job_id} has not ended: {ask().text}")
