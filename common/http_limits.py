"""Limits on requests that are half sent: the size and the duration of a head, and of bodies that nobody reads.

uvicorn has none: it keeps an endless header in memory, joins its pieces again and again on the event loop, and waits
for the end of a head, or of a body whose request is answered, as long as the connection lives.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from common.body_pace import BYTES_PER_S_MIN
from common.http_upgrades import UpgradeIgnoringProtocol

MAX_HEAD_BYTES = 64 * 1024
# Each header costs every reader of headers its time, however short it is.
MAX_HEADERS = 1000
_HEADER_OVERHEAD_BYTES = len(b": \r\n")
# Of the rest of a body whose request has been answered: longer ones are cut off, and slower ones.
_MAX_UNREAD_BYTES = 100 * 1024 * 1024
# A closed connection that still receives would be reset, and the response could be lost.
_LINGER_S = 5.0

TOO_SLOW, LINE_TOO_LONG, HEAD_TOO_LARGE = 408, 414, 431
# The stable code of each problem.
HTTP_LIMIT_CODES = {
    TOO_SLOW: "request_too_slow",
    LINE_TOO_LONG: "request_line_too_long",
    HEAD_TOO_LARGE: "request_head_too_large",
}
_PHRASES = {
    TOO_SLOW: b"Request Timeout",
    LINE_TOO_LONG: b"URI Too Long",
    HEAD_TOO_LARGE: b"Request Header Fields Too Large",
}

# Returns the body of a problem (application/problem+json) for a status and a code.
RenderProblem = Callable[[int, str], bytes]


def limit_connections(receive: Any, render: RenderProblem, head_timeout_s: float) -> None:
    """Makes uvicorn use LimitedProtocol for all connections, however it was started.

    receive: of the lifespan, unwrapped; uvicorn's knows the configuration, from which each connection takes its
    protocol. Other servers, and uvicorn with another parser, are left as they are.
    """
    config = getattr(getattr(receive, "__self__", None), "config", None)
    if isinstance(config, Config) and config.http_protocol_class is HttpToolsProtocol:
        limits = {"render": staticmethod(render), "head_timeout_s": head_timeout_s}
        config.http_protocol_class = type("LimitedProtocol", (LimitedProtocol,), limits)


class LimitedProtocol(UpgradeIgnoringProtocol):
    """One connection. A section is what is no content: a head, the trailers or the size of a chunk.

    A section that begins a segment ends within MAX_HEAD_BYTES, any other within twice as much.
    """

    render: RenderProblem
    head_timeout_s: float

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._section_bytes = self._unread_bytes = self._unread_before = 0
        self._has_head = self._is_refused = False
        self._deadline: asyncio.TimerHandle | None = None
        self._running: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._set_deadline(self.head_timeout_s, self._end_slow_head)

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_deadline()
        # uvicorn tells only the newest request; those behind the running one never start.
        if self._running is not None:
            self._running.disconnected = not self._running.response_complete
            self._running.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        for start in range(0, len(data), MAX_HEAD_BYTES):
            if self._is_refused or self.transport.is_closing():
                return
            piece = data[start : start + MAX_HEAD_BYTES]
            self._section_bytes += len(piece)
            super().data_received(piece)
            if self._section_bytes > MAX_HEAD_BYTES:
                self._refuse(self._status_of_large_section())
        self._watch(len(data))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header. Trailers, which uvicorn would add to the headers, are dropped (RFC 9110, section 6.5.1)."""
        if not self._has_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Raises ValueError, which ends the parsing, for a head that is too large."""
        is_long = self._section_bytes > MAX_HEAD_BYTES and self._head_bytes() > MAX_HEAD_BYTES
        if is_long or len(self.headers) > MAX_HEADERS:
            self._refuse(self._status_of_large_section())
            raise ValueError("the head is too large")
        self._section_bytes = 0
        self._has_head = True
        self._cancel_deadline()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._section_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._section_bytes = 0
        self._has_head = False
        self._unread_bytes = self._unread_before = 0
        self._cancel_deadline()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        if not self._is_refused:
            super().send_400_response(msg)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + _HEADER_OVERHEAD_BYTES for name, value in self.headers)

    def _status_of_large_section(self) -> int:
        is_line = not self._has_head and len(getattr(self, "url", b"")) > MAX_HEAD_BYTES // 2
        return LINE_TOO_LONG if is_line else HEAD_TOO_LARGE

    def _watch(self, received_bytes: int) -> None:
        """Sets the deadline of a head, or of the rest of a body, that has begun and not ended."""
        is_upgraded = self.transport.get_protocol() is not self
        if self._is_refused or is_upgraded or self.transport.is_closing() or not self._is_answered():
            return
        if not self._has_head:
            if self._deadline is None:
                self._set_deadline(self.head_timeout_s, self._end_slow_head)
            return
        self._unread_bytes += received_bytes
        if self._unread_bytes > _MAX_UNREAD_BYTES:
            self.transport.close()
        elif self._deadline is None:
            self._set_deadline(self.head_timeout_s, self._end_slow_rest)

    def _set_deadline(self, delay_s: float, end: Callable[[], None]) -> None:
        self._deadline = self.loop.call_later(delay_s, end)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end_slow_head(self) -> None:
        if self._section_bytes:
            self._refuse(TOO_SLOW)
        else:
            self.transport.close()

    def _end_slow_rest(self) -> None:
        received = self._unread_bytes - self._unread_before
        if received < self.head_timeout_s * BYTES_PER_S_MIN:
            self.transport.close()
            return
        self._unread_before = self._unread_bytes
        self._set_deadline(self.head_timeout_s, self._end_slow_rest)

    def _refuse(self, status: int) -> None:
        """Ends the connection; with a response, unless one has begun or an earlier request still waits for its own."""
        if self._is_refused:
            return
        self._is_refused = True
        self._cancel_deadline()
        self._unset_keepalive_if_required()
        is_answered = self._is_answered()
        in_body = self._has_head and not is_answered
        may_respond = (
            not (self.pipeline or self.cycle.response_started) if in_body else not self._has_head and is_answered
        )
        if not is_answered:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if not may_respond:
            self.transport.close()
            return
        self._respond(status, self.render(status, HTTP_LIMIT_CODES[status]))

    def _respond(self, status: int, body: bytes) -> None:
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(b"HTTP/1.1 %d %b\r\n%b\r\n%b" % (status, _PHRASES[status], lines, body))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self._set_deadline(_LINGER_S, self.transport.abort)
