"""Bodies that arrive slowly or never, on raw sockets: deadlines, and the number of open ones."""

import select
import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress

import httpx
import pytest

from tests.common.test_http_limits import open_to, read_reply
from tests.conftest import MakeApi
from tests.support.factories import ADMIN_EMAIL, HUMAN_AUDIO, Learner, make_token, sign_in, somebody, upload
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

VOICE = HUMAN_AUDIO.read_bytes()
FORM = (
    b'--limit\r\nContent-Disposition: form-data; name="audio_file"; filename="a.webm"\r\n'
    b"Content-Type: audio/webm\r\n\r\n" + VOICE + b"\r\n--limit--\r\n"
)
MULTIPART = "multipart/form-data; boundary=limit"
WEBHOOK = "/api/tokens/webhook/analysis-complete"
PATIENCE_S = 30


@pytest.fixture(scope="module")
def strict(make_api: MakeApi) -> ServerProcess:
    """Gives up after half a second; 20 kB give ten more."""
    return make_api(BODY_GRACE_S="0.5", BODY_BYTES_PER_S_MIN="2000")


@pytest.fixture(scope="module")
def crowded(make_api: MakeApi) -> ServerProcess:
    return make_api(OPEN_UPLOADS_PER_USER_MAX="2", OPEN_UPLOADS_PER_ADDRESS_MAX="4")


@pytest.fixture(scope="module")
def people(strict: ServerProcess) -> Iterator[tuple[Learner, Learner, int]]:
    """A learner, an administrator and the id of a line."""
    with httpx.Client(base_url=strict.url, timeout=30) as http:
        admin = sign_in(http, ADMIN_EMAIL)
        yield somebody(http), admin, int(make_token(http, admin)["id"])


