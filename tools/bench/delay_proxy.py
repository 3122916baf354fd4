"""A store that is not on this machine: what passes through here is held back on its way to the client.

python -m tools.bench.distance PORT TO_PORT SECONDS
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import uvloop

from tests.support.server_processes import ROOT, free_port


@contextmanager
def distant(port: int, away_s: float) -> Iterator[int]:
    """The port at which a server of this machine answers `away_s` later, piece by piece."""
    near = free_port()
    words = [sys.executable, "-m", "bench.distance", str(near), str(port), str(away_s)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield near
        finally:
            process.terminate()


class _Client(asyncio.Protocol):
    """A connection that was opened here; what comes before the server's own stands is kept for it."""

    def __init__(self, port: int, away_s: float) -> None:
        self._port, self._away_s = port, away_s
        self._waiting: list[bytes] | None = []
        self._server: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._connecting = asyncio.ensure_future(self._connect())

    def data_received(self, data: bytes) -> None:
        if self._server is None:
            assert self._waiting is not None
            self._waiting.append(data)
        else:
            self._server.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connecting.cancel()
        if self._server is not None:
            self._server.close()

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: _Server(self, self._away_s), "127.0.0.1", self._port)
        self._server = transport
        for data in self._waiting or ():
            self._server.write(data)
        self._waiting = None


class _Server(asyncio.Protocol):
    def __init__(self, client: _Client, away_s: float) -> None:
        self._client, self._away_s = client, away_s
        self._loop = asyncio.get_running_loop()

    def data_received(self, data: bytes) -> None:
        self._loop.call_later(self._away_s, self._client.transport.write, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._loop.call_later(self._away_s, self._client.transport.close)


async def _relay(port: int, to_port: int, away_s: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Client(to_port, away_s), "127.0.0.1", port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_relay(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
