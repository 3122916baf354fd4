"""One listener's stream of server-sent events, and the groups in which idle streams get their heartbeat."""

import asyncio
import time
from typing import Any, Protocol
from uuid import UUID

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.i18n import Language
from events.snapshot import Snapshot
from events.transport import detach, sends_chunks, transport_of

_PING = b": ping\n\n"
_PING_CHUNK = b"%x\r\n%b\r\n" % (len(_PING), _PING)
_RECONNECT = b"retry: 1000\n\n"


class StreamOwner(Protocol):
    """The part of the hub that a stream uses."""

    send_timeout_s: float

    @property
    def is_closing(self) -> bool: ...

    def hold(self, transport: asyncio.Transport) -> None: ...

    def discard(self, stream: "ProgressStream") -> None: ...


class HeartbeatGroup:
    """Streams that get their heartbeat at the same time."""

    __slots__ = ("_direct", "_indirect", "_streams")

    def __init__(self) -> None:
        # In the order in which they were opened.
        self._streams: dict[ProgressStream, None] = {}
        # Idle streams. The transport is stored here and not looked up on the stream: with 10,000 streams none of them
        # is still in the processor's cache when its heartbeat is due.
        self._direct: dict[ProgressStream, asyncio.Transport] = {}
        self._indirect: dict[ProgressStream, None] = {}

    def add(self, stream: "ProgressStream") -> None:
        self._streams[stream] = None

    def discard(self, stream: "ProgressStream") -> None:
        self.activate(stream)
        self._streams.pop(stream, None)

    def idle(self, stream: "ProgressStream", transport: asyncio.Transport | None) -> None:
        """Marks a stream that has sent everything.

        transport: where heartbeats may be written as chunks, None when they have to go through the stream.
        """
        if transport is None:
            self._indirect[stream] = None
        else:
            self._direct[stream] = transport

    def activate(self, stream: "ProgressStream") -> None:
        """Marks a stream that is about to send or has ended: a heartbeat written now would split its event."""
        self._direct.pop(stream, None)
        self._indirect.pop(stream, None)

    def beat(self, oldest: float) -> None:
        """Sends a heartbeat to each idle stream, and ends all that were opened before `oldest` (monotonic, s)."""
        for stream in self._streams:
            if stream.opened_at >= oldest:
                break
            stream.end()
        for transport in tuple(self._direct.values()):
            if not transport.is_closing():  # uvloop raises for one that was reset
                transport.write(_PING_CHUNK)
        for stream in tuple(self._indirect):
            stream.ping()


class ProgressStream(Response):
    """One listener: an ASGI response that sends when the hub offers, with no timer or generator of its own."""

    media_type = "text/event-stream"

    def __init__(self, hub: StreamOwner, group: HeartbeatGroup, user_id: int, job_id: UUID, language: Language) -> None:
        self.user_id = user_id
        self.job_id = job_id
        self.opened_at = time.monotonic()
        self.group = group
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
        """Sends a heartbeat in the same way as events."""
        self._notes = _PING
        self._wake()

    def end(self) -> None:
        self._ending = True
        self._wake()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the head of the response through all middleware, and the events past it where that is possible."""
        self._transport = transport_of(scope)
        if self._transport is not None:
            self._hub.hold(self._transport)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            del self.raw_headers, self._headers
        except BaseException:
            self._hub.discard(self)
            raise
        if not detach(scope, self._follow):
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
            self.group.activate(self)
            self._flushing = asyncio.create_task(self._flush(self._send))

    async def _flush(self, send: Send) -> None:
        """Sends new events until there are none; aborts a connection whose client does not read within the time-out."""
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
        # Bytes after the last chunk would be taken for the start of the next response.
        if not self._ending:
            transport = self._chunked
            self.group.idle(self, None if transport is None or transport.get_write_buffer_size() else transport)
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
