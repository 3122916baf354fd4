"""Limits bodies that arrive slowly, and the number of those that are open at once."""

from collections import Counter

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.body_pace import PacedBody, has_body
from core.errors import RequestTooSlow, TooManyOpenUploads
from core.rate_limiter import counted_address
from core.security import Principal
from core.settings import Settings
from dependencies import caller_of
from events.transport import has_whole_body
from routers.shared.problems import RefusedBody

_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class OpenBodies:
    """Refuses bodies while they are read: slow ones, and those of an address or a user with too many open ones.

    A body is open from the first attempt to read it, if it has not arrived by then, until it is complete or the request
    ends. Counts are those of this process.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._settings = settings
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _WITHOUT_BODY or not has_body(scope):
            await self.app(scope, receive, send)
            return
        body = PacedBody(self._settings.body_grace_s, self._settings.body_bytes_per_s_min)
        counted: list[str] = []

        async def receive_body() -> Message:
            if not (counted or body.is_complete or has_whole_body(receive)):
                counted.extend(self._count(Request(scope)))
            try:
                message: Message = await body.receive(receive)
            except TimeoutError:
                raise RefusedBody(RequestTooSlow()) from None
            if body.is_complete:
                self._release(counted)
            return message

        try:
            await self.app(scope, receive_body, send)
        finally:
            self._release(counted)

    def _count(self, request: Request) -> list[str]:
        """Counts one open body; returns what it was counted for. Raises RefusedBody for one too many."""
        limits = {
            f"address {counted_address(request.client.host if request.client else None)}": (
                self._settings.open_uploads_per_address_max
            )
        }
        if isinstance(caller := caller_of(request), Principal):
            limits[f"user {caller.user_id}"] = self._settings.open_uploads_per_user_max
        if any(self._open[who] >= most for who, most in limits.items()):
            raise RefusedBody(TooManyOpenUploads())
        self._open.update(limits.keys())
        return list(limits)

    def _release(self, counted: list[str]) -> None:
        while counted:
            who = counted.pop()
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]
