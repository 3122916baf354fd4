"""Work in threads, and what of it comes back."""

import asyncio
import threading
import weakref
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

import pytest

from core.thread_pool import Threads

who: ContextVar[str] = ContextVar("who")


def run(scenario: Callable[[Threads], Awaitable[None]], count: int = 2) -> None:
    async def with_some() -> None:
        threads = Threads(count)
        try:
            await scenario(threads)
        finally:
            threads.close()

    asyncio.run(asyncio.wait_for(with_some(), 10))


def test_what_the_work_returns_or_raises_comes_back() -> None:
    def fail(why: str) -> None:
        raise ValueError(why)

    async def scenario(threads: Threads) -> None:
        assert await threads.run(int, "ff", base=16) == 255
        with pytest.raises(ValueError, match="no such line"):
            await threads.run(fail, "no such line")
        with pytest.raises(SystemExit):
            await threads.run(exit, 1)
        assert await threads.run(threading.get_ident) != threading.get_ident()

    run(scenario, count=1)


def test_the_work_sees_the_context_of_whoever_asks() -> None:
    async def ask_as(name: str, threads: Threads) -> str:
        who.set(name)
        return await threads.run(who.get)

    async def scenario(threads: Threads) -> None:
        names = [f"learner {number}" for number in range(20)]
        assert await asyncio.gather(*(ask_as(name, threads) for name in names)) == names

    run(scenario)


def test_no_more_work_at_once_than_there_are_threads() -> None:
    together = threading.Barrier(2)
    busy: list[int] = []
    most: list[int] = []

    def work() -> None:
        busy.append(1)
        most.append(len(busy))
        together.wait(5)
        busy.pop()

    async def scenario(threads: Threads) -> None:
        await asyncio.gather(*(threads.run(work) for _ in range(6)))
        assert max(most) == 2

    run(scenario, count=2)


def test_whoever_asks_may_go_away_and_the_work_is_done_all_the_same() -> None:
    may_go_on, done = threading.Event(), threading.Event()

    def work() -> None:
        assert may_go_on.wait(5)
        done.set()

    async def scenario(threads: Threads) -> None:
        asked = asyncio.create_task(threads.run(work))
        await asyncio.sleep(0.05)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert not done.is_set()
        may_go_on.set()
        assert await threads.run(done.wait, 5)

    run(scenario, count=1)


def test_what_was_done_is_not_held() -> None:
    class Answer:
        pass

    async def scenario(threads: Threads) -> None:
        answer = weakref.ref(await threads.run(Answer))
        for _ in range(100):
            if answer() is None:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("a thread still holds what it returned")

    run(scenario, count=1)


def test_closing_waits_for_what_was_asked_for() -> None:
    done: list[int] = []

    async def ask(threads: Threads) -> None:
        asked = [asyncio.ensure_future(threads.run(done.append, number)) for number in range(5)]
        await asyncio.sleep(0)
        threads.close()
        assert done == [0, 1, 2, 3, 4]
        await asyncio.gather(*asked)

    asyncio.run(ask(Threads(1)))
