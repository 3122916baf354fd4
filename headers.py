"""Headers that tell browsers what an answer may do: nothing, except for the pages of Swagger UI."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOTHING = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-site",
}
_TWO_YEARS = "max-age=63072000; includeSubDomains"


class SecurityHeaders:
    """Sets them on every answer, errors and refused preflights too.

    `docs_sources` gives, for a root path, the script of the page at /docs as a CSP source. `store_origin` is where
    audio lies: Swagger UI follows the redirect to it.
    """

    def __init__(self, app: ASGIApp, docs_sources: Callable[[str], str], store_origin: str) -> None:
        self.app = app
        self._docs_sources = docs_sources
        self._store_origin = store_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _EVERYWHERE.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = self._policy(scope)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _TWO_YEARS
                if any(name in (b"authorization", b"cookie") for name, _ in scope["headers"]):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _policy(self, scope: Scope) -> str:
        if scope["path"].rstrip("/") != "/docs":
            return _NOTHING
        # Swagger UI writes style attributes, and its icons are data: addresses within its style sheet.
        return (
            f"{_NOTHING}; script-src 'self' {self._docs_sources(scope.get('root_path', ''))}; "
            f"style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' blob: {self._store_origin}; "
            f"connect-src 'self' {self._store_origin}"
        )
