"""A TCP proxy in front of a server that counts what crosses the wire: requests, and bytes of the responses."""

import asyncio
import contextlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.server_processes import free_port

_REQUEST = re.compile(rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+) HTTP/1\.1\r\n")
_PIECE_BYTES = 65_536


@dataclass
class Wire:
    """Traffic of the proxy at `port`: the paths of all requests, and the bytes of all responses with headers."""

    port: int
    paths: list[str] = field(default_factory=list)
    response_bytes: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def reset(self) -> None:
        self.paths, self.response_bytes = [], 0


@contextmanager
def counted(to_port: int) -> Iterator[Wire]:
    """Yields a proxy to a port of this machine, in a thread of its own."""
    wire = Wire(free_port())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_serve(wire, to_port), loop).result(10)
    try:
        yield wire
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _serve(wire: Wire, to_port: int) -> asyncio.Server:
    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", to_port)
        # Cancelled at the end, which asyncio would report as an error.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(_count_requests(wire, reader, to_writer), _count_bytes(wire, to_reader, writer))

    return await asyncio.start_server(relay, "127.0.0.1", wire.port)


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _count_requests(wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Browsers send a request head in one piece, and no second one before the response."""
    while data := await _read(reader):
        wire.paths += [path.decode() for path in _REQUEST.findall(data)]
        writer.write(data)
    writer.close()


async def _count_bytes(wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await _read(reader):
        wire.response_bytes += len(data)
        writer.write(data)
    writer.close()


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(_PIECE_BYTES)
    except ConnectionError:
        return b""
