"""The response cache: computes once, caches no errors, is bounded, and shares entries over Redis."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio import to_thread

from core.errors import TokenNotFound
from core.response_cache import L1_MAX_BYTES, Compute, ResponseCache, TaggedBody
from local.embedded import EmbeddedValkey


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        yield server


async def in_thread(make: Compute) -> bytes:
    return await to_thread.run_sync(make)


class Slow:
    """Computes a different response at each call, in 0.1 s."""

    def __init__(self, error: Exception | None = None) -> None:
        self.times = 0
        self._error = error

    def __call__(self) -> bytes:
        self.times += 1
        time.sleep(0.1)
        if self._error:
            raise self._error
        return b"%d" % self.times


async def ask_often(cache: ResponseCache, make: Compute) -> list[TaggedBody | BaseException]:
    asked = (cache.get("key", make, in_thread) for _ in range(200))
    return await asyncio.gather(*asked, return_exceptions=True)


def test_concurrent_callers_compute_a_response_once() -> None:
    make = Slow()
    answers = asyncio.run(ask_often(ResponseCache(60, None), make))
    assert (make.times, set(answers)) == (1, {TaggedBody.of(b"1")})


def test_error_reaches_all_callers_and_is_not_cached() -> None:
    async def scenario() -> None:
        cache, wrong = ResponseCache(60, None), Slow(TokenNotFound())
        told = await ask_often(cache, wrong)
        assert (wrong.times, {type(each) for each in told}) == (1, {TokenNotFound})
        assert (await cache.get("key", Slow(), in_thread)).body == b"1"

    asyncio.run(scenario())


def test_cancelled_caller_does_not_affect_others() -> None:
    async def scenario() -> None:
        cache, make = ResponseCache(60, None), Slow()
        first = asyncio.create_task(cache.get("key", make, in_thread))
        second = asyncio.create_task(cache.get("key", make, in_thread))
        await asyncio.sleep(0.02)
        first.cancel()
        assert ((await second).body, make.times) == (b"1", 1)

    asyncio.run(scenario())


def test_response_computed_during_an_invalidation_is_not_cached() -> None:
    async def scenario() -> None:
        cache, make = ResponseCache(60, None), Slow()
        asked = asyncio.create_task(cache.get("key", make, in_thread))
        await asyncio.sleep(0.02)
        cache.invalidate()
        await asked
        assert (await cache.get("key", make, in_thread)).body == b"2"

    asyncio.run(scenario())


def test_concurrent_processes_compute_a_response_once(valkey: EmbeddedValkey) -> None:
    async def scenario() -> None:
        caches, make = [ResponseCache(60, valkey.url) for _ in range(3)], Slow()
        answers = await asyncio.gather(*(cache.get("key", make, in_thread) for cache in caches))
        assert (make.times, {answer.body for answer in answers}) == (1, {b"1"})
        caches[0].invalidate()
        caches[1].invalidate_local()  # as the message over Redis does
        assert (await caches[1].get("key", make, in_thread)).body == b"2"
        for cache in caches:
            cache.close()

    asyncio.run(scenario())


def test_a_response_that_takes_longer_than_its_lock_is_cached(
    valkey: EmbeddedValkey, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("core.response_cache._LOCK_TIMEOUT_S", 0.05)  # half of what Slow takes

    async def scenario() -> None:
        caches, make = [ResponseCache(60, valkey.url) for _ in range(2)], Slow()
        for cache in caches:
            assert (await cache.get("key", make, in_thread)).body == b"1"
            cache.close()

    asyncio.run(scenario())
    assert not caplog.records


def test_cache_memory_is_bounded() -> None:
    async def scenario() -> None:
        cache, big = ResponseCache(600, None), bytes(1 << 20)
        for number in range(40):
            await cache.get(number, lambda: big, in_thread)
        made = Slow()
        assert (await cache.get(39, made, in_thread)).body == big
        assert (await cache.get(0, made, in_thread)).body == b"1"
        for _ in range(2):  # larger than the cache
            assert len((await cache.get("huge", lambda: bytes(L1_MAX_BYTES), in_thread)).body) == L1_MAX_BYTES

    asyncio.run(scenario())
