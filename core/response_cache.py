"""Caches responses as bytes, in two levels: L1 in this process and, with REDIS_URL, L2 in Redis for all processes.

Entries belong to a generation. A change to what the responses show calls `invalidate` after its commit: that starts a
new generation, and an entry that was cached before, or is being computed at that moment, is never found again. Other
processes are told over Redis; one that misses the message reads the generation when its L1 entries are L1_TTL_S old.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from uuid import uuid4

from cachetools import TTLCache
from dogpile.cache import CacheRegion, make_region

from core.cache_invalidation_channel import CHANNEL, receive_invalidations
from core.redis_clients import DroppedError, LockExpiredError, Redis, RedisError, SlowError, make_client

log = logging.getLogger("yousync.cache")

L1_TTL_S = 1.0
L1_MAX_BYTES = 32 * 1024 * 1024
_ENTRY_OVERHEAD_BYTES = 1024
_GENERATION_KEY = "yousync:stamp"
# Raised with each change of the shape of cached responses: versions that run beside each other share one Redis.
_SHAPE = 2
_TIMEOUT_S = 0.25
# After an error, L2 is left out for this long.
_PAUSE_S = 2.0
# While one process computes a response, the others wait for it, at most for this long.
_LOCK_TIMEOUT_S = 5
_LOCK_SLEEP_S = 0.01

Compute = Callable[[], bytes]
RunInThread = Callable[[Compute], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class TaggedBody:
    """The body of a response and its strong entity tag."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> "TaggedBody":
        return cls(body, f'"{blake2b(body, digest_size=16).hexdigest()}"')


class ResponseCache:
    """`get` belongs to the event loop; `invalidate` may be called by any thread. With `ttl_s` 0 nothing is cached."""

    def __init__(self, ttl_s: float, redis_url: str | None) -> None:
        self._ttl_s = ttl_s
        self._generation = uuid4().hex
        self._l1: TTLCache[Hashable, TaggedBody] = TTLCache(
            L1_MAX_BYTES, min(ttl_s, L1_TTL_S) if redis_url else ttl_s, getsizeof=_size
        )
        self._pending: dict[Hashable, asyncio.Future[TaggedBody]] = {}
        self._redis_url = redis_url if ttl_s else None
        self._l2 = _L2(self._redis_url, ttl_s) if self._redis_url else None

    async def get(self, key: Hashable, compute: Compute, run_in_thread: RunInThread) -> TaggedBody:
        """Returns the cached body of a key, or what `compute` returns.

        `compute` runs by `run_in_thread`, once for all concurrent callers; an exception reaches all of them and is not
        cached.
        """
        if not self._ttl_s:
            return TaggedBody.of(await run_in_thread(compute))
        entry = (self._generation, key)
        if (cached := self._l1.get(entry)) is not None:
            return cached
        pending = self._pending.get(entry)
        if pending is None:
            pending = self._pending[entry] = asyncio.ensure_future(self._compute(entry, compute, run_in_thread))
            pending.add_done_callback(partial(self._computed, entry))
        # The first caller may be cancelled before the others have their response.
        return await asyncio.shield(pending)

    def invalidate(self) -> None:
        """Starts a new generation, here and in every other process."""
        self.invalidate_local()
        if self._l2:
            self._l2.invalidate()

    def invalidate_local(self) -> None:
        """Starts a new generation in this process only."""
        self._generation = uuid4().hex

    async def listen(self) -> None:
        """Receives the invalidations of other processes until it is cancelled; without L2 it returns immediately."""
        if self._redis_url:
            await receive_invalidations(self._redis_url, self.invalidate_local)

    def close(self) -> None:
        if self._l2:
            self._l2.close()

    async def _compute(self, entry: tuple[str, Hashable], compute: Compute, run_in_thread: RunInThread) -> TaggedBody:
        if self._l2:
            compute = partial(self._l2.get, repr(entry[1]), compute)
        computed = TaggedBody.of(await run_in_thread(compute))
        if _size(computed) <= L1_MAX_BYTES:
            self._l1[entry] = computed
        return computed

    def _computed(self, entry: Hashable, pending: "asyncio.Future[TaggedBody]") -> None:
        del self._pending[entry]
        if not pending.cancelled():
            pending.exception()  # marks it as seen: all callers may have been cancelled


class _L2:
    """The level in Redis. Blocks. Without Redis, a response is computed."""

    def __init__(self, redis_url: str, ttl_s: float) -> None:
        self._redis = make_client(redis_url, timeout_s=_TIMEOUT_S, retry_once_on=(DroppedError, SlowError))
        self._region = _make_region(self._redis, ttl_s)
        self._unavailable_until = 0.0
        self._must_invalidate = False

    def get(self, key: str, compute: Compute) -> bytes:
        if time.monotonic() < self._unavailable_until:
            return compute()
        computed: list[bytes] = []

        def compute_once() -> bytes:
            computed.append(compute())
            return computed[0]

        try:
            if self._must_invalidate:
                self._start_generation()
            generation = self._redis.get(_GENERATION_KEY)
            digest = blake2b(f"{_SHAPE} {generation!r} {key}".encode(), digest_size=16).hexdigest()
            body: bytes = self._region.get_or_create(f"yousync:answer:{digest}", compute_once)
            return body
        except LockExpiredError:  # computing took longer than the lock lives; the response is stored all the same
            return computed[0] if computed else compute()
        except RedisError as error:
            self._pause(error)
            return computed[0] if computed else compute()

    def invalidate(self) -> None:
        """Starts a new generation now, or else before the next entry is read."""
        self._must_invalidate = True
        try:
            self._start_generation()
        except RedisError as error:
            self._pause(error)

    def _start_generation(self) -> None:
        with self._redis.pipeline() as pipeline:
            generation = uuid4().hex
            pipeline.set(_GENERATION_KEY, generation)
            pipeline.publish(CHANNEL, generation)
            pipeline.execute()
        self._must_invalidate = False

    def _pause(self, error: RedisError) -> None:
        self._unavailable_until = time.monotonic() + _PAUSE_S
        log.warning("responses are computed in this process, since Redis is unavailable: %s", type(error).__name__)

    def close(self) -> None:
        self._redis.close()


def _make_region(client: Redis, ttl_s: float) -> CacheRegion:
    return make_region(serializer=bytes, deserializer=bytes).configure(
        "dogpile.cache.redis",
        expiration_time=ttl_s,
        arguments={
            "connection_pool": client.connection_pool,
            "redis_expiration_time": max(1, round(ttl_s)),
            "distributed_lock": True,
            "thread_local_lock": False,
            "lock_timeout": _LOCK_TIMEOUT_S,
            "lock_sleep": _LOCK_SLEEP_S,
        },
    )


def _size(tagged: TaggedBody) -> int:
    return len(tagged.body) + _ENTRY_OVERHEAD_BYTES
