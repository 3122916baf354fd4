"""The signed requests that any of several servers has received, in Redis."""

import logging

from redis.exceptions import RedisError

from analysis.net.seen_requests import KEPT_S, SeenHere
from analysis.queueing.redis_jobs import KEY_PREFIX, make_redis
from common.webhook_signatures import SignedMessage

log = logging.getLogger(__name__)


class SeenAnywhere:
    """The memory of all servers on one Redis. While it is unavailable, each server remembers its own requests."""

    def __init__(self, redis_url: str) -> None:
        self._redis = make_redis(redis_url)
        self._here = SeenHere()

    async def is_new(self, message: SignedMessage) -> bool:
        """Remembers a request; False when any server has received it before."""
        if not await self._here.is_new(message):
            return False
        key = f"{KEY_PREFIX}seen:{message.timestamp}:{message.id}"
        try:
            return bool(await self._redis.set(key, b"", nx=True, ex=KEPT_S))
        except (RedisError, OSError) as error:
            log.warning("requests are remembered by this server alone, since Redis is away: %s", type(error).__name__)
            return True

    async def close(self) -> None:
        """Closes the connections."""
        await self._redis.aclose()
