"""What many ask for at the same moment, done together: one way into a thread, one transaction, for all of them."""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from anyio import CancelScope

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Item, Result]):
    item: Item
    key: Hashable
    answer: "asyncio.Future[Result]"
    context: Context


class Batches(Generic[Item, Result]):
    """Who comes alone is served alone and at once; those who come while all threads are busy are served together by
    the next that is free. Belongs to the event loop.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Result | Exception]],
        *,
        at_once: int,
        most: int,
        apart: Callable[[Item], Hashable] | None = None,
    ) -> None:
        """`work` blocks, and gives for each of at most `most` items what comes of it, in their order. No two items for
        which `apart` gives the same are worked on at the same moment.
        """
        self._work, self._most, self._apart = work, most, apart
        self._waiting: deque[_Asked[Item, Result]] = deque()
        self._keys: set[Hashable] = set()
        self._free = at_once
        self._pool = ThreadPoolExecutor(at_once)

    async def ask(self, item: Item) -> Result:
        """What comes of an item, or raises it. Who is cancelled is held until the work is done."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        key = self._apart(item) if self._apart else object()
        self._waiting.append(_Asked(item, key, answer, copy_context()))
        self._begin()
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            with CancelScope(shield=True):
                await asyncio.wait([answer])
            raise

    def close(self) -> None:
        """Waits for what is being done."""
        self._pool.shutdown()

    def _begin(self) -> None:
        while self._free and (batch := self._next()):
            self._free -= 1
            items = [asked.item for asked in batch]
            # In the context of who came first: traces and log lines of one who comes alone are their own.
            done = asyncio.get_running_loop().run_in_executor(self._pool, batch[0].context.run, self._results, items)
            done.add_done_callback(partial(self._end, batch))

    def _next(self) -> list[_Asked[Item, Result]]:
        batch: list[_Asked[Item, Result]] = []
        others: list[_Asked[Item, Result]] = []
        while self._waiting and len(batch) < self._most:
            asked = self._waiting.popleft()
            if asked.key in self._keys:
                others.append(asked)
            else:
                self._keys.add(asked.key)
                batch.append(asked)
        self._waiting.extendleft(reversed(others))
        return batch

    def _results(self, items: Sequence[Item]) -> Sequence[Result | Exception]:
        results = self._work(items)
        if len(results) != len(items):
            raise RuntimeError(f"{len(results)} results of {len(items)} items")
        return results

    def _end(self, batch: Sequence[_Asked[Item, Result]], done: "asyncio.Future[Sequence[Result | Exception]]") -> None:
        self._free += 1
        self._keys.difference_update(asked.key for asked in batch)
        failure = done.exception()
        results = [failure] * len(batch) if failure else done.result()
        for asked, result in zip(batch, results, strict=True):
            if isinstance(result, BaseException):
                asked.answer.set_exception(result)
            else:
                asked.answer.set_result(result)
        self._begin()
