"""Coroutines that run in the background until their owner closes."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class CoroutineGroup:
    """Runs coroutines on the current event loop and ends them together."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Starts one more; the group holds it until it ends."""
        started = asyncio.create_task(coroutine)
        self._running.add(started)
        started.add_done_callback(self._running.discard)
        return started

    async def close(self, grace_s: float = 0.0) -> None:
        """Waits for the coroutines at most `grace_s` seconds, then cancels those that still run."""
        if grace_s and self._running:
            await asyncio.wait(self._running, timeout=grace_s)
        remaining = list(self._running)
        for coroutine in remaining:
            coroutine.cancel()
        await asyncio.gather(*remaining, return_exceptions=True)
