"""Which signed requests were received before: each serves once, for as long as its signature is accepted."""

from typing import Final, Protocol

from cachetools import TTLCache

from common.webhook_signatures import TOLERANCE_S, SignedMessage

KEPT_S: Final = 2 * TOLERANCE_S
"""A signature of a sender whose time is ahead is accepted until twice the tolerance after it was received."""
# About 200 bytes each. Only holders of the secret can fill it; the oldest is forgotten first.
_KEPT_MAX: Final = 200_000


class SeenRequests(Protocol):
    """Remembers requests by id and time: a sender that tries again with the same id signs a later time."""

    async def is_new(self, message: SignedMessage) -> bool:
        """Remembers a request; False when it was received before."""

    async def close(self) -> None:
        """Closes connections."""


class SeenHere:
    """The memory of a server that has no others beside it."""

    def __init__(self) -> None:
        self._seen: TTLCache[SignedMessage, bool] = TTLCache(_KEPT_MAX, KEPT_S)

    async def is_new(self, message: SignedMessage) -> bool:
        is_new = message not in self._seen
        self._seen[message] = True
        return is_new

    async def close(self) -> None:
        """Does nothing: there is no connection."""
