"""Runs long responses after all other middleware has returned."""

from starlette.types import ASGIApp, Receive, Scope, Send

from events.transport import DETACHED


class DetachedResponses:
    """Runs responses that were passed to `events.transport.detach`. Has to follow ExposeTransport directly.

    An open stream would otherwise keep the frames of the route and of every middleware alive and send through them:
    most of its memory, and most of the cost of a heartbeat.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        detached: list[ASGIApp] = []
        scope.setdefault("extensions", {})[DETACHED] = detached
        await self.app(scope, receive, send)
        if detached:
            # The server keeps the request until the response ends; nothing reads its headers any more.
            if isinstance(scope["headers"], list):
                scope["headers"].clear()
            # uvicorn's own `send`, without the wrappers of outer middleware.
            direct: Send = getattr(getattr(receive, "__self__", None), "send", send)
            await detached.pop()(scope, receive, direct)
