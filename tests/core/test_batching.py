"""The batcher: which items share a batch, and which never run at the same time."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Sequence

import pytest

from core.batching import MicroBatcher


class Kitchen:
    """Batch work that blocks until `go_on`, and records its batches and threads."""

    def __init__(self) -> None:
        self.batcher: list[list[str]] = []
        self.threads: set[int] = set()
        self._may_go_on = threading.Event()

    def cook(self, orders: Sequence[str]) -> list[str | Exception]:
        self.batcher.append(list(orders))
        self.threads.add(threading.get_ident())
        assert self._may_go_on.wait(10)
        if "fire" in orders:
            raise OSError("the kitchen burns")
        if "short" in orders:
            return []
        return [ValueError(order) if order.startswith("bad") else f"{order} cooked" for order in orders]

    def go_on(self) -> None:
        self._may_go_on.set()

    async def is_asked(self, times: int) -> None:
        give_up_at = time.monotonic() + 10
        while len(self.batcher) < times:
            assert time.monotonic() < give_up_at, self.batcher
            await asyncio.sleep(0.005)


def run(
    scenario: Callable[[Kitchen, MicroBatcher[str, str]], Awaitable[None]],
    workers: int = 1,
    max_batch: int = 4,
    partition_key: Callable[[str], str] | None = None,
) -> None:
    async def with_one() -> None:
        kitchen = Kitchen()
        batcher = MicroBatcher(kitchen.cook, workers=workers, max_batch=max_batch, partition_key=partition_key)
        try:
            await scenario(kitchen, batcher)
        finally:
            kitchen.go_on()
            batcher.close()

    asyncio.run(asyncio.wait_for(with_one(), 20))


async def submit(batcher: MicroBatcher[str, str], *items: str) -> list["asyncio.Task[str]"]:
    asked = [asyncio.create_task(batcher.submit(item)) for item in items]
    await asyncio.sleep(0)
    return asked


def test_first_item_runs_alone_and_queued_items_batch_in_order() -> None:
    async def scenario(kitchen: Kitchen, batcher: MicroBatcher[str, str]) -> None:
        first = await submit(batcher, "a")
        await kitchen.is_asked(1)
        others = await submit(batcher, *"bcdefg")
        kitchen.go_on()
        assert await asyncio.gather(*first, *others) == [f"{item} cooked" for item in "abcdefg"]
        assert kitchen.batcher == [["a"], ["b", "c", "d", "e"], ["f", "g"]]

    run(scenario)


def test_concurrent_batches_are_limited_to_the_workers() -> None:
    async def scenario(kitchen: Kitchen, batcher: MicroBatcher[str, str]) -> None:
        asked = await submit(batcher, "a", "b")
        await kitchen.is_asked(2)
        asked += await submit(batcher, "c", "d", "e")
        await asyncio.sleep(0.05)
        assert kitchen.batcher == [["a"], ["b"]]
        kitchen.go_on()
        await asyncio.gather(*asked)
        assert len(kitchen.threads) == 2

    run(scenario, workers=2)


def test_error_of_an_item_reaches_only_its_caller() -> None:
    async def scenario(kitchen: Kitchen, batcher: MicroBatcher[str, str]) -> None:
        asked = await submit(batcher, "a")
        await kitchen.is_asked(1)
        asked += await submit(batcher, "b", "bad c", "d")
        kitchen.go_on()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert answers[:2] == ["a cooked", "b cooked"]
        assert isinstance(answers[2], ValueError)
        assert answers[3] == "d cooked"

    run(scenario)


@pytest.mark.parametrize(("item", "error"), [("fire", OSError), ("short", RuntimeError)])
def test_error_of_a_batch_reaches_all_its_callers_and_no_later_one(item: str, error: type[Exception]) -> None:
    async def scenario(kitchen: Kitchen, batcher: MicroBatcher[str, str]) -> None:
        asked = await submit(batcher, "a")
        await kitchen.is_asked(1)
        asked += await submit(batcher, "b", item)
        kitchen.go_on()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert answers[0] == "a cooked"
        assert [type(answer) for answer in answers[1:]] == [error, error]
        assert await batcher.submit("c") == "c cooked"

    run(scenario)


def test_items_of_one_partition_never_run_concurrently() -> None:
    async def scenario(kitchen: Kitchen, batcher: MicroBatcher[str, str]) -> None:
        asked = await submit(batcher, "x1", "x2", "y1", "x3", "y2")
        await kitchen.is_asked(2)
        await asyncio.sleep(0.05)
        assert kitchen.batcher == [["x1"], ["y1"]]
        kitchen.go_on()
        assert await asyncio.gather(*asked) == [f"{item} cooked" for item in ("x1", "x2", "y1", "x3", "y2")]
        of_x = [item for batch in kitchen.batcher for item in batch if item.startswith("x")]
        assert of_x == ["x1", "x2", "x3"]
        assert all(len({item[0] for item in batch}) == len(batch) for batch in kitchen.batcher)

    run(scenario, workers=3, partition_key=lambda item: item[0])


def test_cancelled_caller_waits_until_its_batch_is_done() -> None:
    async def scenario(kitchen: Kitchen, batcher: MicroBatcher[str, str]) -> None:
        (first,) = await submit(batcher, "a")
        await kitchen.is_asked(1)
        second, third = await submit(batcher, "b", "c")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(first), 0.02)
        second.cancel()
        kitchen.go_on()
        assert await first == "a cooked"
        assert await third == "c cooked"
        with pytest.raises(asyncio.CancelledError):
            await second
        assert kitchen.batcher[1] == ["b", "c"]

    run(scenario)
