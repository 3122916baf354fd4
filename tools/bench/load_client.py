"""The load client: many connections that each send the next request as soon as the last response is complete.

It runs in a separate process and implements only the HTTP/1.1 that is needed, so that the server is the bottleneck;
`LoadResult.client_cpu` shows whether it was.
"""

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

import uvloop

# Above this share of a CPU the client itself may have been the bottleneck.
CLIENT_CPU_MAX = 0.9
# Wait for responses that are still outstanding when the time is over.
DRAIN_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Load:
    """The requests to send: `heads` in turn, each with `body`, up to `count` requests or `seconds`."""

    port: int
    heads: Sequence[bytes]
    body: bytes = b""
    connections: int = 50
    count: int = 1000
    seconds: float = 30.0


@dataclass
class LoadResult:
    """Latencies of the responses below 400 in order, all statuses, and `client_cpu` as a share of one CPU."""

    latencies_s: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    client_cpu: float = 0.0
    sample: bytes = b""

    @property
    def rate(self) -> float:
        return len(self.latencies_s) / self.seconds if self.seconds else 0.0

    @property
    def failures(self) -> int:
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 400)

    def percentile_s(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def request_head(method: str, path: str, *, token: str = "", length: int = 0, content_type: str = "") -> bytes:
    """The request line and headers of one request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if length:
        lines += [f"Content-Type: {content_type}", f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


def run_load(load: Load) -> LoadResult:
    """Sends the load from a separate process, and waits for its end."""
    with load_process() as run:
        return run(load)


@contextmanager
def load_process() -> Iterator[Callable[[Load], LoadResult]]:
    """Provides a function that sends a load and waits for its end; its process serves all loads of the block."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield lambda load: pool.submit(_run_load, load).result(timeout=load.seconds + 2 * DRAIN_TIMEOUT_S)


def _run_load(load: Load) -> LoadResult:
    return uvloop.run(_LoadRun(load).finish())


class _LoadRun:
    def __init__(self, load: Load) -> None:
        self.load = load
        self.result = LoadResult()
        self.sent = 0
        self.ends_at = 0.0
        self._open = 0
        self._all_closed = asyncio.Event()

    async def finish(self) -> LoadResult:
        loop = asyncio.get_running_loop()
        started_at, cpu = time.perf_counter(), time.process_time()
        self.ends_at = started_at + self.load.seconds
        self._open = self.load.connections
        for _ in range(self.load.connections):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self.load.port)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_closed.wait(), self.load.seconds + DRAIN_TIMEOUT_S)
        if self._open:
            self.result.statuses[0] += self._open
        self.result.seconds = time.perf_counter() - started_at
        self.result.client_cpu = (time.process_time() - cpu) / self.result.seconds
        return self.result

    def next_head(self) -> bytes | None:
        if self.sent >= self.load.count or time.perf_counter() > self.ends_at:
            return None
        self.sent += 1
        return self.load.heads[self.sent % len(self.load.heads)]

    def closed(self) -> None:
        self._open -= 1
        if not self._open:
            self._all_closed.set()


class _Connection(asyncio.Protocol):
    """One keep-alive connection; responses must have a Content-Length, as those of all our servers do."""

    def __init__(self, run: _LoadRun) -> None:
        self._run = run
        self._buffer = b""
        self._missing = -1
        self._status = 0
        self._started_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own, which is no subclass
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._started_at:
            self._run.result.statuses[0] += 1
        self._run.closed()

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._buffer += data
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self._status = int(self._buffer[9:12])
            self._missing = _length(self._buffer[:end]) + end + 4 - len(self._buffer)
        else:
            self._buffer += data
            self._missing -= len(data)
        if self._missing <= 0:
            self._complete_response()

    def _complete_response(self) -> None:
        result = self._run.result
        result.statuses[self._status] += 1
        if self._status < 400:
            result.latencies_s.append(time.perf_counter() - self._started_at)
        if not result.sample or self._status >= 400:
            result.sample = self._buffer[:4000]
        self._buffer, self._missing, self._started_at = b"", -1, 0.0
        self._next()

    def _next(self) -> None:
        request = self._run.next_head()
        if request is None:
            self._transport.close()
            return
        self._started_at = time.perf_counter()
        self._transport.write(request)
        if self._run.load.body:
            self._transport.write(self._run.load.body)


def _length(head_bytes: bytes) -> int:
    for line in head_bytes.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0
