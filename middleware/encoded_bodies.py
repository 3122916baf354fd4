"""Refuses bodies that are compressed: no route decodes them, and each would call them malformed."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.body_pace import has_body
from core.errors import ContentEncodingUnsupported
from routers.shared.problems import RefusedBody


class EncodedBodies:
    """Raises RefusedBody (415) when a route reads a body with a Content-Encoding other than `identity`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and has_body(scope) and _is_encoded(scope):
            receive = _refuse
        await self.app(scope, receive, send)


async def _refuse() -> Message:
    raise RefusedBody(ContentEncodingUnsupported())


def _is_encoded(scope: Scope) -> bool:
    codings = ",".join(Headers(scope=scope).getlist("content-encoding")).split(",")
    return any(coding.strip().lower() not in ("", "identity") for coding in codings)
