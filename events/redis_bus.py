"""The bus over Redis (REDIS_URL), or Valkey: one channel, to which every API process subscribes."""

import asyncio
import contextlib
import logging
import time

from core.redis_clients import DroppedError, LiveSubscription, RedisError, make_client, make_subscriber
from core.thread_pool import Threads
from events.catch_up import CHANNEL, RESYNC_EVERY_S, CatchUp, LoadNewer, write_message
from events.hub import Hub
from events.snapshot import Snapshot

log = logging.getLogger("yousync.events")

_TIMEOUT_S = 0.5
# After an error, the publisher stays silent and the subscriber disconnected for this long.
_PAUSE_S = 2.0
# A server that has not answered until the next ping counts as lost.
_PING_EVERY_S = 5.0


class RedisPublisher:
    """Tells the API servers that a job has changed. Needs no event loop."""

    def __init__(self, redis_url: str) -> None:
        self._redis = make_client(redis_url, timeout_s=_TIMEOUT_S, retry_once_on=(DroppedError,))
        self._silent_until = 0.0

    def publish(self, snapshot: Snapshot) -> None:
        """Sends the version that a job has now; callable from any thread. A lost message only costs time."""
        if time.monotonic() < self._silent_until:
            return
        try:
            self._redis.publish(CHANNEL, write_message(snapshot))
        except RedisError as error:
            self._silent_until = time.monotonic() + _PAUSE_S
            log.warning("progress cannot be published to other processes: %s", type(error).__name__)

    def close(self) -> None:
        self._redis.close()


class RedisBus:
    """Publishes to the listeners of all processes, and gives this process's hub what the others publish."""

    def __init__(self, redis_url: str, hub: Hub, threads: Threads) -> None:
        self._hub = hub
        self._threads = threads
        self._publisher = RedisPublisher(redis_url)
        self._subscriber = make_subscriber(redis_url, connect_timeout_s=_TIMEOUT_S)
        self.is_connected = False

    def publish(self, snapshot: Snapshot) -> None:
        self._hub.publish(snapshot)
        self._publisher.publish(snapshot)

    async def listen(self, load: LoadNewer) -> None:
        catch_up = CatchUp(self._hub, self._threads, load)
        while True:
            try:
                async with self._subscriber.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    self.is_connected = True
                    await catch_up.resync()
                    await _receive(LiveSubscription(subscription, _PING_EVERY_S), catch_up)
            except (RedisError, OSError) as error:
                log.warning("progress of other processes cannot be received: %s", type(error).__name__)
            finally:
                self.is_connected = False
            await asyncio.sleep(_PAUSE_S)

    async def close(self) -> None:
        self._publisher.close()
        with contextlib.suppress(RedisError, OSError):
            await self._subscriber.aclose()


async def _receive(subscription: LiveSubscription, catch_up: CatchUp) -> None:
    resync_at = time.monotonic() + RESYNC_EVERY_S
    while True:
        message = await subscription.next(max(0.0, resync_at - time.monotonic()))
        if message is not None:
            await catch_up.receive(message)
        if time.monotonic() >= resync_at:
            await catch_up.resync()
            resync_at = time.monotonic() + RESYNC_EVERY_S
