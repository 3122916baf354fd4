"""The page: what was built from web/, served beside the API with hashed names that browsers keep for ever."""

from pathlib import Path

from servestatic import ServeStaticASGI
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

INDEX = "/index.html"
NOT_THE_PAGE = ("/api/", "/docs", "/health/", "/metrics", "/openapi.json", "/swagger/")


class WebPage:
    """Answers with a file of `directory`, and with the page for any other address that a browser goes to; the page
    itself knows which there are. Everything else is the app's. Compressed neighbours (.gz) are sent where accepted."""

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
        if _is_visit(scope) and scope["path"] not in self._files.files:
            scope = {**scope, "path": INDEX, "raw_path": INDEX.encode()}
        await self._files(scope, receive, send)


def _is_visit(scope: Scope) -> bool:
    if scope["path"] == "/":
        return True
    return "text/html" in Request(scope).headers.get("accept", "") and not scope["path"].startswith(NOT_THE_PAGE)
