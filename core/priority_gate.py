"""A gate that lets urgent work run before work that can wait a moment."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Requests of one burst arrive closer together than this.
QUIET_S = 0.05


class PriorityGate:
    """Delays background work while uploads are being accepted.

    A learner waits for an upload, and a recording can be lost until it is accepted. Belongs to the event loop.
    """

    def __init__(self) -> None:
        self._holders = 0
        self._is_open = asyncio.Event()
        self._is_open.set()
        self._opening: asyncio.TimerHandle | None = None

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keeps the gate closed while the block runs, and for QUIET_S after it."""
        self._holders += 1
        self._is_open.clear()
        if self._opening:
            self._opening.cancel()
        try:
            yield
        finally:
            self._holders -= 1
            if not self._holders:
                self._opening = asyncio.get_running_loop().call_later(QUIET_S, self._is_open.set)

    async def wait(self, until: float) -> None:
        """Waits until the gate is open, at most until `until` (seconds on the event loop's clock)."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._is_open.wait()
