"""The pace at which a request has to arrive, for both servers."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

HEAD_TIMEOUT_S = 20.0
GRACE_S = 30.0
# 32 kbit/s: half of the slowest uplink of 3G. 25 MB may take 104 minutes.
BYTES_PER_S_MIN = 4096


class PacedBody:
    """Reads the body of one request, and counts the time that it waits for the client.

    Until n bytes have arrived, the client may take `grace_s` + n / `bytes_per_s_min`, however the bytes are spread. The
    time in which the server itself does not read is not counted.
    """

    def __init__(self, grace_s: float, bytes_per_s_min: float) -> None:
        self._left_s, self._bytes_per_s_min = grace_s, bytes_per_s_min
        self.is_complete = False

    async def receive(self, receive: Callable[[], Awaitable[Any]]) -> Any:
        """Returns the next message of ASGI's `receive`. Raises TimeoutError for a client that is too slow."""
        if self.is_complete:
            return await receive()
        started = time.monotonic()
        async with asyncio.timeout(max(0.0, self._left_s)):
            message = await receive()
        received_bytes = len(message.get("body", b""))
        self._left_s += received_bytes / self._bytes_per_s_min - (time.monotonic() - started)
        self.is_complete = not message.get("more_body", False)
        return message


def has_body(scope: Any) -> bool:
    """Returns whether the headers of a request announce a body."""
    return any(
        (name == b"content-length" and value != b"0") or name == b"transfer-encoding"
        for name, value in scope["headers"]
    )
