"""Requests that offer another protocol, byte for byte as clients send them, against both servers."""

import json
import re
import socket
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.audio import encode
from tests.support.factories import dubbable_line, signed, somebody, wait_for_end
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

H2C = "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nUpgrade: h2c\r\n"
OFFERS = {
    "curl": "User-Agent: curl/8.14.1\r\nAccept: */*\r\nConnection: Upgrade, HTTP2-Settings\r\n" + H2C,
    "java": "Connection: Upgrade, HTTP2-Settings\r\nUser-Agent: Java-http-client/21.0.9\r\n" + H2C,
    "websocket": "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
    "several": "Connection: close, Upgrade\r\nUpgrade: TLS/1.2, h2c\r\nupgrade: websocket\r\n",
}


def plain(head: str, body: bytes) -> list[bytes]:
    return [f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body]


def apart(head: str, body: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in plain(head, body)[0]]


def chunked(head: str, body: bytes) -> list[bytes]:
    return [f"{head}Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"]


def closing_1_0(head: str, body: bytes) -> list[bytes]:
    return plain(head.replace("HTTP/1.1", "HTTP/1.0", 1), body)


def expecting(head: str, body: bytes) -> list[bytes]:
    return plain(head + "Expect: 100-continue\r\n", body)


def exchange(url: str, pieces: Iterable[bytes], answers: int = 1) -> list[int]:
    """Sends the pieces on one connection and returns the final status of each response."""
    address = urlsplit(url)
    received, statuses = b"", list[int]()
    with closing(socket.create_connection((address.hostname or "", address.port or 0), timeout=30)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
        while len(statuses) < answers and (piece := connection.recv(65_536)):
            received += piece
            statuses = [int(status) for status in re.findall(rb"HTTP/1\.1 ([2-5]\d\d)", received)]
    return statuses


@dataclass(frozen=True)
class SignedPost:
    """A signed request with an incomplete body: the response is 422, and 401 where a byte of it is lost."""

    url: str
    path: str
    body: bytes

    def head(self, offer: str) -> str:
        headers = {"Host": "test", **signed(self.body, target=f"POST {self.path}")}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {self.path} HTTP/1.1\r\n{offer}{lines}"


@pytest.fixture(params=[("api", "/api/tokens/webhook/analysis-complete"), ("analysis", "/analyze")], ids=lambda p: p[0])
def post(request: pytest.FixtureRequest) -> SignedPost:
    name, path = request.param
    server: ServerProcess = request.getfixturevalue(name)
    return SignedPost(server.url, path, json.dumps({"text": "a" * 300}).encode())


@pytest.mark.parametrize("send", [plain, apart, chunked, closing_1_0, expecting])
@pytest.mark.parametrize("offer", OFFERS)
def test_a_request_that_offers_another_protocol_keeps_its_body(
    post: SignedPost, offer: str, send: Callable[[str, bytes], list[bytes]]
) -> None:
    assert exchange(post.url, send(post.head(OFFERS[offer]), post.body)) == [422]


def test_requests_in_one_segment_all_keep_their_bodies(post: SignedPost) -> None:
    requests = [
        *plain(post.head(OFFERS["java"]), post.body),
        *chunked(post.head(""), post.body),
        *chunked(post.head(OFFERS["curl"]), post.body),
    ]
    assert exchange(post.url, [b"".join(requests)], answers=3) == [422] * 3


def test_many_offers_in_one_segment_are_each_answered(api: ServerProcess) -> None:
    request = f"GET /health/live HTTP/1.1\r\nHost: test\r\n{OFFERS['curl']}\r\n".encode()
    assert exchange(api.url, [request * 500], answers=500) == [200] * 500


def test_a_large_head_with_an_offer_is_431(api: ServerProcess) -> None:
    head = f"GET /health/live HTTP/1.1\r\nHost: test\r\n{OFFERS['java']}Cookie: {'a' * 70_000}\r\n\r\n"
    assert exchange(api.url, [head.encode()]) == [431]


def test_a_recording_sent_with_an_offer_is_analysed(pipeline: ServerProcess) -> None:
    with httpx.Client(base_url=pipeline.url, timeout=60) as client:
        learner, token_id = somebody(client), dubbable_line(client)
        form = httpx.Request("POST", "http://test", files={"audio_file": ("take.wav", encode("wav"))})
        head = (
            f"POST /api/tokens/{token_id}/upload-audio HTTP/1.1\r\nHost: test\r\n{OFFERS['java']}"
            f"Authorization: {learner.headers['Authorization']}\r\nContent-Type: {form.headers['content-type']}\r\n"
        )
        assert exchange(pipeline.url, plain(head, form.read())) == [202]
        (job,) = wait_until(lambda: client.get("/api/mypage/recordings", headers=learner.headers).json()["items"])
        assert wait_for_end(client, learner, job["job_id"])["status"] == "completed"
