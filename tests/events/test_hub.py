"""The progress stream as HTTP clients receive it: events, access, heartbeats, limits."""

import asyncio
import signal
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any

import httpx
import pytest
from starlette.types import Message

from events.hub import Hub
from events.snapshot import Snapshot
from middleware.expose_transport import ExposeTransport
from tests.conftest import MakeApi
from tests.support.factories import (
    Event,
    Learner,
    complete,
    dubbable_line,
    follow,
    make_job,
    make_token,
    read_events,
    report,
    somebody,
    upload,
)
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def token(client: httpx.Client, admin: Learner) -> dict[str, Any]:
    return make_token(client, admin)


@pytest.fixture
def job(client: httpx.Client, learner: Learner, token: dict[str, Any]) -> str:
    """A stored job whose state only the reports of a test change."""
    job_id = make_job(client, learner, token["id"])
    path = f"/api/tokens/analysis-result/{job_id}"
    wait_until(lambda: client.get(path, headers=learner.headers).json()["stage"] == "stored")
    return job_id


def progress(client: httpx.Client, job_id: str, value: int, stage: str = "pronunciation") -> None:
    report(client, {"type": "analysis.progress", "job_id": job_id, "progress": value, "stage": stage})


def url_of(job_id: str) -> str:
    return f"/api/tokens/analysis-progress/{job_id}"


def listen(base_url: str, job_id: str, headers: dict[str, str], heard: list[Event], ready: threading.Event) -> None:
    with httpx.Client(base_url=base_url) as http, follow(http, url_of(job_id), **headers) as response:
        for event in read_events(response):
            heard.append(event)
            ready.set()


def is_heard(heard: list[Event], stage: str) -> bool:
    return stage in {event.data["stage"] for event in heard}


def test_current_state_comes_first_and_the_result_last(
    client: httpx.Client, api: ServerProcess, learner: Learner, job: str
) -> None:
    heard: list[Event] = []
    ready = threading.Event()
    listener = threading.Thread(target=listen, args=(api.url, job, learner.headers, heard, ready))
    listener.start()
    assert ready.wait(10)
    for value, stage in ((30, "decoding"), (60, "pronunciation"), (60, "alignment"), (50, "decoding")):
        progress(client, job, value, stage)
        # Two consecutive states may be sent as one event.
        wait_until(partial(is_heard, heard, stage))
    complete(client, job, 77.0)
    listener.join(10)
    assert not listener.is_alive()
    assert [event.data["stage"] for event in heard] == ["stored", "decoding", "pronunciation", "alignment", "completed"]
    assert [event.data["progress"] for event in heard] == [8, 30, 60, 60, 100]
    ids = [event.id for event in heard]
    assert ids == list(range(ids[0], ids[0] + 5))
    assert heard[-1].data["result"]["overall_score"] == 77.0
    assert all(event.data["job_id"] == job for event in heard)


