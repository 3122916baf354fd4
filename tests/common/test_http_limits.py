"""Heads of requests that are too large or too slow, on raw sockets, against both servers."""

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from common.http_limits import HTTP_LIMIT_CODES, MAX_HEAD_BYTES, MAX_HEADERS
from core.i18n import ERRORS
from tests.conftest import MakeApi
from tests.support.server_processes import ServerProcess

MIB = 1024 * 1024
GET = b"GET /health/live HTTP/1.1\r\nHost: test\r\n"
CHUNKED = b"POST /no-such-page HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
# A connection that says nothing for this time is a failure.
PATIENCE_S = 30


@dataclass(frozen=True)
class Reply:
    """The first response on a connection; `problem` is None for another content type."""

    status: int
    headers: dict[str, str]
    problem: Any


@pytest.fixture(params=["api", "analysis"])
def url(request: pytest.FixtureRequest) -> str:
    server: ServerProcess = request.getfixturevalue(request.param)
    return server.url


@pytest.fixture(scope="module")
def impatient(make_api: MakeApi) -> ServerProcess:
    return make_api(REQUEST_HEAD_TIMEOUT_S="0.5")


def open_to(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((address.hostname or "", address.port or 0), timeout=PATIENCE_S)


def exchange(url: str, pieces: Iterable[bytes]) -> Reply | None:
    """Sends the pieces as long as the server takes them, and returns its response; None for a closed connection."""
    with closing(open_to(url)) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return read_reply(connection)


def read_reply(connection: socket.socket) -> Reply | None:
    """Returns all that comes until the server closes the connection, which it has to."""
    received = b""
    while piece := connection.recv(65_536):
        received += piece
    if not received:
        return None
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert int(headers["content-length"]) == len(body)
    is_problem = headers["content-type"] == "application/problem+json"
    return Reply(int(first.split()[1]), headers, json.loads(body) if is_problem else None)


def assert_refused(reply: Reply | None, status: int) -> None:
    assert reply is not None
    assert (reply.status, reply.problem["status"]) == (status, status)
    assert reply.problem["code"] == HTTP_LIMIT_CODES[status]
    assert reply.headers["connection"] == "close"


def endless(piece: bytes) -> Iterator[bytes]:
    """Yields 128 MiB."""
    whole = piece * (MIB // len(piece))
    yield from [whole] * 128


HUGE = {
    "one header": (GET + b"Cookie: ", b"a", 431),
    "many headers": (GET, b"a: b\r\n", 431),
    "headers without end of line": (GET, b"a", 431),
    "a request line": (b"GET /", b"a", 414),
    "a query": (b"GET /?", b"a=b&", 414),
    "a method": (b"", b"A", 400),
    "empty lines": (b"", b"\r\n", 431),
    "trailers": (CHUNKED + b"1\r\na\r\n0\r\n", b"a: b\r\n", 431),
    "one trailer": (CHUNKED + b"1\r\na\r\n0\r\na: ", b"b", 431),
    "a chunk extension": (CHUNKED + b"1;", b"a", 431),
}


@pytest.mark.parametrize("case", HUGE)
def test_an_endless_section_ends_in_a_response_and_costs_little(
    api: ServerProcess, client: httpx.Client, case: str
) -> None:
    start, piece, status = HUGE[case]
    process = psutil.Process(api.pid)
    before = process.cpu_times()
    reply = exchange(api.url, [start, *endless(piece)])
    after = process.cpu_times()
    if case.endswith(("trailers", "trailer", "extension")):
        assert reply is None or reply.status in (404, status)  # the response may have begun before
    elif status == 400:
        assert reply is not None
        assert reply.status == status
    else:
        assert_refused(reply, status)
    assert after.user - before.user < 5
    assert client.get("/health/live").status_code == 200


@pytest.mark.parametrize("size", [MAX_HEAD_BYTES + 1, 100 * 1024, 3 * MAX_HEAD_BYTES])
def test_a_head_over_the_limit_is_431(url: str, size: int) -> None:
    assert_refused(exchange(url, [GET + b"Cookie: " + b"a" * size + b"\r\n\r\n"]), 431)


@pytest.mark.parametrize("size", [30 * 1024, MAX_HEAD_BYTES - 1024])
def test_a_large_head_within_the_limit_is_served(url: str, size: int) -> None:
    headers = {"Cookie": "a" * size, "Connection": "close"}
    assert httpx.get(f"{url}/health", headers=headers).status_code in (200, 404)


def test_a_refused_head_leaves_no_error_in_the_log(api: ServerProcess) -> None:
    for _ in range(5):
        assert_refused(exchange(api.url, [GET + b"Cookie: " + b"a" * 100_000 + b"\r\n\r\n"]), 431)
    assert "Traceback" not in api.log and "RuntimeError" not in api.log


def test_a_long_request_line_is_414(url: str) -> None:
    assert_refused(exchange(url, [b"GET /" + b"a" * MAX_HEAD_BYTES + b" HTTP/1.1\r\nHost: test\r\n\r\n"]), 414)


def test_too_many_headers_are_431(url: str) -> None:
    fitting, refused = (GET + b"Connection: close\r\n" + b"a:\r\n" * n + b"\r\n" for n in (900, MAX_HEADERS))
    reply = exchange(url, [fitting])
    assert reply is not None
    assert reply.status in (200, 404)
    assert_refused(exchange(url, [refused]), 431)


def test_a_head_over_the_limit_after_a_served_request_is_431(url: str) -> None:
    with closing(open_to(url)) as connection:
        connection.sendall(GET + b"\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 ")
        connection.sendall(GET + b"Cookie: " + b"a" * 2 * MAX_HEAD_BYTES)
        assert_refused(read_reply(connection), 431)


def test_trailers_over_the_limit_end_the_request(api: ServerProcess) -> None:
    body = b"1\r\n{\r\n0\r\n" + b"a: b\r\n" * MAX_HEAD_BYTES
    head = b"POST /api/auth/dev HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
    assert_refused(exchange(api.url, [head + b"Transfer-Encoding: chunked\r\n\r\n" + body]), 431)


def test_trailers_are_no_headers(api: ServerProcess) -> None:
    body = json.dumps({"email": "trailer@yousync.test"}).encode()
    head = b"POST /api/auth/dev HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: application/json\r\n"
    chunks = b"%x\r\n%b\r\n0\r\nContent-Encoding: gzip\r\n\r\n" % (len(body), body)
    with closing(open_to(api.url)) as connection:
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("start", [GET, b"GET /", b"\r\n"], ids=["headers", "request line", "empty line"])
def test_a_head_that_never_ends_is_408(impatient: ServerProcess, start: bytes) -> None:
    assert_refused(exchange(impatient.url, [start]), 408)


def test_bytes_that_keep_coming_do_not_prolong_a_head(impatient: ServerProcess) -> None:
    with closing(open_to(impatient.url)) as connection:
        connection.sendall(GET)
        connection.settimeout(0.1)
        for _ in range(int(PATIENCE_S / 0.1)):
            connection.sendall(b"a: b\r\n")
            try:
                received = connection.recv(65_536)
            except TimeoutError:
                continue
            assert received.startswith(b"HTTP/1.1 408 ")
            return
        pytest.fail("the head was never given up")


def test_a_connection_without_a_request_is_closed(impatient: ServerProcess) -> None:
    assert exchange(impatient.url, []) is None


def answered(connection: socket.socket) -> None:
    """Sends the head of a request whose body nobody reads, and waits for the response."""
    connection.sendall(b"POST /no-such-page HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000000\r\n\r\n")
    assert connection.recv(65_536).startswith(b"HTTP/1.1 4")


def test_the_endless_rest_of_an_answered_body_is_cut_off(api: ServerProcess) -> None:
    with closing(open_to(api.url)) as connection:
        answered(connection)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            for piece in endless(b"a"):
                connection.sendall(piece)


def test_the_slow_rest_of_an_answered_body_is_cut_off(impatient: ServerProcess) -> None:
    with closing(open_to(impatient.url)) as connection:
        answered(connection)
        connection.sendall(b"a")
        with suppress(ConnectionResetError):
            while connection.recv(65_536):  # the rest of the response; fails after PATIENCE_S
                pass


def test_every_limit_has_a_text() -> None:
    assert set(HTTP_LIMIT_CODES.values()) <= ERRORS.keys()
