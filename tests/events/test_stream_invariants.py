"""Invariants of progress streams: states in order, the terminal one last and for all listeners, no blocking."""

import random
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import MakeApi
from tests.support.factories import Learner, dubbable_line, follow, make_job, read_events, report, somebody
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

# Allows more listeners than the default limit per user.
CROWD = {"STREAMS_PER_USER_MAX": "1000", "JOB_RETRY_BASE_S": "30"}
STAGES = ("decoding", "checking", "pronunciation", "alignment", "prosody", "scoring")


@dataclass
class Scene:
    """A server, a learner and a job whose state only the test changes."""

    server: ServerProcess
    client: httpx.Client
    who: Learner
    job_id: str
    sockets: ExitStack

    @property
    def path(self) -> str:
        return f"/api/tokens/analysis-progress/{self.job_id}"

    def state(self) -> dict[str, Any]:
        return dict(self.client.get(f"/api/tokens/analysis-result/{self.job_id}", headers=self.who.headers).json())

    def progress(self, value: int, stage: str) -> None:
        report(self.client, {"type": "analysis.progress", "job_id": self.job_id, "progress": value, "stage": stage})

    def complete(self, feedback: dict[str, Any] | None = None) -> None:
        result = {"overall_score": 70, "detailed_feedback": feedback or {"words": []}}
        assert report(self.client, {"job_id": self.job_id, "result": result}).json()["changed"]

    def open(self, receive_buffer: int = 0) -> socket.socket:
        """Opens a stream on a bare socket and reads the current state."""
        connection = self.sockets.enter_context(socket.socket())
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", self.server.port))
        head = f"GET {self.path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.who.access_token}\r\n\r\n"
        connection.sendall(head.encode())
        while b"data:" not in connection.recv(4096):
            pass
        return connection


@contextmanager
def scene(server: ServerProcess) -> Iterator[Scene]:
    with httpx.Client(base_url=server.url, timeout=30) as client, ExitStack() as sockets:
        who = somebody(client)
        here = Scene(server, client, who, make_job(client, who, dubbable_line(client)), sockets)
        wait_until(lambda: here.state()["stage"] == "stored")
        yield here


@pytest.fixture(scope="module")
def roomy(make_api: MakeApi) -> ServerProcess:
    return make_api(**CROWD)


@pytest.fixture
def here(roomy: ServerProcess) -> Iterator[Scene]:
    with scene(roomy) as found:
        yield found


@dataclass
class Heard:
    """The events that one listener received over all its connections, and whether a 204 ended them."""

    states: list[tuple[int, int, str]] = field(default_factory=list)
    connections: int = 0
    has_been_told_to_stop: bool = False


def listen_with_interruptions(here: Scene, chance: random.Random, heard: Heard) -> None:
    """Disconnects after a few states and reconnects with Last-Event-ID, as a phone in a tunnel does."""
    with httpx.Client(base_url=here.server.url, timeout=30) as client:
        while not heard.has_been_told_to_stop:
            last = {"Last-Event-ID": str(heard.states[-1][0])} if heard.states else {}
            with suppress(httpx.TransportError), follow(client, here.path, **here.who.headers, **last) as answer:
                heard.connections += 1
                heard.has_been_told_to_stop = answer.status_code == 204
                patience = chance.randint(1, 6)
                for event in read_events(answer):
                    heard.states.append((event.id, event.data["progress"], event.data["status"]))
                    patience -= 1
                    if patience == 0 and event.data["status"] == "processing":
                        break
            time.sleep(chance.uniform(0, 0.2))


def assert_lawful(heard: Heard) -> None:
    ids, progress, statuses = zip(*heard.states, strict=True)
    assert list(ids) == sorted(ids)
    assert list(progress) == sorted(progress)
    assert set(statuses[:-1]) <= {"processing"}, "a state after the terminal one"
    assert statuses[-1] == "completed"
    assert heard.has_been_told_to_stop


