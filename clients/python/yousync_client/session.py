"""The HTTP session: renews access tokens and turns every refusal into a YouSyncError."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from yousync_client.generated.models import SessionResponse

REFRESH_PATH = "/api/auth/refresh"
# An access token is renewed this long before it expires, so that uploads are seldom sent twice.
RENEWAL_MARGIN_S = 30.0
# These create a session: their refusal is not about a token.
_WITHOUT_TOKEN = ("/api/auth/dev", "/api/auth/google", REFRESH_PATH)
# What reading JSON of another shape than the documented one raises.
_OTHER_SHAPE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class YouSyncError(Exception):
    """A refusal of the service, no answer from it, or a request that cannot be sent.

    code: stable and machine-readable; `unreachable` without an answer, `unexpected_answer` where the answer is neither
    the documented one nor a problem document, `invalid_request` for a URL, header or job id that cannot be sent.
    status: the HTTP status; None without an answer.
    detail: a text for people, in the language of the client.
    """

    def __init__(self, code: str, status: int | None, detail: str, retry_after_s: float | None = None) -> None:
        super().__init__(f"{code} ({status}): {detail}" if status else f"{code}: {detail}")
        self.code = code
        self.status = status
        self.detail = detail
        self.retry_after_s = retry_after_s

    @classmethod
    def from_response(cls, response: httpx.Response) -> Self:
        """Reads the problem document (RFC 9457) of a response whose body has been read."""
        retry_after = response.headers.get("retry-after", "")
        retry_after_s = float(retry_after) if retry_after.isdecimal() else None
        try:
            problem = response.json()
            return cls(str(problem["code"]), response.status_code, str(problem["detail"]), retry_after_s)
        except _OTHER_SHAPE:
            return cls("unexpected_answer", response.status_code, response.text[:200], retry_after_s)

    @property
    def is_transient(self) -> bool:
        """True if the same request may succeed later."""
        if self.status is None:
            return self.code == "unreachable"
        return self.status in (408, 429) or self.status >= 500

    def copy(self) -> "YouSyncError":
        """Returns the same error without a traceback, to be raised by one more caller."""
        return YouSyncError(self.code, self.status, self.detail, self.retry_after_s)


@dataclass
class Tokens:
    """The pair of tokens of one session. `expires_at` is a time of time.monotonic()."""

    access: str
    refresh: str | None = None
    expires_at: float = float("inf")
    renewal: "asyncio.Task[YouSyncError | None] | None" = field(default=None, repr=False, compare=False)
    """The request for the next pair: running, or ended with the refusal that it returns."""


class Session(httpx.AsyncClient):
    """Sends the access token to the service only; renews it before it expires and after a 401, once at a time.

    Every method raises YouSyncError for a refusal, where no answer arrives and for a request that cannot be sent.
    """

    def __init__(self, tokens: Tokens | None, **options: Any) -> None:
        with _sendable():
            super().__init__(**options)
        self.tokens = tokens
        hooks = self.event_hooks
        self.event_hooks = {**hooks, "request": [*hooks["request"], self._keep_token_at_home]}

    def accept(self, session: SessionResponse) -> None:
        """Uses the tokens of a new session from now on. Raises YouSyncError for values of another type."""
        with documented_shape():
            expires_at = time.monotonic() + session.expires_in
            if not (isinstance(session.access_token, str) and isinstance(session.refresh_token, str)):
                raise TypeError("the tokens of the session are no texts")
        self.tokens = Tokens(session.access_token, session.refresh_token, expires_at)

    def build_request(self, *args: Any, **options: Any) -> httpx.Request:
        """Builds a request. Raises YouSyncError for a URL or a header that cannot be sent."""
        with _sendable():
            request = super().build_request(*args, **options)
            _check_address(request.url)
        return request

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Sends one request; a second time with renewed tokens where the first were refused."""
        if not self._needs_token(request.url):
            return await self._checked(request, options)
        used = await self._fresh_tokens()
        if used is None or used.refresh is None:
            return await self._checked(_authorized(request, used), options)
        try:
            return await self._checked(_authorized(request, used), options)
        except YouSyncError as error:
            if error.status != httpx.codes.UNAUTHORIZED:
                raise
        return await self._checked(_authorized(request, await self._renew(used)), options)

    async def aclose(self) -> None:
        """Closes the connections; a renewal that runs is completed first, because it has spent the refresh token."""
        if self.tokens and self.tokens.renewal:
            await asyncio.wait({self.tokens.renewal})
        await super().aclose()

    def _needs_token(self, url: httpx.URL) -> bool:
        prefix = self.base_url.path.rstrip("/")
        return self._is_at_home(url) and url.path not in [prefix + path for path in _WITHOUT_TOKEN]

    def _is_at_home(self, url: httpx.URL) -> bool:
        """True if a URL has the origin of the base URL."""
        home = self.base_url
        return (url.scheme, url.host, url.port) == (home.scheme, home.host, home.port)

    async def _keep_token_at_home(self, request: httpx.Request) -> None:
        """Removes the token from a request to another origin, such as a followed redirect."""
        if not self._is_at_home(request.url):
            request.headers.pop("Authorization", None)

    async def _fresh_tokens(self) -> Tokens | None:
        tokens = self.tokens
        if tokens and tokens.refresh and time.monotonic() > tokens.expires_at - RENEWAL_MARGIN_S:
            return await self._renew(tokens)
        return tokens

    async def _renew(self, used: Tokens) -> Tokens | None:
        """Returns newer tokens than `used`, which another request may have fetched in the meantime.

        All callers wait for one task, which goes on if a caller is cancelled: the refresh token serves only once.
        """
        if self.tokens is not used:
            return self.tokens
        if used.renewal is None or _may_run_again(used.renewal):
            used.renewal = asyncio.create_task(self._refresh(used))
        refusal = await asyncio.shield(used.renewal)
        if refusal and self.tokens is used:
            raise refusal.copy()
        return self.tokens

    async def _refresh(self, used: Tokens) -> YouSyncError | None:
        """Replaces `used` by the next pair, or returns the refusal."""
        try:
            request = self.build_request("POST", REFRESH_PATH, json={"refresh_token": used.refresh})
            session = parsed(await self._checked(request, {}), SessionResponse)
            if self.tokens is used:
                self.accept(session)
        except YouSyncError as error:
            return error
        return None

    async def _checked(self, request: httpx.Request, options: dict[str, Any]) -> httpx.Response:
        try:
            with _sendable():
                response = await super().send(request, **options)
                if response.is_error:
                    await response.aread()
        except httpx.RequestError as error:
            raise failure_of(error) from error
        if response.is_error:
            raise YouSyncError.from_response(response)
        if response.is_closed and response.headers.get("content-type", "").startswith("text/html"):
            raise YouSyncError("unexpected_answer", response.status_code, response.text[:200])
        return response


