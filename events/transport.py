"""What ASGI has no word for: cutting a connection, and releasing a request whose answer goes on for minutes.

ASGI can only ask for an end, which a client that does not read delays. uvicorn's own `receive` knows its transport;
`middleware/expose_transport.py` puts it into the scope. Other servers have no such transport: there, a client that
does not read keeps its connection until it disconnects.
"""

import asyncio
import socket
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope

TRANSPORT = "yousync.transport"
DETACHED = "yousync.detached"


def detach(scope: Scope, app: ASGIApp) -> bool:
    """Has `app` called once all middleware has returned; False when the middleware that does this is missing."""
    detached: list[ASGIApp] | None = scope.get("extensions", {}).get(DETACHED)
    if detached is None:
        return False
    detached.append(app)
    return True


def transport_of(scope: Scope) -> asyncio.Transport | None:
    transport: asyncio.Transport | None = scope.get("extensions", {}).get(TRANSPORT)
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
