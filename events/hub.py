"""The progress hub: `publish(snapshot)` from anywhere, one stream per listener, pushed and never polled.

A stream keeps only the newest state: a slow client skips states and never makes the server wait.
"""

import asyncio
import itertools
import json
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any
from uuid import UUID
from weakref import WeakSet

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.i18n import Language, error_text, stage_text
from events.transport import cut_unless_sent, give_up_after, park, sends_chunks, transport_of

_PING = b": ping\n\n"
_PING_CHUNK = b"%x\r\n%b\r\n" % (len(_PING), _PING)
_RECONNECT = b"retry: 1000\n\n"
# What a client gets to take its last bytes when the server stops.
_PARTING_S = 2.0
# How many groups of streams take turns in one heartbeat. Of 10,000 streams, one group keeps a report waiting for 20 ms.
_BEATS = 5


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state of a job as its listeners see it; `version` grows by one per change."""

    job_id: UUID
    version: int
    status: str
    stage: str
    progress: int
    message: str | None = None
    error_code: str | None = None
    result: dict[str, Any] | None = None

    @property
    def is_terminal(self) -> bool:
        return self.status != "processing"

    def as_event(self, language: Language) -> bytes:
        """One server-sent event of the default type."""
        data: dict[str, Any] = {
            "job_id": str(self.job_id),
            "status": self.status,
            "stage": self.stage,
            "progress": self.progress,
            "message": stage_text(self.stage, self.message, language),
        }
        if self.error_code:
            data["error"] = {"code": self.error_code, "message": error_text(self.error_code, language)}
        if self.result is not None:
            data["result"] = self.result
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.version}\ndata: {text}\n\n".encode()


class Turn:
    """Streams that have their heartbeat together."""

    __slots__ = ("_others", "_quiet", "_streams")

    def __init__(self) -> None:
        # Those that were opened first come first.
        self._streams: dict[ProgressStream, None] = {}
        # With nothing to send. What a heartbeat needs is kept apart from the stream: of ten thousand, none is in the
        # processor's cache any more when its turn comes.
        self._quiet: dict[ProgressStream, asyncio.Transport] = {}
        self._others: dict[ProgressStream, None] = {}

    def add(self, stream: "ProgressStream") -> None:
        self._streams[stream] = None

    def discard(self, stream: "ProgressStream") -> None:
        self.rouse(stream)
        self._streams.pop(stream, None)

    def rest(self, stream: "ProgressStream", transport: asyncio.Transport | None) -> None:
        """Of a stream that has sent all there was; `transport` when nothing waits there and it takes chunks."""
        if transport is None:
            self._others[stream] = None
        else:
            self._quiet[stream] = transport

    def rouse(self, stream: "ProgressStream") -> None:
        """Of a stream that is about to send, or has ended: what is written meanwhile would come in between."""
        self._quiet.pop(stream, None)
        self._others.pop(stream, None)

    def beat(self, oldest: float) -> None:
        """A heartbeat for each stream that rests; the end of all that were opened before `oldest` (monotonic, s)."""
        for stream in self._streams:
            if stream.opened_at >= oldest:
                break
            stream.end()
        for transport in tuple(self._quiet.values()):
            transport.write(_PING_CHUNK)
        for stream in tuple(self._others):
            stream.ping()


class Hub:
    """Who listens to which job. All methods but `publish` and `close_soon` belong to the event loop."""

    def __init__(
        self,
        heartbeat_s: float,
        lifetime_s: float,
        send_timeout_s: float,
        on_change: Callable[[int], None] = lambda by: None,
    ) -> None:
        """`on_change` hears of each stream that is opened (1) or gone (-1)."""
        self._on_change = on_change
        self._streams: dict[UUID, set[ProgressStream]] = {}
        self._turns = [Turn() for _ in range(_BEATS)]
        self._of_user: Counter[int] = Counter()
        self._heartbeat_s = heartbeat_s
        self._lifetime_s = lifetime_s
        self.send_timeout_s = send_timeout_s
        self._closing = False
        self._transports: WeakSet[asyncio.Transport] = WeakSet()
        self._loop = asyncio.get_running_loop()

    def open_stream(self, user_id: int, job_id: UUID, language: Language) -> "ProgressStream":
        """Listens from now on: open first, then read the present state and offer it, so that nothing is missed."""
        turn = self._turns[job_id.int % _BEATS]
        stream = ProgressStream(self, turn, user_id, job_id, language)
        self._streams.setdefault(job_id, set()).add(stream)
        turn.add(stream)
        self._of_user[user_id] += 1
        self._on_change(1)
        return stream

    def discard(self, stream: "ProgressStream") -> None:
        streams = self._streams.get(stream.job_id, set())
        if stream not in streams:
            return
        streams.remove(stream)
        stream.turn.discard(stream)
        self._on_change(-1)
        if not streams:
            del self._streams[stream.job_id]
        self._of_user[stream.user_id] -= 1
        if not self._of_user[stream.user_id]:
            del self._of_user[stream.user_id]

    def known_versions(self, changed: Mapping[UUID, int] | None = None) -> dict[UUID, int]:
        """The jobs that somebody here listens to, with the oldest version that a listener of each has; of `changed`,
        jobs with a version that is surpassed, only those whose listeners do not have a newer one."""
        wanted = self._streams.keys() if changed is None else changed.keys() & self._streams.keys()
        known = {job_id: min(stream.newest_version for stream in self._streams[job_id]) for job_id in wanted}
        return {id_: version for id_, version in known.items() if changed is None or version <= changed[id_]}

    def streams_of(self, user_id: int) -> int:
        return self._of_user[user_id]

    def publish(self, snapshot: Snapshot) -> None:
        """Hands a committed state to all listeners; callable from any thread."""
        with suppress(RuntimeError):  # the loop is gone: so are the listeners
            self._loop.call_soon_threadsafe(self._offer, snapshot)

    def _offer(self, snapshot: Snapshot) -> None:
        for stream in tuple(self._streams.get(snapshot.job_id, ())):
            stream.offer(snapshot)

    async def beat(self) -> None:
        """One timer for all streams: heartbeat, and the end of those that have lived long enough.

        Each stream has its turn once in a heartbeat: all at once would make a report wait behind thousands.
        """
        pause_s = self._heartbeat_s / _BEATS
        for turn in itertools.cycle(self._turns):
            await asyncio.sleep(pause_s)
            turn.beat(time.monotonic() - self._lifetime_s)

    def close_soon(self) -> None:
        """Ends every stream, so that the server can stop; clients reconnect. Callable from a signal handler."""
        self._loop.call_soon_threadsafe(self._close)

    def _close(self) -> None:
        self._closing = True
        for stream in self._all():
            stream.end()
        # A connection that has something to send is waited for, also after its stream has ended.
        self._loop.call_later(_PARTING_S, self._cut)

    def _cut(self) -> None:
        for transport in self._transports:
            cut_unless_sent(transport)

    def hold(self, transport: asyncio.Transport) -> None:
        """Remembers a stream's connection for as long as it lives, and has the kernel watch it."""
        give_up_after(transport, self.send_timeout_s)
        self._transports.add(transport)

    def _all(self) -> "list[ProgressStream]":
        return [stream for streams in self._streams.values() for stream in streams]

    @property
    def is_closing(self) -> bool:
        return self._closing


