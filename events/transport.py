"""Two operations that ASGI lacks: aborting a connection, and releasing a request whose response lasts for minutes.

ASGI can only request an end, which a client that does not read delays. uvicorn's own `receive` knows its transport;
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
    """Schedules `app` to run after all middleware has returned; False when DetachedResponses is not installed."""
    detached: list[ASGIApp] | None = scope.get("extensions", {}).get(DETACHED)
    if detached is None:
        return False
    detached.append(app)
    return True


def transport_of(scope: Scope) -> asyncio.Transport | None:
    transport: asyncio.Transport | None = scope.get("extensions", {}).get(TRANSPORT)
    return transport


def sends_chunks(receive: Receive) -> bool:
    """Returns whether the response is sent in HTTP/1.1 chunks, which may then be written to the transport directly."""
    return getattr(getattr(receive, "__self__", None), "chunked_encoding", None) is True


def has_whole_body(receive: Receive) -> bool:
    """Returns whether the body of a request has arrived completely; False where that is unknown."""
    return getattr(getattr(receive, "__self__", None), "more_body", True) is False


def set_send_timeout(transport: asyncio.Transport, timeout_s: float) -> None:
    """Makes the kernel drop a peer that leaves sent bytes unread for `timeout_s` (RFC 5482; Linux only)."""
    connection = transport.get_extra_info("socket")
    # uvloop raises ValueError for a connection that was reset.
    with suppress(AttributeError, OSError, ValueError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * timeout_s))


def abort_if_unsent(transport: asyncio.Transport) -> None:
    """Aborts the connection if this process still has unsent bytes."""
    if transport.get_write_buffer_size():
        transport.abort()
