"""Progress across processes over Redis (REDIS_URL): what one process publishes reaches the listeners of all.

A message says only which job has changed, and to which version; a process with listeners for that job reads the row,
which is the truth. Messages that a process missed are made up for by reading again as soon as it is connected again,
and every RESYNC_EVERY_S.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from core.redis_clients import DroppedError, PubSub, RedisError, make_client, make_subscriber
from core.thread_pool import Threads
from events.hub import Hub
from events.snapshot import Snapshot

log = logging.getLogger("yousync.events")

CHANNEL = "yousync:progress"
RESYNC_EVERY_S = 15.0
_TIMEOUT_S = 0.5
# After an error, the publisher stays silent and the subscriber disconnected for this long.
_PAUSE_S = 2.0

# By channel, what to call for each message on it.
Handlers = Mapping[str, Callable[[], None]]
# Returns, for job ids with the versions that listeners know, the states that are newer. Blocks.
LoadNewer = Callable[[Mapping[UUID, int]], Iterable[Snapshot]]


class ProgressPublisher:
    """Tells the other processes that a job has changed. Needs no event loop."""

    def __init__(self, redis_url: str) -> None:
        self._redis = make_client(redis_url, timeout_s=_TIMEOUT_S, retry_once_on=(DroppedError,))
        self._silent_until = 0.0

    def publish(self, snapshot: Snapshot) -> None:
        """Sends the version that a job has now; callable from any thread. A lost message only costs time."""
        if time.monotonic() < self._silent_until:
            return
        try:
            self._redis.publish(CHANNEL, f"{snapshot.job_id} {snapshot.version}")
        except RedisError as error:
            self._silent_until = time.monotonic() + _PAUSE_S
            log.warning("progress cannot be published in Redis: %s", type(error).__name__)

    def close(self) -> None:
        self._redis.close()


class RedisBus:
    """Publishes to the listeners of all processes, and gives this process's hub what the others publish."""

    def __init__(self, redis_url: str, hub: Hub, threads: Threads, handlers: Handlers) -> None:
        """`handlers` are called on the event loop for messages on further channels."""
        self._hub = hub
        self._threads = threads
        self._handlers = {channel.encode(): handler for channel, handler in handlers.items()}
        self._publisher = ProgressPublisher(redis_url)
        self._subscriber = make_subscriber(
            redis_url, connect_timeout_s=_TIMEOUT_S, health_check_interval_s=int(RESYNC_EVERY_S)
        )
        self.is_connected = False

    def publish(self, snapshot: Snapshot) -> None:
        """Hands a committed state to the listeners here and its version to the other processes; from any thread."""
        self._hub.publish(snapshot)
        self._publisher.publish(snapshot)

    async def listen(self, load: LoadNewer) -> None:
        """Receives what other processes publish until it is cancelled; reconnects after errors."""
        while True:
            try:
                async with self._subscriber.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.subscribe(CHANNEL, *self._handlers)
                    self.is_connected = True
                    await self._resync(load)
                    await self._receive(subscription, load)
            except (RedisError, OSError) as error:
                log.warning("progress of other processes is not received: %s", type(error).__name__)
            finally:
                self.is_connected = False
            await asyncio.sleep(_PAUSE_S)

    async def close(self) -> None:
        self._publisher.close()
        with contextlib.suppress(RedisError, OSError):
            await self._subscriber.aclose()

    async def _receive(self, subscription: PubSub, load: LoadNewer) -> None:
        resync_at = time.monotonic() + RESYNC_EVERY_S
        while True:
            message = await subscription.get_message(timeout=max(0.0, resync_at - time.monotonic()))
            if message is not None:
                await self._handle(message, load)
            if time.monotonic() >= resync_at:
                await self._resync(load)
                resync_at = time.monotonic() + RESYNC_EVERY_S

    async def _handle(self, message: Mapping[str, Any], load: LoadNewer) -> None:
        if handler := self._handlers.get(message["channel"]):
            handler()
            return
        try:
            job, _, version = message["data"].decode().partition(" ")
            changed = {UUID(job): int(version) - 1}
        except ValueError:
            log.warning("unknown message on channel %s", CHANNEL)
            return
        await self._publish_newer(self._hub.known_versions(changed), load)

    async def _resync(self, load: LoadNewer) -> None:
        await self._publish_newer(self._hub.known_versions(), load)

    async def _publish_newer(self, known: Mapping[UUID, int], load: LoadNewer) -> None:
        """Reads the states that are newer than what listeners here know, and hands them to the hub."""
        if not known:
            return
        try:
            snapshots = await self._threads.run(load, known)
        except Exception as error:
            # The next resync reads them; an unavailable database is reported elsewhere.
            log.warning("progress of other processes could not be read: %s", type(error).__name__)
            return
        for snapshot in snapshots:
            self._hub.publish(snapshot)
