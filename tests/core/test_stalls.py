"""Requests while another server accepts connections and never answers: they wait without anything that others need."""

import base64
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

import httpx
import pytest

from tests.conftest import MakeApi
from tests.support.factories import Learner, somebody
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

# More than the server has database sessions for requests, and threads for routes.
WAITING = 60


@dataclass
class SilentServer:
    """Takes connections, and never answers."""

    listener: socket.socket
    taken: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    @property
    def connections(self) -> int:
        """The number of connections so far."""
        while True:
            try:
                self.taken.append(self.listener.accept()[0])
            except BlockingIOError:
                return len(self.taken)


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=200))
        listener.setblocking(False)
        server = SilentServer(listener)
        yield server
        for connection in server.taken:
            connection.close()


def ask_while_others_wait(
    server: ServerProcess, silent: SilentServer, wait: Callable[[int], httpx.Response], count: int
) -> list[httpx.Response]:
    """Asks for an account while `count` requests wait for the silent server; returns the responses to those."""
    with httpx.Client(base_url=server.url, timeout=30) as client, ThreadPoolExecutor(count) as threads:
        other, before = somebody(client), silent.connections
        waiting: list[Future[httpx.Response]] = [threads.submit(wait, number) for number in range(count)]
        wait_until(lambda: silent.connections > before)
        for _ in range(5):
            assert client.get("/api/auth/me", headers=other.headers).status_code == 200
        assert not all(each.done() for each in waiting), "the others did not wait: this shows nothing"
        return [each.result() for each in waiting]


def test_sign_ins_that_wait_for_google_hold_nothing(make_api: MakeApi, silent: SilentServer) -> None:
    server = make_api(
        GOOGLE_CLIENT_ID="yousync.test", GOOGLE_CERTS_URL=f"{silent.url}/certs", RATE_LIMIT_SIGN_IN="1000/minute"
    )
    header = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "typ": "JWT", "kid": "key"}).encode()).decode()

    def sign_in(_: int) -> httpx.Response:
        return httpx.post(f"{server.url}/api/auth/google", json={"id_token": f"{header}.e30.e30"}, timeout=60)

    answers = ask_while_others_wait(server, silent, sign_in, WAITING)
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(503, "google_unavailable")}
    assert silent.connections < 5, "certificates are fetched once for all who wait at a time"


def test_a_text_that_is_no_token_does_not_make_the_server_ask_google(make_api: MakeApi, silent: SilentServer) -> None:
    server = make_api(GOOGLE_CLIENT_ID="yousync.test", GOOGLE_CERTS_URL=f"{silent.url}/certs")
    answer = httpx.post(f"{server.url}/api/auth/google", json={"id_token": "e30.e30.e30"}, timeout=30)
    assert (answer.status_code, silent.connections) == (401, 0)


def test_erasures_and_exports_that_wait_for_the_store_hold_nothing(make_api: MakeApi, silent: SilentServer) -> None:
    server = make_api(S3_ENDPOINT_URL=silent.url, RATE_LIMIT_SIGN_IN="1000/minute")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        learners = [somebody(client) for _ in range(WAITING)]

    def erase(number: int) -> httpx.Response:
        return httpx.delete(f"{server.url}/api/auth/me", headers=learners[number].headers, timeout=120)

    def export(number: int) -> httpx.Response:
        return httpx.get(f"{server.url}/api/mypage/export", headers=learners[number].headers, timeout=120)

    exported = ask_while_others_wait(server, silent, export, 4)
    assert {answer.status_code for answer in exported} <= {429, 503}
    erased = ask_while_others_wait(server, silent, erase, WAITING)
    assert {answer.status_code for answer in erased} == {204}
    with httpx.Client(base_url=server.url, timeout=30) as client:
        assert not any(is_signed_in(client, who) for who in learners)


def test_readiness_that_waits_for_the_analysis_server_holds_nothing(make_api: MakeApi, silent: SilentServer) -> None:
    server = make_api(silent.url)

    def check(_: int) -> httpx.Response:
        return httpx.get(f"{server.url}/health/ready", timeout=60)

    answers = ask_while_others_wait(server, silent, check, WAITING)
    assert {answer.json()["causes"]["analysis"] for answer in answers} == {"no_answer"}
    assert silent.connections < 10, "one question serves all who wait"


def is_signed_in(client: httpx.Client, who: Learner) -> bool:
    return client.get("/api/auth/me", headers=who.headers).status_code == 200