@contextmanager
def documented_shape(status: int | None = None) -> Iterator[None]:
    """Raises YouSyncError where an answer is not the JSON that the API documents: a page of a proxy, for instance."""
    try:
        yield
    except _OTHER_SHAPE as error:
        raise YouSyncError("unexpected_answer", status, f"{type(error).__name__}: {error}"[:200]) from error


def parsed(response: httpx.Response, kind: Any) -> Any:
    """Returns the JSON of a response as the generated model `kind`. Raises YouSyncError for another shape."""
    with documented_shape(response.status_code):
        return kind.from_dict(response.json())


@contextmanager
def _sendable() -> Iterator[None]:
    """Raises YouSyncError for a URL, port, host name or header that cannot be sent: no later attempt succeeds."""
    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, ValueError, OverflowError) as error:
        raise YouSyncError("invalid_request", None, str(error) or type(error).__name__) from error


def _check_address(url: httpx.URL) -> None:
    """Raises ValueError for a URL that httpx accepts, and that names no server."""
    if url.scheme not in ("http", "https") or not url.host or not 0 < (url.port or 80) < 65_536:
        raise ValueError(f"{str(url)[:200]!r} is no URL of a service")
    url.raw_host.decode("ascii").encode("idna")  # refuses labels that are empty or longer than 63 characters


def failure_of(error: httpx.RequestError) -> YouSyncError:
    """Returns the error for a request without a readable answer."""
    code = "unreachable" if isinstance(error, httpx.TransportError) else "unexpected_answer"
    return YouSyncError(code, None, str(error) or type(error).__name__)


def _may_run_again(renewal: "asyncio.Task[YouSyncError | None]") -> bool:
    """True if a renewal has ended without the last word of the service: a dead refresh token is not sent again."""
    if not renewal.done():
        return False
    refusal = None if renewal.cancelled() or renewal.exception() else renewal.result()
    return refusal is None or refusal.is_transient or not refusal.status or not 400 <= refusal.status < 500


def _authorized(request: httpx.Request, tokens: Tokens | None) -> httpx.Request:
    if tokens:
        request.headers["Authorization"] = f"Bearer {tokens.access}"
    return request
