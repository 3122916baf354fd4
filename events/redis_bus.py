"""Progress over all processes: what one reports, the listeners of every other hear (REDIS_URL).

Over Redis goes only that a job has changed and to which version; a process with listeners for it reads the row, which
is the truth. What was said while a process could not hear it is read anew as soon as it hears again, and now and then.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import redis
from redis import asyncio as async_redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as DroppedError
from redis.exceptions import RedisError
from redis.retry import Retry

from core.thread_pool import Threads
from events.hub import Hub
from events.snapshot import Snapshot

log = logging.getLogger("yousync.events")

CHANNEL = "yousync:progress"
RESYNC_EVERY_S = 15.0
_TIMEOUT_S = 0.5
_PAUSE_S = 2.0

# What to do when somebody speaks on another channel.
Hear = Mapping[str, Callable[[], None]]
Load = Callable[[Mapping[UUID, int]], Iterable[Snapshot]]


class Announcer:
    """Tells the processes with listeners that a job has changed. Needs no event loop."""

    def __init__(self, redis_url: str) -> None:
        self._redis = redis.Redis.from_url(
            redis_url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            # That Redis has dropped a connection is found out by using it.
            retry=Retry(NoBackoff(), 1, (DroppedError,)),
        )
        self._quiet_until = 0.0

    def publish(self, snapshot: Snapshot) -> None:
        """Passes on which version a job has now; from any thread. Who does not hear it reads it a little later."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._redis.publish(CHANNEL, f"{snapshot.job_id} {snapshot.version}")
        except RedisError as error:
            self._quiet_until = time.monotonic() + _PAUSE_S
            log.warning("Redis passes on no progress; other processes will read it: %s", type(error).__name__)

    def close(self) -> None:
        self._redis.close()


class RedisBus:
    """Publishes for the listeners of all processes, and brings this hub what the others publish."""

    def __init__(self, redis_url: str, hub: Hub, threads: Threads, others: Hear) -> None:
        self._hub = hub
        self._threads = threads
        self._others = {channel.encode(): hear for channel, hear in others.items()}
        self._announcer = Announcer(redis_url)
        self._receiver = async_redis.Redis.from_url(
            redis_url, socket_connect_timeout=_TIMEOUT_S, health_check_interval=int(RESYNC_EVERY_S)
        )
        self.is_connected = False

    def publish(self, snapshot: Snapshot) -> None:
        """Hands a committed state to the listeners here, and word of it to the other processes. From any thread."""
        self._hub.publish(snapshot)
        self._announcer.publish(snapshot)

    async def listen(self, load: Load) -> None:
        """Hears the other processes until it is cancelled; connects again whenever it has to.

        `load` gives, for job ids with the versions that are known, the states that are newer. It blocks.
        """
        while True:
            try:
                async with self._receiver.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL, *self._others)
                    self.is_connected = True
                    await self._resync(load)
                    await self._hear(channel, load)
            except (RedisError, OSError) as error:
                log.warning("progress of other processes is not heard: %s", type(error).__name__)
            finally:
                self.is_connected = False
            await asyncio.sleep(_PAUSE_S)

    async def _hear(self, channel: "async_redis.client.PubSub", load: Load) -> None:
        resync_at = time.monotonic() + RESYNC_EVERY_S
        while True:
            message = await channel.get_message(timeout=max(0.0, resync_at - time.monotonic()))
            if message is not None:
                await self._take(message, load)
            if time.monotonic() >= resync_at:
                await self._resync(load)
                resync_at = time.monotonic() + RESYNC_EVERY_S

    async def _take(self, message: Mapping[str, Any], load: Load) -> None:
        if hear := self._others.get(message["channel"]):
            hear()
            return
        try:
            job, _, version = message["data"].decode().partition(" ")
            changed = {UUID(job): int(version) - 1}
        except ValueError:
            log.warning("a message on %s is not ours", CHANNEL)
            return
        await self._offer(self._hub.known_versions(changed), load)

    async def _resync(self, load: Load) -> None:
        await self._offer(self._hub.known_versions(), load)

    async def _offer(self, known: Mapping[UUID, int], load: Load) -> None:
        """Reads what is newer than what listeners here know, and offers it to them."""
        if not known:
            return
        try:
            snapshots = await self._threads.run(load, known)
        except Exception as error:
            # The next round reads it again; a database that is down is told of elsewhere.
            log.warning("progress of other processes could not be read: %s", type(error).__name__)
            return
        for snapshot in snapshots:
            self._hub.publish(snapshot)

    async def close(self) -> None:
        self._announcer.close()
        with contextlib.suppress(RedisError, OSError):
            await self._receiver.aclose()
