"""The streaming client: one process that holds thousands of event streams open and sends the reports they wait for.

Both ends are timed by the same process, which sends a report and receives its event.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, cast

import uvloop

_OPENING_AT_ONCE = 64
_REPORTERS = 4
_DELIVERY_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Delivery:
    """Seconds from the first byte of a report to its event; `missed` events did not arrive within ten seconds."""

    latencies_s: list[float]
    missed: int
    client_cpu: float

    def percentile_s(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class StreamClient:
    """A process that holds event streams open, controlled over a pipe."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve_commands, args=(theirs,), daemon=True)
        self._process.start()

    def __enter__(self) -> "StreamClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.join()

    def open(self, port: int, heads: Sequence[bytes]) -> int:
        """Opens one more stream for each head; returns the number that were opened."""
        return cast(int, self._call("open", port, heads))

    def deliver(self, port: int, reports: Sequence[tuple[int, bytes]], rate: float) -> Delivery:
        """Sends reports at `rate` per second, each for the stream with that number, and measures their delivery."""
        return cast(Delivery, self._call("deliver", port, reports, rate))

    def close(self) -> None:
        self._call("close")

    def _call(self, *command: Any) -> Any:
        self._pipe.send(command)
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve_commands(pipe: "Connection[Any, Any]") -> None:
    uvloop.run(_StreamHolder(pipe).serve())


class _Stream(asyncio.Protocol):
    """One event stream over HTTP/1.1."""

    __slots__ = ("_head", "_holder", "_number", "is_open", "opened", "transport")

    def __init__(self, holder: "_StreamHolder", number: int, request: bytes, opened: "asyncio.Future[bool]") -> None:
        self._holder, self._number, self._head = holder, number, request
        self.opened: asyncio.Future[bool] | None = opened
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._head)
        self._head = b""

    def data_received(self, data: bytes) -> None:
        if b"data:" in data:
            self._holder.note_event(self._number)
            self._settle(is_open=True)
        elif data.startswith(b"HTTP/1.1 ") and data[9:12] != b"200":
            self._settle(is_open=False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._settle(is_open=False)

    def _settle(self, *, is_open: bool) -> None:
        self.is_open = is_open
        if self.opened is not None and not self.opened.done():
            self.opened.set_result(is_open)
        self.opened = None


class _StreamHolder:
    """Runs the commands of StreamClient in the child process."""

    def __init__(self, pipe: "Connection[Any, Any]") -> None:
        self._pipe = pipe
        self._streams: list[_Stream] = []
        self._waiting: dict[int, float] = {}
        self._latencies: list[float] = []

    async def serve(self) -> None:
        while True:
            name, *arguments = await asyncio.to_thread(self._pipe.recv)
            try:
                self._pipe.send(await getattr(self, f"_{name}")(*arguments))
            except Exception as error:
                self._pipe.send(RuntimeError(repr(error)))

    def note_event(self, number: int) -> None:
        sent_at = self._waiting.pop(number, None)
        if sent_at is not None:
            self._latencies.append(time.perf_counter() - sent_at)

    async def _open(self, port: int, heads: Sequence[bytes]) -> int:
        turn = asyncio.Semaphore(_OPENING_AT_ONCE)
        return sum(await asyncio.gather(*(self._open_one(turn, port, request) for request in heads)))

    async def _open_one(self, turn: asyncio.Semaphore, port: int, request: bytes) -> bool:
        loop = asyncio.get_running_loop()
        async with turn:
            opened: asyncio.Future[bool] = loop.create_future()
            stream = _Stream(self, len(self._streams), request, opened)
            self._streams.append(stream)
            try:
                async with asyncio.timeout(30):
                    await loop.create_connection(lambda: stream, "127.0.0.1", port)
                    return await opened
            except (OSError, TimeoutError):
                return False

    async def _close(self) -> None:
        for stream in self._streams:
            if stream.is_open:
                stream.transport.close()
        self._streams.clear()

    async def _deliver(self, port: int, reports: Sequence[tuple[int, bytes]], rate: float) -> Delivery:
        self._latencies, self._waiting = [], {}
        started_at, cpu = time.perf_counter(), time.process_time()
        due = [(started_at + turn / rate, *report) for turn, report in enumerate(reports)]
        await asyncio.gather(*(self._report(port, due[first::_REPORTERS]) for first in range(_REPORTERS)))
        deadline = time.perf_counter() + _DELIVERY_TIMEOUT_S
        while self._waiting and time.perf_counter() < deadline:  # noqa: ASYNC110 - the deadline ends it, too
            await asyncio.sleep(0.01)
        used = (time.process_time() - cpu) / (time.perf_counter() - started_at)
        return Delivery(self._latencies, len(self._waiting), used)

    async def _report(self, port: int, due: Sequence[tuple[float, int, bytes]]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for at, number, request in due:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            self._waiting[number] = time.perf_counter()
            writer.write(request)
            answer = await reader.readuntil(b"\r\n\r\n")
            fields = dict(line.split(b": ", 1) for line in answer.lower().split(b"\r\n")[1:] if b": " in line)
            await reader.readexactly(int(fields[b"content-length"]))
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"a report failed: {answer!r}")
        writer.close()
