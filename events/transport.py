"""What ASGI has no word for: cutting a connection, and letting go of a request whose answer goes on for minutes.

ASGI can only ask for an end, which a client who does not read delays. uvicorn's own `receive` knows its transport;
`WithTransport` hands it on in the scope. Under another server nothing is handed on, and such clients are kept until
they go by themselves.
"""

import asyncio
import socket
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send

_EXTENSION = "yousync.transport"
_PARKING = "yousync.parking"


class WithTransport:
    """Belongs before every middleware that wraps `receive`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if hasattr(transport, "abort") and hasattr(transport, "get_write_buffer_size"):
            scope.setdefault("extensions", {})[_EXTENSION] = transport
        await self.app(scope, receive, send)


class Parking:
    """Goes on with parked answers after all that lies between has returned.

    An open stream would otherwise keep alive the frames of every middleware and of the route, and send through them:
    that is most of its memory, and most of the cost of a heartbeat. Belongs right behind WithTransport.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parked: list[ASGIApp] = []
        scope.setdefault("extensions", {})[_PARKING] = parked
        await self.app(scope, receive, send)
        if parked:
            # The server keeps the request until the answer has ended, and nobody asks for its headers any more.
            if isinstance(scope["headers"], list):
                scope["headers"].clear()
            # Straight to the server, past whatever wraps it further out.
            straight: Send = getattr(getattr(receive, "__self__", None), "send", send)
            await parked.pop()(scope, receive, straight)


def park(scope: Scope, app: ASGIApp) -> bool:
    """Has `app` called when the present call has returned; False when there is no Parking to do that."""
    parked: list[ASGIApp] | None = scope.get("extensions", {}).get(_PARKING)
    if parked is None:
        return False
    parked.append(app)
    return True


def transport_of(scope: Scope) -> asyncio.Transport | None:
    transport: asyncio.Transport | None = scope.get("extensions", {}).get(_EXTENSION)
    return transport


def sends_chunks(receive: Receive) -> bool:
    """Whether the answer that has begun goes out in HTTP/1.1 chunks, each of which may be written to the transport."""
    return getattr(getattr(receive, "__self__", None), "chunked_encoding", None) is True


def give_up_after(transport: asyncio.Transport, patience_s: float) -> None:
    """Has the kernel cut a peer that leaves sent bytes unread for so long (RFC 5482; Linux only)."""
    connection = transport.get_extra_info("socket")
    with suppress(AttributeError, OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * patience_s))


def cut_unless_sent(transport: asyncio.Transport) -> None:
    """Cuts the connection when bytes still wait in this process for the peer to read."""
    if transport.get_write_buffer_size():
        transport.abort()
