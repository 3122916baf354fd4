"""A TCP proxy that delays a server's responses, to measure with a store that is not on this machine.

python -m tools.bench.delay_proxy PORT TO_PORT SECONDS
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import uvloop

from core.settings import ROOT
from tests.support.server_processes import free_port


@contextmanager
def delayed(port: int, delay_s: float) -> Iterator[int]:
    """Yields a port that forwards to `port`; each piece of a response arrives `delay_s` later."""
    proxy_port = free_port()
    command = [sys.executable, "-m", "tools.bench.delay_proxy", str(proxy_port), str(port), str(delay_s)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield proxy_port
        finally:
            process.terminate()


class _Client(asyncio.Protocol):
    """A client's connection; data that arrives before the server is connected is buffered."""

    def __init__(self, port: int, delay_s: float) -> None:
        self._port, self._delay_s = port, delay_s
        self._buffered: list[bytes] | None = []
        self._server: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._connecting = asyncio.ensure_future(self._connect())

    def data_received(self, data: bytes) -> None:
        if self._server is None:
            assert self._buffered is not None
            self._buffered.append(data)
        else:
            self._server.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connecting.cancel()
        if self._server is not None:
            self._server.close()

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: _Server(self, self._delay_s), "127.0.0.1", self._port)
        self._server = transport
        for data in self._buffered or ():
            self._server.write(data)
        self._buffered = None


class _Server(asyncio.Protocol):
    """The connection to the server, whose data is passed on with a delay."""

    def __init__(self, client: _Client, delay_s: float) -> None:
        self._client, self._delay_s = client, delay_s
        self._loop = asyncio.get_running_loop()

    def data_received(self, data: bytes) -> None:
        self._loop.call_later(self._delay_s, self._client.transport.write, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._loop.call_later(self._delay_s, self._client.transport.close)


async def _relay(port: int, to_port: int, delay_s: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Client(to_port, delay_s), "127.0.0.1", port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_relay(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
