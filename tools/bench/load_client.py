"""The load client: many connections that each send the next request as soon as the last is answered.

It runs in a process of its own and speaks HTTP/1.1 in as few words as it can, so that the server is what is measured;
`Outcome.client_cpu` tells whether that held.
"""

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import uvloop

# A client that used more of a CPU than this may have been what was measured.
BUSY = 0.9
# For answers that are on their way when the time is over.
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Load:
    """What is sent: `heads` in turn, each followed by `body`, until `count` answers or `seconds` have passed."""

    port: int
    heads: Sequence[bytes]
    body: bytes = b""
    connections: int = 50
    count: int = 1000
    seconds: float = 30.0


@dataclass
class Outcome:
    """What came back. `latencies_s` of answers below 400, in order; `client_cpu` as a share of one CPU."""

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


def head(method: str, path: str, *, token: str = "", length: int = 0, content_type: str = "") -> bytes:
    """The head of one request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if length:
        lines += [f"Content-Type: {content_type}", f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


def drive(load: Load) -> Outcome:
    """Sends the load from a process of its own, and waits."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_drive, load).result(timeout=load.seconds + 2 * PATIENCE_S)


def _drive(load: Load) -> Outcome:
    return uvloop.run(_Run(load).finish())


class _Run:
    def __init__(self, load: Load) -> None:
        self.load = load
        self.outcome = Outcome()
        self.sent = 0
        self.ends_at = 0.0
        self._open = 0
        self._all_closed = asyncio.Event()

    async def finish(self) -> Outcome:
        loop = asyncio.get_running_loop()
        begun, cpu = time.perf_counter(), time.process_time()
        self.ends_at = begun + self.load.seconds
        self._open = self.load.connections
        for _ in range(self.load.connections):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self.load.port)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_closed.wait(), self.load.seconds + PATIENCE_S)
        if self._open:
            self.outcome.statuses[0] += self._open
        self.outcome.seconds = time.perf_counter() - begun
        self.outcome.client_cpu = (time.process_time() - cpu) / self.outcome.seconds
        return self.outcome

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
    """One keep-alive connection; answers must declare their length, as those of all our servers do."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._buffer = b""
        self._missing = -1
        self._status = 0
        self._begun = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own, which is no subclass
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._begun:
            self._run.outcome.statuses[0] += 1
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
            self._answered()

    def _answered(self) -> None:
        outcome = self._run.outcome
        outcome.statuses[self._status] += 1
        if self._status < 400:
            outcome.latencies_s.append(time.perf_counter() - self._begun)
        if not outcome.sample or self._status >= 400:
            outcome.sample = self._buffer[:4000]
        self._buffer, self._missing, self._begun = b"", -1, 0.0
        self._next()

    def _next(self) -> None:
        request = self._run.next_head()
        if request is None:
            self._transport.close()
            return
        self._begun = time.perf_counter()
        self._transport.write(request)
        if self._run.load.body:
            self._transport.write(self._run.load.body)


def _length(head_bytes: bytes) -> int:
    for line in head_bytes.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0
