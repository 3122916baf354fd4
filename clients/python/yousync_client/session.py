"""The HTTP session: renews access tokens and turns every refusal into a YouSyncError."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Self

import httpx

from yousync_client.generated.models import SessionResponse

REFRESH_PATH = "/api/auth/refresh"
# An access token is renewed this long before it expires, so that uploads are seldom sent twice.
RENEWAL_MARGIN_S = 30.0
# These create a session: their refusal is not about a token.
_WITHOUT_TOKEN = ("/api/auth/dev", "/api/auth/google", REFRESH_PATH)


class YouSyncError(Exception):
    """A refusal of the service, or no answer from it.

    code: stable and machine-readable; `unreachable` without an answer, `unexpected_answer` without a problem document.
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
        except (ValueError, KeyError, TypeError):
            return cls("unexpected_answer", response.status_code, response.text[:200], retry_after_s)

    @property
    def is_transient(self) -> bool:
        """True if the same request may succeed later."""
        return self.status is None or self.status in (408, 429) or self.status >= 500


@dataclass
class Tokens:
    """The pair of tokens of one session. `expires_at` is a time of time.monotonic()."""

    access: str
    refresh: str | None = None
    expires_at: float = float("inf")


class Session(httpx.AsyncClient):
    """Sends the access token; renews it before it expires and after a 401, once at a time.

    Every method raises YouSyncError for a refusal and where no answer arrives.
    """

    def __init__(self, tokens: Tokens | None, **options: Any) -> None:
        super().__init__(**options)
        self.tokens = tokens
        self._renewal = asyncio.Lock()

    def accept(self, session: SessionResponse) -> None:
        """Uses the tokens of a new session from now on."""
        self.tokens = Tokens(session.access_token, session.refresh_token, time.monotonic() + session.expires_in)

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Sends one request; a second time with renewed tokens where the first were refused."""
        if request.url.path in _WITHOUT_TOKEN:
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

    async def _fresh_tokens(self) -> Tokens | None:
        tokens = self.tokens
        if tokens and tokens.refresh and time.monotonic() > tokens.expires_at - RENEWAL_MARGIN_S:
            return await self._renew(tokens)
        return tokens

    async def _renew(self, used: Tokens) -> Tokens | None:
        """Returns newer tokens than `used`, which another request may have fetched in the meantime."""
        async with self._renewal:
            if self.tokens is used:
                response = await self.post(REFRESH_PATH, json={"refresh_token": used.refresh})
                self.accept(SessionResponse.from_dict(json_of(response)))
        return self.tokens

    async def _checked(self, request: httpx.Request, options: dict[str, Any]) -> httpx.Response:
        try:
            response = await super().send(request, **options)
            if response.is_error:
                await response.aread()
        except httpx.TransportError as error:
            raise YouSyncError("unreachable", None, str(error) or type(error).__name__) from error
        if response.is_error:
            raise YouSyncError.from_response(response)
        return response


def json_of(response: httpx.Response) -> Any:
    """Returns the JSON of a response. Raises YouSyncError where a proxy, for instance, has answered with a page."""
    try:
        return response.json()
    except ValueError as error:
        raise YouSyncError("unexpected_answer", response.status_code, response.text[:200]) from error


def _authorized(request: httpx.Request, tokens: Tokens | None) -> httpx.Request:
    if tokens:
        request.headers["Authorization"] = f"Bearer {tokens.access}"
    return request