def head(path: str, content_type: str, length: int | None, who: Learner | None = None, **headers: str) -> bytes:
    size = {"Transfer-Encoding": "chunked"} if length is None else {"Content-Length": str(length)}
    fields = {"Host": "test", "Content-Type": content_type, **size, **(who.headers if who else {}), **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.parametrize("length", [100_000, None], ids=["length", "chunked"])
@pytest.mark.parametrize("start", [b"", FORM[:20]], ids=["nothing", "the beginning"])
@pytest.mark.parametrize("route", ["json", "recording", "import", "webhook", "direct upload"])
def test_a_body_that_does_not_come_is_408(
    strict: ServerProcess, people: tuple[Learner, Learner, int], route: str, start: bytes, length: int | None
) -> None:
    learner, admin, line = people
    path, content_type, who = {
        "json": ("/api/auth/dev", "application/json", None),
        "recording": (f"/api/tokens/{line}/upload-audio", MULTIPART, learner),
        "import": ("/api/scripts/import", MULTIPART, admin),
        "webhook": (WEBHOOK, "application/json", None),
        "direct upload": (f"/api/tokens/{line}/uploads", "application/json", learner),
    }[route]
    chunk = b"%x\r\n%b\r\n" % (len(start), start) if length is None and start else start
    with closing(open_to(strict.url)) as connection:
        connection.sendall(head(path, content_type, length, who, **{"Accept-Language": "en"}) + chunk)
        reply = read_reply(connection)
    assert reply is not None
    assert (reply.status, reply.problem["code"]) == (408, "request_too_slow")
    assert reply.problem["detail"].startswith("The request arrived too slowly")
    assert reply.headers["connection"] == "close"
    assert "request_id" in reply.problem


def test_bytes_that_dribble_do_not_prolong_a_body(strict: ServerProcess, people: tuple[Learner, Learner, int]) -> None:
    learner, _, line = people
    with closing(open_to(strict.url)) as connection:
        connection.sendall(head(f"/api/tokens/{line}/upload-audio", MULTIPART, 1_000_000, learner))
        connection.settimeout(0.1)
        for position in range(int(PATIENCE_S / 0.1)):
            connection.sendall(FORM[position : position + 1])
            with suppress(TimeoutError):
                assert connection.recv(65_536).startswith(b"HTTP/1.1 408 ")
                return
    pytest.fail("the body was never given up")


def test_a_body_above_the_least_pace_may_pause(strict: ServerProcess, people: tuple[Learner, Learner, int]) -> None:
    learner, _, line = people
    with closing(open_to(strict.url)) as connection:
        start = head(f"/api/tokens/{line}/upload-audio", MULTIPART, len(FORM), learner, Connection="close")
        connection.sendall(start + FORM[:20_000])
        connection.settimeout(1.0)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(PATIENCE_S)
        connection.sendall(FORM[20_000:])
        reply = connection.recv(65_536)
    assert reply.startswith(b"HTTP/1.1 202 ")


def test_a_slow_body_is_no_fault_of_the_server(strict: ServerProcess) -> None:
    with closing(open_to(strict.url)) as connection:
        connection.sendall(head(WEBHOOK, "application/json", 10))
        assert (reply := read_reply(connection)) is not None
        assert reply.status == 408
    metrics = httpx.get(f"{strict.url}/metrics").text
    assert [row for row in metrics.splitlines() if 'status="408"' in row]
    assert "Traceback" not in strict.log


def hold(stack: ExitStack, server: ServerProcess, start: bytes) -> socket.socket:
    """Opens a connection that sends this, and stays open as long as the stack."""
    connection = stack.enter_context(closing(open_to(server.url)))
    connection.sendall(start)
    return connection


def wait_for_refusals(connections: list[socket.socket]) -> list[bytes]:
    """Returns the first responses on any of the connections."""
    replies: list[bytes] = []

    def has_reply() -> bool:
        for connection in select.select(connections, [], [], 0)[0]:
            replies.append(connection.recv(65_536))
        return bool(replies)

    wait_until(has_reply)
    return replies


@pytest.mark.parametrize("size", [30_000, 3_000_000], ids=["small", "large"])
def test_open_uploads_of_a_user_are_limited(crowded: ServerProcess, size: int) -> None:
    with httpx.Client(base_url=crowded.url, timeout=30) as http, ExitStack() as stack:
        line = int(make_token(http, sign_in(http, ADMIN_EMAIL))["id"])
        who, other = somebody(http), somebody(http)
        start = head(f"/api/tokens/{line}/upload-audio", MULTIPART, size, who) + FORM[:100]
        opened = [hold(stack, crowded, start) for _ in range(3)]
        (reply,) = wait_for_refusals(opened)
        assert reply.startswith(b"HTTP/1.1 429 ")
        assert b"too_many_open_uploads" in reply
        assert b"retry-after: " in reply.lower()
        assert upload(http, other, line).status_code == 202
        for each in opened:
            each.close()
        wait_until(lambda: upload(http, who, line, key=uuid.uuid4().hex).status_code == 202)


@pytest.mark.parametrize("path", ["/api/auth/dev", WEBHOOK])
def test_open_bodies_of_an_address_are_limited(crowded: ServerProcess, path: str) -> None:
    with ExitStack() as stack:
        start = head(path, "application/json", 50)
        (reply,) = wait_for_refusals([hold(stack, crowded, start) for _ in range(5)])
        assert reply.startswith(b"HTTP/1.1 429 ")
        assert httpx.get(f"{crowded.url}/api/auth/options").status_code == 200
    wait_until(lambda: httpx.post(f"{crowded.url}/api/auth/dev", json={"email": "a@b.test"}).is_success)


def test_an_upload_that_was_completed_is_not_counted(crowded: ServerProcess) -> None:
    with httpx.Client(base_url=crowded.url, timeout=30) as http:
        line, who = int(make_token(http, sign_in(http, ADMIN_EMAIL))["id"]), somebody(http)
        assert {upload(http, who, line).status_code for _ in range(6)} == {202}
