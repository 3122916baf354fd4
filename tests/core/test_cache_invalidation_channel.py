"""Invalidations between processes over a real Redis: received at once, and again after the connection was lost."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.response_cache import ResponseCache
from local.embedded import EmbeddedValkey


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        yield server


@contextlib.asynccontextmanager
async def listening(cache: ResponseCache) -> AsyncIterator[None]:
    task = asyncio.create_task(cache.listen())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        cache.close()


async def invalidate_until_received(sender: ResponseCache, receiver: ResponseCache, timeout_s: float) -> None:
    """Repeats the message, since nobody knows when the subscription is complete."""
    before = receiver._generation
    async with asyncio.timeout(timeout_s):
        while receiver._generation == before:
            await asyncio.to_thread(sender.invalidate)
            await asyncio.sleep(0.05)


def test_invalidations_arrive_again_after_a_lost_connection(
    valkey: EmbeddedValkey, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        sender, receiver = ResponseCache(60, valkey.url), ResponseCache(60, valkey.url)
        async with listening(receiver):
            await invalidate_until_received(sender, receiver, timeout_s=5)
            valkey.kill()
            while "invalidations of other processes cannot be received: ConnectionError" not in caplog.text:
                await asyncio.sleep(0.05)
            valkey.launch()
            valkey.wait_ready()
            await invalidate_until_received(sender, receiver, timeout_s=20)
        sender.close()

    asyncio.run(asyncio.wait_for(scenario(), 60))


@pytest.mark.parametrize(("ttl_s", "redis_url"), [(60.0, None), (0.0, "redis://127.0.0.1:1/0")])
def test_cache_without_l2_does_not_listen(ttl_s: float, redis_url: str | None) -> None:
    asyncio.run(asyncio.wait_for(ResponseCache(ttl_s, redis_url).listen(), 1))
