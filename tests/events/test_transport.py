"""Connections that clients have reset, on the event loop of the servers."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from events.stream import HeartbeatGroup
from events.transport import abort_if_unsent, set_send_timeout


class Connected(asyncio.Protocol):
    def __init__(self, transports: list[asyncio.Transport]) -> None:
        self._transports = transports

    def connection_made(self, transport: Any) -> None:
        # As uvicorn does: uvloop then keeps the socket.
        transport.get_extra_info("socket")
        self._transports.append(transport)


def run(scenario: Callable[[asyncio.Transport, asyncio.Transport, socket.socket], Awaitable[None]]) -> None:
    """Runs a scenario with a transport whose client has reset it, one that is open, and the client of the latter."""

    async def main() -> None:
        transports: list[asyncio.Transport] = []
        server = await asyncio.get_running_loop().create_server(lambda: Connected(transports), "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        with socket.create_connection(address) as gone, socket.create_connection(address) as client:
            while len(transports) < 2:
                await asyncio.sleep(0.01)
            reset, open_one = sorted(transports, key=lambda each: each.get_extra_info("peername") != gone.getsockname())
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            gone.close()
            while not reset.is_closing():
                await asyncio.sleep(0.01)
            try:
                await scenario(reset, open_one, client)
            finally:
                open_one.abort()
                server.close()

    uvloop.run(main())


def test_a_heartbeat_reaches_the_others_when_a_connection_was_reset() -> None:
    async def scenario(reset: asyncio.Transport, open_one: asyncio.Transport, client: socket.socket) -> None:
        group: Any = HeartbeatGroup()
        group.idle("the stream that ends", reset)
        group.idle("another stream", open_one)
        group.beat(0.0)
        client.settimeout(30)
        assert await asyncio.to_thread(client.recv, 100)

    run(scenario)


def test_a_stream_may_begin_on_a_connection_that_was_reset() -> None:
    async def scenario(reset: asyncio.Transport, open_one: asyncio.Transport, client: socket.socket) -> None:
        for transport in (reset, open_one):
            set_send_timeout(transport, 5.0)
            abort_if_unsent(transport)

    run(scenario)
