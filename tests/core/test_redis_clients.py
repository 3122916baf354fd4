"""The Redis clients: their retries and time-outs, and the accepted addresses."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common.redis_address import is_redis_url
from core.redis_clients import DroppedError, LiveSubscription, SlowError, make_client, make_pool, make_subscriber
from local.embedded import EmbeddedValkey
from tools.chaos.processes import stalled


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        yield server


def test_client_retries_once_only_if_configured() -> None:
    url = "redis://localhost:1/0"
    never, once = make_client(url, timeout_s=0.5), make_client(url, timeout_s=0.5, retry_once_on=(DroppedError,))
    connections: list[Any] = [client.connection_pool.make_connection() for client in (never, once)]
    assert connections[0].retry.get_retries() == 0
    retry = connections[1].retry
    assert (retry.get_retries(), retry._supported_errors) == (1, (DroppedError,))


def test_dropped_subscriber_raises_an_error(valkey: EmbeddedValkey) -> None:
    async def scenario() -> None:
        client = make_subscriber(valkey.url, connect_timeout_s=5)
        other = make_client(valkey.url, timeout_s=5)
        async with client.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe("channel")
            await subscription.get_message(timeout=1)
            other.client_kill_filter(_type="pubsub", skipme=True)
            with pytest.raises(DroppedError):
                await subscription.get_message(timeout=5)
        other.close()
        await client.aclose()

    asyncio.run(scenario())


def test_subscriber_notices_a_server_that_does_not_answer(valkey: EmbeddedValkey) -> None:
    async def scenario() -> None:
        client = make_subscriber(valkey.url, connect_timeout_s=5)
        other = make_client(valkey.url, timeout_s=5)
        async with client.pubsub() as subscription:
            await subscription.subscribe("channel")
            live = LiveSubscription(subscription, ping_every_s=0.5)
            assert await live.next(2) is None, "pings are answered"
            await asyncio.to_thread(other.publish, "channel", "news")
            assert await live.next(5) == b"news"
            assert valkey.pid
            with stalled(valkey.pid), pytest.raises(SlowError):
                await live.next(10)
        other.close()
        await client.aclose()

    asyncio.run(scenario())


def test_pool_limits_its_connections() -> None:
    pool = make_pool("redis://localhost:1/0", timeout_s=0.25, max_connections=3)
    assert pool.max_connections == 3
    assert pool.connection_kwargs["socket_timeout"] == pool.connection_kwargs["socket_connect_timeout"] == 0.25


@pytest.mark.parametrize(
    ("url", "is_accepted"), [("redis://queue:6379/0", True), ("queue:6379", False), ("redis://", False)]
)
def test_redis_url_needs_a_scheme_and_a_host(url: str, is_accepted: bool) -> None:
    assert is_redis_url(url) is is_accepted
