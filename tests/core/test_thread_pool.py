"""The thread pool: results and exceptions, context, concurrency, cancelled callers, closing."""

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


def test_results_and_exceptions_reach_the_caller() -> None:
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


def test_work_runs_in_the_context_of_its_caller() -> None:
    async def ask_as(name: str, threads: Threads) -> str:
        who.set(name)
        return await threads.run(who.get)

    async def scenario(threads: Threads) -> None:
        names = [f"learner {number}" for number in range(20)]
        assert await asyncio.gather(*(ask_as(name, threads) for name in names)) == names

    run(scenario)


def test_concurrent_work_is_limited_to_the_threads() -> None:
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


def test_work_of_a_cancelled_caller_still_completes() -> None:
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


def test_threads_keep_no_reference_to_results() -> None:
    class Answer:
        pass

    async def scenario(threads: Threads) -> None:
        answer = weakref.ref(await threads.run(Answer))
        for _ in range(100):
            if answer() is None:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("a thread still references its result")

    run(scenario, count=1)


def test_close_waits_for_submitted_work() -> None:
    done: list[int] = []

    async def ask(threads: Threads) -> None:
        asked = [asyncio.ensure_future(threads.run(done.append, number)) for number in range(5)]
        await asyncio.sleep(0)
        threads.close()
        assert done == [0, 1, 2, 3, 4]
        await asyncio.gather(*asked)

    asyncio.run(ask(Threads(1)))
