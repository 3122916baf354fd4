"""Puts the transport of uvicorn's connection into the scope, so that a stalled connection can be aborted."""

from starlette.types import ASGIApp, Receive, Scope, Send

from events.transport import TRANSPORT


class ExposeTransport:
    """Sets the scope extension `events.transport.TRANSPORT`. Has to precede every middleware that wraps `receive`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if hasattr(transport, "abort") and hasattr(transport, "get_write_buffer_size"):
            scope.setdefault("extensions", {})[TRANSPORT] = transport
        await self.app(scope, receive, send)
