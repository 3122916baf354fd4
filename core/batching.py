"""Groups calls that arrive at the same time, so that one thread hop and one transaction serve all of them."""

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
class _Pending(Generic[Item, Result]):
    item: Item
    key: Hashable
    result: "asyncio.Future[Result]"
    context: Context


class MicroBatcher(Generic[Item, Result]):
    """Runs `process` on batches of submitted items. Belongs to the event loop.

    An item that finds an idle worker runs at once; queued items form the next batch.
    """

    def __init__(
        self,
        process: Callable[[Sequence[Item]], Sequence[Result | Exception]],
        *,
        workers: int,
        max_batch: int,
        partition_key: Callable[[Item], Hashable] | None = None,
    ) -> None:
        """Starts no thread yet.

        process: blocks; returns one result, or the exception to raise, for each item, in the same order.
        workers: threads, and so batches that run at the same time.
        max_batch: items in one batch.
        partition_key: items with the same key never run at the same time.
        """
        self._process, self._max_batch, self._partition_key = process, max_batch, partition_key
        self._queue: deque[_Pending[Item, Result]] = deque()
        self._running_keys: set[Hashable] = set()
        self._idle_workers = workers
        self._pool = ThreadPoolExecutor(workers)

    async def submit(self, item: Item) -> Result:
        """Returns the result of the item, or raises its exception. A cancelled caller waits until the work is done."""
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        key = self._partition_key(item) if self._partition_key else object()
        self._queue.append(_Pending(item, key, result, copy_context()))
        self._start_batches()
        try:
            return await asyncio.shield(result)
        except asyncio.CancelledError:
            with CancelScope(shield=True):
                await asyncio.wait([result])
            raise

    def close(self) -> None:
        """Waits for the batches that are running."""
        self._pool.shutdown()

    def _start_batches(self) -> None:
        while self._idle_workers and (batch := self._next_batch()):
            self._idle_workers -= 1
            items = [pending.item for pending in batch]
            # In the context of the first item: a batch of one keeps its own trace and request id.
            done = asyncio.get_running_loop().run_in_executor(self._pool, batch[0].context.run, self._run, items)
            done.add_done_callback(partial(self._finish, batch))

    def _next_batch(self) -> list[_Pending[Item, Result]]:
        batch: list[_Pending[Item, Result]] = []
        deferred: list[_Pending[Item, Result]] = []
        while self._queue and len(batch) < self._max_batch:
            pending = self._queue.popleft()
            if pending.key in self._running_keys:
                deferred.append(pending)
            else:
                self._running_keys.add(pending.key)
                batch.append(pending)
        self._queue.extendleft(reversed(deferred))
        return batch

    def _run(self, items: Sequence[Item]) -> Sequence[Result | Exception]:
        results = self._process(items)
        if len(results) != len(items):
            raise RuntimeError(f"{len(results)} results for {len(items)} items")
        return results

    def _finish(
        self, batch: Sequence[_Pending[Item, Result]], done: "asyncio.Future[Sequence[Result | Exception]]"
    ) -> None:
        self._idle_workers += 1
        self._running_keys.difference_update(pending.key for pending in batch)
        failure = done.exception()
        results = [failure] * len(batch) if failure else done.result()
        for pending, result in zip(batch, results, strict=True):
            if isinstance(result, BaseException):
                pending.result.set_exception(result)
            else:
                pending.result.set_result(result)
        self._start_batches()
