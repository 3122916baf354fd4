"""Serves the React page, as built from web/, beside the API."""

from pathlib import Path

from servestatic import ServeStaticASGI
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

INDEX = "/index.html"
API_PATHS = ("/api/", "/docs", "/health/", "/metrics", "/openapi.json", "/swagger/")


class SinglePageApp:
    """Serves the files of `directory`, and index.html for every other URL that a browser navigates to.

    The page does its own routing. All other requests go to the app. Files under /assets/ have hashed names and are
    cached forever; compressed variants (.br, .gz) are sent to clients that accept them.
    """

    def __init__(self, app: ASGIApp, directory: Path) -> None:
        self._app = app
        self._files = ServeStaticASGI(
            app,
            root=directory,
            immutable_file_test="^/assets/",
            max_age=0,
            allow_all_origins=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        if _is_navigation(scope) and scope["path"] not in self._files.files:
            scope = {**scope, "path": INDEX, "raw_path": INDEX.encode()}
        await self._files(scope, receive, send)


def _is_navigation(scope: Scope) -> bool:
    if scope["path"] == "/":
        return True
    return "text/html" in Request(scope).headers.get("accept", "") and not scope["path"].startswith(API_PATHS)
