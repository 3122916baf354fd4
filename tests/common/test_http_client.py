"""Connections that the server resets at once, on the event loop of the servers."""

import socket
import struct
import threading
from collections.abc import Iterator
from ipaddress import IPv4Network

import httpx
import pytest
import uvloop

from analysis.net.download import make_client
from common.http_client import HttpClient

ATTEMPTS = 300


@pytest.fixture
def resetting_url() -> Iterator[str]:
    """The address of a server that resets each connection."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as server:
        threading.Thread(target=_reset_all, args=(server,), daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def _reset_all(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("name", ["analysis server", "API server"])
def test_a_connection_that_is_reset_at_once_is_an_error_of_httpx(resetting_url: str, name: str) -> None:
    async def scenario() -> None:
        client = make_client([IPv4Network("127.0.0.0/8")]) if name == "analysis server" else HttpClient()
        async with client:
            for _ in range(ATTEMPTS):
                with pytest.raises(httpx.TransportError):
                    await client.get(resetting_url)

    uvloop.run(scenario())
