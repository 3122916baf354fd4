"""Accepts paths with a trailing slash without a redirect: a 307 breaks CORS preflight and EventSource."""

from starlette.types import ASGIApp, Receive, Scope, Send


class TrailingSlashes:
    """Removes trailing slashes from the path before routing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) > 1 and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self.app(scope, receive, send)
