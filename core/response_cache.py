"""Answers that many ask for, kept as bytes: near, in this process, and with REDIS_URL far, for all processes.

What is kept goes by a stamp. Whoever changes what the answers show calls `renew` once that is committed: another stamp
holds, and what was made before, or is being made at this moment, is never found again. Other processes are told over
Redis; a process that did not hear it asks for the stamp as soon as what it keeps near has lived for NEAR_S.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from uuid import uuid4

import redis
from cachetools import TTLCache
from dogpile.cache import CacheRegion, make_region
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger("yousync.cache")

CHANNEL = "yousync:renewed"
NEAR_S = 1.0
NEAR_BYTES = 32 * 1024 * 1024
_ENTRY_BYTES = 1024
_STAMP = "yousync:stamp"
_TIMEOUT_S = 0.25
_PAUSE_S = 2.0
# One process makes an answer while the others wait for it, if it is alive.
_LOCK_S = 5
_LOCK_SLEEP_S = 0.01

Make = Callable[[], bytes]
InThread = Callable[[Make], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer, and its strong entity tag."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> "Answer":
        return cls(body, f'"{blake2b(body, digest_size=16).hexdigest()}"')


class ResponseCache:
    """`get` belongs to the event loop, `renew` to any thread. With `life_s` 0 nothing is kept."""

    def __init__(self, life_s: float, redis_url: str | None) -> None:
        self._life_s = life_s
        self._stamp = uuid4().hex
        self._near: TTLCache[Hashable, Answer] = TTLCache(
            NEAR_BYTES, min(life_s, NEAR_S) if redis_url else life_s, getsizeof=_size
        )
        self._making: dict[Hashable, asyncio.Future[Answer]] = {}
        self._far = _Far(redis_url, life_s) if redis_url and life_s else None

    async def get(self, key: Hashable, make: Make, in_thread: InThread) -> Answer:
        """The answer that is kept for a key, or what `make` gives.

        `make` runs by `in_thread`, once for all who ask for the key meanwhile; what it raises is raised, and not kept.
        """
        if not self._life_s:
            return Answer.of(await in_thread(make))
        stamped = (self._stamp, key)
        if (kept := self._near.get(stamped)) is not None:
            return kept
        making = self._making.get(stamped)
        if making is None:
            making = self._making[stamped] = asyncio.ensure_future(self._make(stamped, make, in_thread))
            making.add_done_callback(partial(self._made, stamped))
        # Whoever asked first may go away before the others have their answer.
        return await asyncio.shield(making)

    def renew(self) -> None:
        """Lets nothing be found that was kept so far, here and in every other process."""
        self.forget()
        if self._far:
            self._far.renew()

    def forget(self) -> None:
        """Lets nothing be found that was kept in this process."""
        self._stamp = uuid4().hex

    def close(self) -> None:
        if self._far:
            self._far.close()

    async def _make(self, stamped: tuple[str, Hashable], make: Make, in_thread: InThread) -> Answer:
        if self._far:
            make = partial(self._far.get, repr(stamped[1]), make)
        answer = Answer.of(await in_thread(make))
        if _size(answer) <= NEAR_BYTES:
            self._near[stamped] = answer
        return answer

    def _made(self, stamped: Hashable, making: "asyncio.Future[Answer]") -> None:
        del self._making[stamped]
        if not making.cancelled():
            making.exception()  # whoever waits has it raised; there may be nobody left


class _Far:
    """What all processes keep in Redis. Without Redis, an answer is simply made. Blocks."""

    def __init__(self, redis_url: str, life_s: float) -> None:
        self._redis = redis.Redis.from_url(
            redis_url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            retry=Retry(NoBackoff(), 1),
        )
        self._region = _make_region(self._redis, life_s)
        self._away_until = 0.0
        self._owes_stamp = False

    def get(self, key: str, make: Make) -> bytes:
        if time.monotonic() < self._away_until:
            return make()
        made: list[bytes] = []

        def make_once() -> bytes:
            made.append(make())
            return made[0]

        try:
            if self._owes_stamp:
                self._send_stamp()
            stamp = self._redis.get(_STAMP)
            digest = blake2b(f"{stamp!r} {key}".encode(), digest_size=16).hexdigest()
            body: bytes = self._region.get_or_create(f"yousync:answer:{digest}", make_once)
            return body
        except RedisError as error:
            self._note_absence(error)
            return made[0] if made else make()

    def renew(self) -> None:
        self._owes_stamp = True
        try:
            self._send_stamp()
        except RedisError as error:
            self._note_absence(error)

    def _send_stamp(self) -> None:
        with self._redis.pipeline() as pipeline:
            stamp = uuid4().hex
            pipeline.set(_STAMP, stamp)
            pipeline.publish(CHANNEL, stamp)
            pipeline.execute()
        self._owes_stamp = False

    def _note_absence(self, error: RedisError) -> None:
        self._away_until = time.monotonic() + _PAUSE_S
        log.warning("Redis keeps no answers, they are made anew: %s", type(error).__name__)

    def close(self) -> None:
        self._redis.close()


def _make_region(client: redis.Redis, life_s: float) -> CacheRegion:
    return make_region(serializer=bytes, deserializer=bytes).configure(
        "dogpile.cache.redis",
        expiration_time=life_s,
        arguments={
            "connection_pool": client.connection_pool,
            "redis_expiration_time": max(1, round(life_s)),
            "distributed_lock": True,
            "thread_local_lock": False,
            "lock_timeout": _LOCK_S,
            "lock_sleep": _LOCK_SLEEP_S,
        },
    )


def _size(answer: Answer) -> int:
    return len(answer.body) + _ENTRY_BYTES
