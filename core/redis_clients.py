"""Makes every client of Redis in the API server and its workers; each caller states its time-outs and retries.

Nothing is retried unless it is asked for: a subscriber that reconnects by itself loses messages and says nothing, so it
has to see the error and resynchronise. (`Redis(host, port)` would retry ten times, `from_url` never: redis-py 8.1.)
"""

import time
from typing import Any

from redis import Redis
from redis.asyncio import BlockingConnectionPool, ConnectionPool
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.client import PubSub
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as DroppedError
from redis.exceptions import LockNotOwnedError as LockExpiredError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as SlowError
from redis.retry import Retry

from common.redis_connections import reporting_loss

__all__ = [
    "AsyncRedis",
    "ConnectionPool",
    "DroppedError",
    "LiveSubscription",
    "LockExpiredError",
    "PubSub",
    "Redis",
    "RedisError",
    "SlowError",
    "make_client",
    "make_pool",
    "make_subscriber",
]


def make_client(url: str, *, timeout_s: float, retry_once_on: tuple[type[RedisError], ...] = ()) -> Redis:
    """Returns a blocking client, usable from any thread.

    timeout_s: to connect, and for each reply.
    retry_once_on: errors after which a command is sent a second time, e.g. DroppedError: that the server has closed an
    idle connection is noticed only by using it.
    """
    return Redis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        retry=Retry(NoBackoff(), 1, retry_once_on) if retry_once_on else None,
    )


def make_subscriber(url: str, *, connect_timeout_s: float) -> AsyncRedis:
    """Returns a client that waits for messages without limit and never retries."""
    client = AsyncRedis.from_url(url, socket_connect_timeout=connect_timeout_s)
    reporting_loss(client.connection_pool)
    return client


class LiveSubscription:
    """The messages of a subscription whose server answers. Belongs to the event loop.

    It pings the server itself: redis-py's `health_check_interval` sends pings and does not miss their answers (8.1).
    """

    def __init__(self, subscription: PubSub, ping_every_s: float) -> None:
        """`subscription` has subscribed, and ignores no message types."""
        self._subscription = subscription
        self._ping_every_s = ping_every_s
        self._ping_at = time.monotonic()
        self._is_answered = True

    async def next(self, timeout_s: float) -> bytes | None:
        """Returns the content of the next message, None when there is none for `timeout_s`.

        Raises SlowError when a ping has had no answer for `ping_every_s`, DroppedError when the connection is lost.
        """
        until = time.monotonic() + timeout_s
        while True:
            await self._ping_if_due()
            message = await self._receive(min(until, self._ping_at))
            if message is not None and message["type"] == "message":
                content: bytes = message["data"]
                return content
            if time.monotonic() >= until:
                return None

    async def _ping_if_due(self) -> None:
        if time.monotonic() < self._ping_at:
            return
        if not self._is_answered:
            raise SlowError("a ping has had no answer")
        self._is_answered = False
        self._ping_at = time.monotonic() + self._ping_every_s
        await self._subscription.ping()

    async def _receive(self, until: float) -> dict[str, Any] | None:
        message: dict[str, Any] | None = await self._subscription.get_message(
            timeout=max(0.0, until - time.monotonic())
        )
        if message is not None:
            self._is_answered = True
        return message


def make_pool(url: str, *, timeout_s: float, max_connections: int) -> ConnectionPool:
    """Returns a pool for the event loop, of connections that never retry.

    timeout_s: to connect, for each reply, and for a free connection when `max_connections` are in use.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=max_connections,
        timeout=timeout_s,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
    )
    return reporting_loss(pool)
