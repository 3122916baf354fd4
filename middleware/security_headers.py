"""Headers that tell browsers what an answer may do: nothing, except for the page itself and Swagger UI."""

from collections.abc import Callable, Sequence

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
# Google's sign-in opens a window and asks which site it is for.
_PAGE = {
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
}
_PAGE_TYPES = (b"text/html", b"text/javascript", b"application/javascript")
_GOOGLE = "https://accounts.google.com/gsi/"
_HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
_NOT_KEPT = (b"cache-control", b"no-store")
_WHO = (b"authorization", b"cookie")


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """As ASGI sends them: encoded once and not for each answer."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_OF_DATA = _raw(_EVERYWHERE | {"Content-Security-Policy": _NOTHING})


class SecurityHeaders:
    """Sets them on every answer, errors and refused preflights too.

    `docs_sources` gives, for a root path, the script of the page at /docs as a CSP source. `audio_origins` are
    where audio lies: the page plays it from there, Swagger UI follows the redirect to it. `with_google` lets the page
    offer Google's sign-in.
    """

    def __init__(
        self, app: ASGIApp, docs_sources: Callable[[str], str], audio_origins: Sequence[str], *, with_google: bool
    ) -> None:
        self.app = app
        self._docs_sources = docs_sources
        self._audio = " ".join(audio_origins)
        policy = _page_policy(self._audio, with_google=with_google)
        self._of_page = _raw(_EVERYWHERE | _PAGE | {"Content-Security-Policy": policy})

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
        # A 304 says nothing: what it said would replace the policy of the page that the browser has kept.
        if message["status"] != 304:
            added += self._policies(scope, given.get(b"content-type", b""))
        if scope["scheme"] == "https":
            added.append(_HSTS)
        if b"cache-control" not in given and any(name in _WHO for name, _ in scope["headers"]):
            added.append(_NOT_KEPT)
        return added

    def _policies(self, scope: Scope, content_type: bytes) -> list[tuple[bytes, bytes]]:
        if scope["path"].rstrip("/") == "/docs":
            return _raw(_EVERYWHERE | {"Content-Security-Policy": self._docs_policy(scope)})
        # A service worker is held to the policy of its own script.
        return self._of_page if content_type.startswith(_PAGE_TYPES) else _OF_DATA

    def _docs_policy(self, scope: Scope) -> str:
        # Swagger UI writes style attributes, and its icons are data: addresses within its style sheet.
        return (
            f"{_NOTHING}; script-src 'self' {self._docs_sources(scope.get('root_path', ''))}; "
            f"style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' blob: {self._audio}; "
            f"connect-src 'self' {self._audio}"
        )


def _page_policy(audio: str, *, with_google: bool) -> str:
    # wavesurfer and the charts write style elements and attributes. Pictures of accounts are Google's.
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
