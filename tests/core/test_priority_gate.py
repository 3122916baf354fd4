"""The priority gate: background work waits for uploads in progress."""

import asyncio
from collections.abc import Awaitable, Callable

from core.priority_gate import QUIET_S, PriorityGate
from jobs.state import SWEEP_GRACE_S
from tasks.sweeper import GATE_TIMEOUT_S

LONG_S = 60.0


def run(scenario: Callable[[PriorityGate], Awaitable[None]]) -> None:
    async def with_one() -> None:
        await scenario(PriorityGate())

    asyncio.run(asyncio.wait_for(with_one(), 10))


def in_s(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


def test_wait_returns_at_once_without_uploads() -> None:
    async def scenario(way: PriorityGate) -> None:
        await way.wait(in_s(LONG_S))

    run(scenario)


def test_background_work_waits_for_the_last_upload() -> None:
    async def scenario(way: PriorityGate) -> None:
        with way.hold():
            with way.hold():
                waiting = asyncio.create_task(way.wait(in_s(LONG_S)))
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.01)
            assert not waiting.done()
        await waiting

    run(scenario)


def test_gap_in_a_burst_does_not_open_the_gate() -> None:
    async def scenario(way: PriorityGate) -> None:
        with way.hold():
            waiting = asyncio.create_task(way.wait(in_s(LONG_S)))
        await asyncio.sleep(QUIET_S / 5)
        with way.hold():
            await asyncio.sleep(2 * QUIET_S)
            assert not waiting.done()
        await waiting

    run(scenario)


def test_refused_upload_releases_the_gate() -> None:
    async def scenario(way: PriorityGate) -> None:
        try:
            with way.hold():
                raise ValueError
        except ValueError:
            await way.wait(in_s(LONG_S))

    run(scenario)


def test_sweep_grace_exceeds_the_gate_timeout() -> None:
    assert GATE_TIMEOUT_S < SWEEP_GRACE_S


def test_wait_ends_at_its_deadline() -> None:
    async def scenario(way: PriorityGate) -> None:
        with way.hold():
            await way.wait(in_s(0.05))
            await way.wait(in_s(-1))

    run(scenario)
