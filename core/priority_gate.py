"""Which work goes first when all of it comes at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Those of a burst follow each other within less.
QUIET_S = 0.05


class RightOfWay:
    """Recordings that are being taken go before the work behind answers: a learner waits for them, and until they are
    taken they can be lost. Belongs to the event loop.
    """

    def __init__(self) -> None:
        self._passing = 0
        self._is_clear = asyncio.Event()
        self._is_clear.set()
        self._clearing: asyncio.TimerHandle | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Has it for as long as the block lasts, and QUIET_S longer."""
        self._passing += 1
        self._is_clear.clear()
        if self._clearing:
            self._clearing.cancel()
        try:
            yield
        finally:
            self._passing -= 1
            if not self._passing:
                self._clearing = asyncio.get_running_loop().call_later(QUIET_S, self._is_clear.set)

    async def give_way(self, until: float) -> None:
        """Waits for a moment in which nobody has it, at most until then (seconds on the event loop's clock)."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._is_clear.wait()