@pytest.mark.parametrize("seed", range(3))
def test_listeners_receive_states_in_order_and_the_terminal_one_last(here: Scene, seed: int) -> None:
    chance = random.Random(seed)
    everybody = [Heard() for _ in range(24)]
    with ThreadPoolExecutor(len(everybody) + 4) as threads:
        for number, heard in enumerate(everybody):
            threads.submit(listen_with_interruptions, here, random.Random(1000 * seed + number), heard)
        reports = [(value, STAGES[value // 17]) for value in range(10, 100, 2)]
        for at in range(0, len(reports), 4):  # some reports are late, repeated or concurrent
            several = [*reports[at : at + 4], chance.choice(reports[: at + 4])]
            chance.shuffle(several)
            list(threads.map(lambda each: here.progress(*each), several))
            time.sleep(0.05)
        ends = [
            threads.submit(report, here.client, {"job_id": here.job_id, "result": {"overall_score": n}}) for n in (1, 2)
        ]
        late = threads.submit(here.progress, 99, "scoring")
        assert sorted(end.result().json()["changed"] for end in ends) == [False, True]
        late.result()
    for heard in everybody:
        assert_lawful(heard)
    assert sum(heard.connections for heard in everybody) > 2 * len(everybody)
    assert len({heard.states[-1] for heard in everybody}) == 1


# Larger than the buffers of both sides, smaller than the size limit of a webhook.
LARGE = {"words": [], "notes": "x" * 1_900_000}


def held_by_server(server: ServerProcess, clients: set[int]) -> set[int]:
    """Returns the client ports that the kernel still connects with the server."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ends = [(line.split()[1].split(":")[1], line.split()[2].split(":")[1]) for line in lines]
    return {int(remote, 16) for local, remote in ends if int(local, 16) == server.port} & clients


@pytest.mark.alone
def test_client_that_stops_reading_is_dropped_without_delaying_others(make_api: MakeApi) -> None:
    server = make_api(STREAM_SEND_TIMEOUT_S="1", **CROWD)
    with scene(server) as here:
        frozen = [here.open(receive_buffer=1024) for _ in range(20)]
        ports = {connection.getsockname()[1] for connection in frozen}
        with follow(here.client, here.path, **here.who.headers) as response:
            events = read_events(response)
            next(events)
            started = time.monotonic()
            here.complete(LARGE)
            assert next(events).data["result"]["detailed_feedback"] == LARGE
            assert time.monotonic() - started < 3
        wait_until(lambda: not held_by_server(server, ports), timeout_s=6)
    assert "Traceback" not in server.log


def test_idle_client_with_a_closed_window_is_dropped(make_api: MakeApi) -> None:
    """Only heartbeats are sent and none is read, so only the kernel can detect the stall."""
    server = make_api(STREAM_SEND_TIMEOUT_S="1", STREAM_HEARTBEAT_S="0.01", JOB_RETRY_BASE_S="30")
    with scene(server) as here:
        frozen = here.open(receive_buffer=256)
        port = frozen.getsockname()[1]
        assert held_by_server(server, {port})
        wait_until(lambda: not held_by_server(server, {port}), timeout_s=20)


@pytest.mark.alone
def test_sigterm_does_not_wait_for_clients_that_stop_reading(make_api: MakeApi) -> None:
    server = make_api(**CROWD)
    with scene(server) as here:
        for _ in range(50):
            here.open(receive_buffer=1024)
        here.complete(LARGE)
        time.sleep(0.5)
        started = time.monotonic()
        server.end(signal.SIGTERM, timeout_s=20)
        assert time.monotonic() - started < 5


def test_slow_client_skips_states_but_receives_the_terminal_one(here: Scene) -> None:
    slow = here.open(receive_buffer=1024)
    for value in range(10, 100):
        here.progress(value, STAGES[value // 17])
    here.complete()
    received = b""
    while b'"progress":100' not in received:
        chunk = slow.recv(64)
        assert chunk, received[-300:]
        received += chunk
        time.sleep(0.001)
    progress = [int(found) for found in re.findall(rb'"progress":(\d+)', received)]
    assert progress == sorted(progress)


def test_clients_reconnect_to_the_current_state_after_a_restart(make_api: MakeApi) -> None:
    server = make_api(**CROWD)
    with scene(server) as here:
        here.progress(40, "pronunciation")
        heard = [Heard() for _ in range(50)]
        threads = [threading.Thread(target=listen_patiently, args=(here, each), daemon=True) for each in heard]
        for thread in threads:
            thread.start()
        wait_until(lambda: all(each.states for each in heard))
        before = {each.states[-1] for each in heard}
        server.end(signal.SIGTERM)
        server.start()
        wait_until(lambda: all(each.connections >= 2 for each in heard))
        here.complete()
        for thread in threads:
            thread.join(20)
        assert len(before) == 1
        for each in heard:
            assert each.states[0] in before
            assert_lawful(each)


def listen_patiently(here: Scene, heard: Heard) -> None:
    with httpx.Client(base_url=here.server.url, timeout=30) as client:
        while not heard.has_been_told_to_stop:
            last = {"Last-Event-ID": str(heard.states[-1][0])} if heard.states else {}
            with suppress(httpx.TransportError), follow(client, here.path, **here.who.headers, **last) as answer:
                heard.connections += 1
                heard.has_been_told_to_stop = answer.status_code == 204
                for event in read_events(answer):
                    heard.states.append((event.id, event.data["progress"], event.data["status"]))
            time.sleep(0.1)