def close_on_termination(hub: Hub) -> None:
    """uvicorn waits for open responses before it ends lifespan: open streams have to end at the signal itself."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def handle(signal_number: int, frame: FrameType | None, before: object = before) -> None:
            hub.close_soon()
            if callable(before):
                before(signal_number, frame)

        signal.signal(number, handle)


class ProgressStream(Response):
    """One listener: an ASGI response that sends when the hub offers, with no timer or generator of its own."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, turn: Turn, user_id: int, job_id: UUID, language: Language) -> None:
        self.user_id = user_id
        self.job_id = job_id
        self.opened_at = time.monotonic()
        self.turn = turn
        self._hub = hub
        self._language = language
        self._newest: Snapshot | None = None
        self._sent_version = 0
        self._notes = b""
        self._retry_said = False
        self._ending = hub.is_closing
        self._flushing: asyncio.Task[None] | None = None
        self._send: Send | None = None
        self._request: asyncio.Task[Any] | None = None
        self._transport: asyncio.Transport | None = None
        self._chunked: asyncio.Transport | None = None
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]

    @property
    def newest_version(self) -> int:
        return self._newest.version if self._newest else 0

    def offer(self, snapshot: Snapshot) -> None:
        if self._newest is None or snapshot.version > self._newest.version:
            self._newest = snapshot
            self._wake()

    def ping(self) -> None:
        """A heartbeat on the way that events take."""
        self._notes = _PING
        self._wake()

    def end(self) -> None:
        self._ending = True
        self._wake()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers through all middleware; what follows goes past it, where it can."""
        self._transport = transport_of(scope)
        if self._transport is not None:
            self._hub.hold(self._transport)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            del self.raw_headers, self._headers
        except BaseException:
            self._hub.discard(self)
            raise
        if not park(scope, self._follow):
            await self._follow(scope, receive, send)

    async def _follow(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._request = asyncio.current_task()
        try:
            self._send = send
            self._chunked = self._transport if sends_chunks(receive) else None
            self._wake()
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not self._ending or self._request is None:
                raise
            self._request.uncancel()
        finally:
            self._hub.discard(self)
            self._send = None
            if self._flushing is not None:
                self._flushing.cancel()

    def _wake(self) -> None:
        if self._send is not None and self._flushing is None:
            self.turn.rouse(self)
            self._flushing = asyncio.create_task(self._flush(self._send))

    async def _flush(self, send: Send) -> None:
        """Sends what is new until there is nothing; cuts a client that does not read for the send timeout."""
        try:
            async with asyncio.timeout(self._hub.send_timeout_s):
                while chunk := self._next_chunk():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                if self._ending:
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, OSError):
            self._ending = True
            if self._transport is not None:
                self._transport.abort()
        finally:
            self._flushing = None
        # What comes after the last chunk would be taken for the beginning of the next answer.
        if not self._ending:
            transport = self._chunked
            self.turn.rest(self, None if transport is None or transport.get_write_buffer_size() else transport)
        elif self._request is not None:
            self._request.cancel()

    def _next_chunk(self) -> bytes:
        chunk, self._notes = self._notes, b""
        newest = self._newest
        if newest is not None and newest.version > self._sent_version:
            self._sent_version = newest.version
            self._ending = self._ending or newest.is_terminal
            chunk += newest.as_event(self._language)
        if self._ending and not self._retry_said and not (newest and newest.is_terminal):
            self._retry_said = True
            chunk += _RECONNECT
        return chunk
