"""Makes every client of Redis in the API server and its workers; each caller states its time-outs and retries.

Nothing is retried unless it is asked for: a subscriber that reconnects by itself loses messages and says nothing, so it
has to see the error and resynchronise. (`Redis(host, port)` would retry ten times, `from_url` never: redis-py 8.1.)
"""

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


def make_subscriber(url: str, *, connect_timeout_s: float, health_check_interval_s: int) -> AsyncRedis:
    """Returns a client that waits for messages without limit, pings an idle connection, and never retries."""
    client = AsyncRedis.from_url(
        url, socket_connect_timeout=connect_timeout_s, health_check_interval=health_check_interval_s
    )
    reporting_loss(client.connection_pool)
    return client


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
