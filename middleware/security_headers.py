"""Security headers: they forbid browsers everything, except for the page itself and Swagger UI."""

from collections.abc import Callable, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOTHING = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-site",
}
# Google's sign-in opens a window, and needs the origin of the page.
_PAGE = {
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
}
_PAGE_TYPES = (b"text/html", b"text/javascript", b"application/javascript")
_GOOGLE = "https://accounts.google.com/gsi/"
_HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
_NO_STORE = (b"cache-control", b"no-store")
_CREDENTIALS = (b"authorization", b"cookie")


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Returns headers in the form of ASGI: encoded once instead of for each response."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_DATA_HEADERS = _raw(_COMMON | {"Content-Security-Policy": _NOTHING})


class SecurityHeaders:
    """Adds security headers to every response, including errors and refused preflights.

    `docs_sources` returns, for a root path, the CSP source of the script in /docs. `audio_origins` are the origins of
    audio files: the page plays them, Swagger UI follows redirects to them. `with_google` allows Google's sign-in.
    """

    def __init__(
        self, app: ASGIApp, docs_sources: Callable[[str], str], audio_origins: Sequence[str], *, with_google: bool
    ) -> None:
        self.app = app
        self._docs_sources = docs_sources
        self._audio = " ".join(audio_origins)
        policy = _page_policy(self._audio, with_google=with_google)
        self._page_headers = _raw(_COMMON | _PAGE | {"Content-Security-Policy": policy})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._added(scope, message)]
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _added(self, scope: Scope, message: Message) -> list[tuple[bytes, bytes]]:
        given = dict(message.get("headers", ()))
        added: list[tuple[bytes, bytes]] = []
        # The headers of a 304 would replace those of the page in the browser's cache.
        if message["status"] != 304:
            added += self._policies(scope, given.get(b"content-type", b""))
        if scope["scheme"] == "https":
            added.append(_HSTS)
        if b"cache-control" not in given and any(name in _CREDENTIALS for name, _ in scope["headers"]):
            added.append(_NO_STORE)
        return added

    def _policies(self, scope: Scope, content_type: bytes) -> list[tuple[bytes, bytes]]:
        if scope["path"].rstrip("/") == "/docs":
            return _raw(_COMMON | {"Content-Security-Policy": self._docs_policy(scope)})
        # A service worker has the policy of its own script.
        return self._page_headers if content_type.startswith(_PAGE_TYPES) else _DATA_HEADERS

    def _docs_policy(self, scope: Scope) -> str:
        # Swagger UI writes style attributes, and its style sheet contains icons as data: URLs.
        return (
            f"{_NOTHING}; script-src 'self' {self._docs_sources(scope.get('root_path', ''))}; "
            f"style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' blob: {self._audio}; "
            f"connect-src 'self' {self._audio}"
        )


def _page_policy(audio: str, *, with_google: bool) -> str:
    # wavesurfer and the charts write style elements and attributes. Google hosts the pictures of accounts.
    google, pictures = (_GOOGLE, "https://*.googleusercontent.com") if with_google else ("", "")
    parts = {
        "script-src": f"'self' {google}",
        "style-src": f"'self' 'unsafe-inline' {google}",
        "img-src": f"'self' data: {pictures}",
        "font-src": "'self'",
        "media-src": f"'self' blob: {audio}",
        "connect-src": f"'self' blob: {audio} {google}",
        "frame-src": google or "'none'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
    }
    return "; ".join([_NOTHING, *(f"{name} {' '.join(sources.split())}" for name, sources in parts.items())])