def test_response_is_an_unbuffered_event_stream(client: httpx.Client, learner: Learner, job: str) -> None:
    with follow(client, url_of(job), **learner.headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-accel-buffering"] == "no"
        assert next(read_events(response)).data["status"] == "processing"


def test_ended_job_sends_one_event_and_204_on_reconnect(client: httpx.Client, learner: Learner, job: str) -> None:
    complete(client, job)
    with follow(client, url_of(job), **learner.headers) as response:
        (only,) = list(read_events(response))
    assert only.data["status"] == "completed"
    again = client.get(url_of(job), headers={**learner.headers, "Last-Event-ID": str(only.id)})
    assert (again.status_code, again.content) == (204, b"")
    for behind in (str(only.id - 1), "", "abc", "-1", "9" * 30):
        with follow(client, url_of(job), **learner.headers, **{"Last-Event-ID": behind}) as response:
            assert [event.id for event in read_events(response)] == [only.id], behind


def test_failed_job_ends_the_stream_with_its_error(client: httpx.Client, learner: Learner, job: str) -> None:
    report(client, {"type": "analysis.failed", "job_id": job, "error": {"code": "audio_undecodable"}})
    with follow(client, url_of(job), **learner.headers, **{"Accept-Language": "en"}) as response:
        (only,) = list(read_events(response))
    assert only.data["status"] == "failed"
    assert only.data["error"]["code"] == "audio_undecodable"
    assert only.data["error"]["message"].startswith("The recording cannot be opened")


def test_early_and_late_listeners_receive_the_terminal_state(
    client: httpx.Client, api: ServerProcess, learner: Learner, job: str
) -> None:
    heard: list[list[Event]] = [[], [], []]
    ready = [threading.Event() for _ in heard]
    threads = [
        threading.Thread(target=listen, args=(api.url, job, learner.headers, events, event))
        for events, event in zip(heard, ready, strict=True)
    ]
    for index in (0, 1):
        threads[index].start()
        assert ready[index].wait(10)
    progress(client, job, 50)
    threads[2].start()
    assert ready[2].wait(10)
    complete(client, job)
    for thread in threads:
        thread.join(10)
    assert [event.data["progress"] for event in heard[2]] == [50, 100]
    assert [event.id for event in heard[0]] == [event.id for event in heard[1]]
    assert all(events[-1].data["status"] == "completed" for events in heard)


def test_stream_requires_the_owners_token_cookie_or_ticket(
    client: httpx.Client, api: ServerProcess, learner: Learner, stranger: Learner, job: str, token: dict[str, Any]
) -> None:
    assert client.get(url_of(job)).status_code == 401
    assert client.get(url_of(job), headers=stranger.headers).status_code == 404
    assert client.get(url_of(str(uuid.uuid4())), headers=learner.headers).status_code == 404
    assert client.get(url_of(job), params={"ticket": learner.access_token}).json()["code"] == "invalid_stream_ticket"
    with httpx.Client(base_url=api.url, cookies={"yousync_session": learner.access_token}) as browser:
        with follow(browser, url_of(job)) as response:
            assert response.status_code == 200
        assert browser.get("/api/auth/me").status_code == 401  # the cookie authorizes only streams
    accepted = upload(client, learner, token["id"]).json()
    with follow(client, accepted["progress_url"]) as response:
        assert response.status_code == 200
        assert next(read_events(response)).data["job_id"] == accepted["job_id"]
    ticket = accepted["progress_url"].split("ticket=")[1]
    assert client.get(url_of(job), params={"ticket": ticket}).status_code == 401
    assert client.get("/api/auth/me", headers={"Authorization": f"Bearer {ticket}"}).status_code == 401


def test_heartbeats_keep_a_direct_stream_open(make_api: MakeApi) -> None:
    server = make_api(STREAM_HEARTBEAT_S="0.2", JOB_RETRY_BASE_S="30")
    with httpx.Client(base_url=server.url) as client:
        who = somebody(client)
        with follow(client, url_of(make_job(client, who, dubbable_line(client))), **who.headers) as response:
            lines = response.iter_lines()
            assert sum(1 for _ in range(40) if next(lines) == ": ping") >= 2


def test_stream_ends_after_its_lifetime_with_a_retry_delay(make_api: MakeApi) -> None:
    server = make_api(STREAM_HEARTBEAT_S="0.2", STREAM_LIFETIME_S="0.5", JOB_RETRY_BASE_S="30")
    with httpx.Client(base_url=server.url) as client:
        who = somebody(client)
        with follow(client, url_of(make_job(client, who, dubbable_line(client))), **who.headers) as response:
            text = "".join(response.iter_text())
    assert text.rstrip().endswith("retry: 1000")


@pytest.mark.alone
def test_sigterm_closes_a_thousand_streams_within_seconds(make_api: MakeApi) -> None:
    server = make_api(JOB_RETRY_BASE_S="30", STREAMS_PER_USER_MAX="1000")
    with httpx.Client(base_url=server.url) as client:
        who = somebody(client)
        job_id = make_job(client, who, dubbable_line(client))
    request = (f"GET {url_of(job_id)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {who.access_token}\r\n\r\n").encode()

    def open_stream(_: int) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        connection.sendall(request)
        while b"data:" not in connection.recv(4096):
            pass
        return connection

    with ThreadPoolExecutor(32) as threads:
        streams = list(threads.map(open_stream, range(1000)))
    started = time.monotonic()
    code = server.end(signal.SIGTERM, timeout_s=10)
    took = time.monotonic() - started
    ends = [drain(connection) for connection in streams]
    assert took < 5
    assert code in (0, -signal.SIGTERM)
    assert all(b"retry: 1000" in end for end in ends)


def drain(connection: socket.socket) -> bytes:
    received = b""
    with connection:
        while chunk := connection.recv(4096):
            received += chunk
    return received


@pytest.fixture
def frozen(client: httpx.Client, api: ServerProcess, learner: Learner, job: str) -> Iterator[socket.socket]:
    """A client that opens a stream and reads nothing."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    connection.connect(("127.0.0.1", api.port))
    connection.sendall(
        f"GET {url_of(job)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {learner.access_token}\r\n\r\n".encode()
    )
    yield connection
    connection.close()


@pytest.mark.alone
def test_frozen_client_does_not_delay_others(
    client: httpx.Client, learner: Learner, job: str, frozen: socket.socket
) -> None:
    with follow(client, url_of(job), **learner.headers) as response:
        events = read_events(response)
        next(events)
        started = time.monotonic()
        for value in range(20, 80):
            report(client, {"type": "analysis.progress", "job_id": job, "progress": value, "stage": "pronunciation"})
        complete(client, job)
        assert list(events)[-1].data["status"] == "completed"
    assert time.monotonic() - started < 8


def test_streams_per_user_are_limited_until_one_closes(make_api: MakeApi) -> None:
    server = make_api(STREAMS_PER_USER_MAX="3", JOB_RETRY_BASE_S="30")
    with httpx.Client(base_url=server.url) as client, ExitStack() as streams:
        who, other, line = somebody(client), somebody(client), dubbable_line(client)
        jobs = [make_job(client, who, line) for _ in range(2)]
        reading: list[Iterator[str]] = []

        def open_one(job_id: str, learner: Learner) -> httpx.Response:
            response = streams.enter_context(follow(client, url_of(job_id), **learner.headers))
            if response.is_success:
                reading.append(response.iter_lines())  # a garbage-collected iterator closes its response
                next(reading[-1])
            return response

        opened = [open_one(job_id, who) for job_id in (jobs[0], jobs[0], jobs[1])]
        assert [response.status_code for response in opened] == [200] * 3
        refused = client.get(url_of(jobs[1]), headers=who.headers)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
        assert int(refused.headers["retry-after"]) >= 1
        assert open_one(make_job(client, other, line), other).status_code == 200
        opened[0].close()
        wait_until(lambda: open_one(jobs[1], who).status_code == 200, timeout_s=5)


def test_refused_and_ended_streams_do_not_count(make_api: MakeApi) -> None:
    server = make_api(STREAMS_PER_USER_MAX="2", JOB_RETRY_BASE_S="30")
    with httpx.Client(base_url=server.url) as client:
        who, other, line = somebody(client), somebody(client), dubbable_line(client)
        theirs, ended = make_job(client, other, line), make_job(client, who, line)
        complete(client, ended)
        for _ in range(5):
            assert client.get(url_of(theirs), headers=who.headers).status_code == 404
            assert client.get(url_of(ended), headers=who.headers).status_code == 200
            again = client.get(url_of(ended), headers={**who.headers, "Last-Event-ID": "99"})
            assert again.status_code == 204


class Wire:
    """Stands in for uvicorn in one chunked response, and records direct writes to the transport."""

    def __init__(self, *, takes_chunks: bool = True, waiting_bytes: int = 0) -> None:
        self.chunked_encoding = takes_chunks
        self.waiting_bytes = waiting_bytes
        self.transport = self
        self.written: list[bytes] = []
        self.sent: list[Message] = []
        self.gone = asyncio.Event()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return self.gone.is_set()

    def get_write_buffer_size(self) -> int:
        return self.waiting_bytes

    def get_extra_info(self, _: str) -> None: ...

    def abort(self) -> None: ...


def test_no_heartbeat_follows_the_last_chunk() -> None:
    asyncio.run(_end_while_the_heart_beats())


async def _end_while_the_heart_beats() -> None:
    hub, wire, job_id = Hub(10, 60, 5), Wire(), uuid.uuid4()
    stream = hub.open_stream(1, job_id, "en")
    answer = asyncio.create_task(ExposeTransport(stream)({"type": "http"}, wire.receive, wire.send))
    stream.offer(Snapshot(job_id, 1, "processing", "accepted", 0))
    await asyncio.sleep(0.05)
    stream.group.beat(oldest=0)
    assert wire.written == [b"8\r\n: ping\n\n\r\n"]
    stream.offer(Snapshot(job_id, 2, "failed", "failed", 0))
    while wire.sent[-1].get("more_body") is not False:
        stream.group.beat(oldest=0)
        await asyncio.sleep(0)
    stream.group.beat(oldest=0)
    await answer
    stream.group.beat(oldest=0)
    assert len(wire.written) == 1


def test_no_heartbeat_is_written_after_a_disconnect() -> None:
    asyncio.run(_leave_while_the_heart_beats())


async def _leave_while_the_heart_beats() -> None:
    hub, wire = Hub(10, 60, 5), Wire()
    stream = hub.open_stream(1, uuid.uuid4(), "en")
    answer = asyncio.create_task(ExposeTransport(stream)({"type": "http"}, wire.receive, wire.send))
    await asyncio.sleep(0.05)
    stream.group.beat(oldest=0)
    assert len(wire.written) == 1
    wire.gone.set()
    await answer
    stream.group.beat(oldest=0)
    assert len(wire.written) == 1
    assert hub.streams_of(1) == 0


@pytest.mark.parametrize("wire", [Wire(takes_chunks=False), Wire(waiting_bytes=1)], ids=["unchunked", "unread data"])
def test_heartbeats_are_sent_by_asgi_when_direct_writes_are_unsafe(wire: Wire) -> None:
    asyncio.run(_beat_by_the_server(wire))


async def _beat_by_the_server(wire: Wire) -> None:
    hub = Hub(10, 60, 5)
    stream = hub.open_stream(1, uuid.uuid4(), "en")
    answer = asyncio.create_task(ExposeTransport(stream)({"type": "http"}, wire.receive, wire.send))
    for _ in range(3):
        await asyncio.sleep(0.02)
        stream.group.beat(oldest=0)
    await asyncio.sleep(0.02)
    wire.gone.set()
    await answer
    assert [message.get("body") for message in wire.sent[1:]] == [b": ping\n\n"] * 3
    assert wire.written == []
