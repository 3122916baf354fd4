"""Runs long answers after all middleware has returned."""

from starlette.types import ASGIApp, Receive, Scope, Send

from events.transport import DETACHED


class DetachedResponses:
    """Continues answers given to `events.transport.detach`. Has to come right after ExposeTransport.

    An open stream would otherwise keep the frames of every middleware and of the route alive and send through them:
    most of its memory, and most of the cost of a heartbeat.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        detached: list[ASGIApp] = []
        scope.setdefault("extensions", {})[DETACHED] = detached
        await self.app(scope, receive, send)
        if detached:
            # The server keeps the request until the answer has ended; its headers are not needed any more.
            if isinstance(scope["headers"], list):
                scope["headers"].clear()
            # uvicorn's own `send`, without the wrappers of outer middleware.
            direct: Send = getattr(getattr(receive, "__self__", None), "send", send)
            await detached.pop()(scope, receive, direct)
