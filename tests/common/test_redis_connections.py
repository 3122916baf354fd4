"""Connections to Redis that are reset while they are idle or in use, on the event loop of the servers."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
import uvloop
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as DroppedError

from analysis.queueing.redis_jobs import make_redis
from core.redis_clients import make_pool, make_subscriber
from local.embedded import EmbeddedValkey
from tools.chaos.network import RESET, Link, forwarding

MakeClient = Callable[[str], Redis]
CLIENTS: dict[str, MakeClient] = {
    "pool": lambda url: Redis.from_pool(make_pool(url, timeout_s=5, max_connections=3)),
    "analysis": make_redis,
    "subscriber": lambda url: make_subscriber(url, connect_timeout_s=5),
}


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def link(valkey: EmbeddedValkey) -> Iterator[Link]:
    link = Link(valkey.port)
    with forwarding(link):
        yield link


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize("pause_s", [0.0, 0.001, 0.05])
def test_a_reset_is_an_error_of_redis_and_the_next_command_succeeds(
    valkey: EmbeddedValkey, link: Link, name: str, pause_s: float
) -> None:
    async def scenario() -> None:
        async with CLIENTS[name](valkey.url.replace(str(valkey.port), str(link.port))) as client:
            for _ in range(20):
                await client.ping()
                link.set(RESET)
                for _ in range(5):
                    await asyncio.sleep(pause_s)
                    try:
                        await client.ping()
                    except DroppedError:
                        await client.ping()

    uvloop.run(scenario())
