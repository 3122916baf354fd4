"""The Redis channel over which processes tell each other that cached responses are outdated.

Its subscription is a separate connection of each API process. While it is lost, a process finds the new
generation when its L1 entries expire (L1_TTL_S in `core/response_cache.py`).
"""

import asyncio
import logging
from collections.abc import Callable

from core.redis_clients import LiveSubscription, RedisError, make_subscriber

log = logging.getLogger("yousync.cache")

CHANNEL = "yousync:renewed"
_CONNECT_TIMEOUT_S = 0.5
# A server that has not answered until the next ping counts as lost.
_PING_EVERY_S = 5.0
# After an error, the subscriber stays disconnected for this long.
_PAUSE_S = 2.0


async def receive_invalidations(redis_url: str, invalidate: Callable[[], None]) -> None:
    """Calls `invalidate` for each message until it is cancelled; reconnects after errors."""
    async with make_subscriber(redis_url, connect_timeout_s=_CONNECT_TIMEOUT_S) as client:
        while True:
            try:
                async with client.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    live = LiveSubscription(subscription, _PING_EVERY_S)
                    while True:
                        if await live.next(_PING_EVERY_S) is not None:
                            invalidate()
            except (RedisError, OSError) as error:
                log.warning("invalidations of other processes cannot be received: %s", type(error).__name__)
            await asyncio.sleep(_PAUSE_S)
