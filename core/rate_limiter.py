"""Counts requests against core/rate_limits.py, in this process, or in Redis for several.

While Redis is unavailable, each process counts for itself: a protection must not stop the service.
"""

import asyncio
import logging
import time
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Literal

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from core import rate_limits
from core.errors import LimitReached
from core.redis_clients import ConnectionPool, make_pool
from core.settings import Settings

log = logging.getLogger("yousync.rates")

Kind = Literal["address", "user", "sign_in", "upload", "completion", "export", "guest", "scene_request"]

_REFUSALS: dict[Kind, type[LimitReached]] = {
    "address": rate_limits.ADDRESS.refusal,
    "user": rate_limits.USER.refusal,
    "sign_in": rate_limits.SIGN_IN.refusal,
    "upload": rate_limits.UPLOAD.refusal,
    "completion": rate_limits.UPLOAD.refusal,
    "export": rate_limits.EXPORT.refusal,
    "guest": rate_limits.GUEST.refusal,
    "scene_request": rate_limits.SCENE_REQUEST.refusal,
}
_REDIS_TIMEOUT_S = 0.25
_REDIS_CONNECTIONS = 40
_REDIS_PAUSE_S = 5.0
_TIDY_EVERY_S = 5.0


class RateLimiter:
    """Counts requests by kind and sender. Belongs to the event loop."""

    def __init__(self, settings: Settings) -> None:
        self._rules: dict[Kind, list[RateLimitItem]] = {
            "address": parse_many(settings.rate_limit_address),
            "user": parse_many(settings.rate_limit_user),
            "sign_in": parse_many(settings.rate_limit_sign_in),
            "upload": parse_many(settings.rate_limit_upload),
            # One upload may be completed repeatedly while its ticket is valid.
            "completion": parse_many(settings.rate_limit_upload),
            "export": parse_many(settings.rate_limit_export),
            "guest": parse_many(settings.rate_limit_guest),
            "scene_request": parse_many(settings.rate_limit_scene_request),
        }
        self._memory = MemoryStorage()
        self._own = SlidingWindowCounterRateLimiter(self._memory)
        self._pool = _make_pool(settings)
        self._shared = _make_shared(self._pool) if self._pool else None
        self._shared_again_at = 0.0
        self._tidy_at = 0.0

    async def require(self, kind: Kind, who: str) -> None:
        """Counts one request; raises the error of its kind, with the seconds to wait."""
        for rule in self._rules[kind]:
            wait_s = await self._count(rule, kind, who)
            if wait_s is not None:
                raise _REFUSALS[kind](wait_s)

    async def close(self) -> None:
        if self._pool:
            await self._pool.aclose()

    async def _count(self, rule: RateLimitItem, kind: Kind, who: str) -> float | None:
        """Returns the seconds to wait; None when the request may pass."""
        if self._shared and time.monotonic() >= self._shared_again_at:
            try:
                return await _hit(self._shared, rule, kind, who)
            except StorageError as error:
                self._shared_again_at = time.monotonic() + _REDIS_PAUSE_S
                log.warning(
                    "rate limits are counted in this process, since Redis is unavailable: %s",
                    type(error.storage_error).__name__,
                )
        self._tidy_seldom()
        return await _hit(self._own, rule, kind, who)

    def _tidy_seldom(self) -> None:
        """Keeps the storage's timer busy: otherwise it would look through all its keys at every hit."""
        now, timer = time.monotonic(), self._memory.timer
        if timer is not None and not timer.done():
            return
        if now >= self._tidy_at:
            self._tidy_at = now + _TIDY_EVERY_S
        else:
            self._memory.timer = asyncio.create_task(asyncio.sleep(self._tidy_at - now))


async def _hit(limiter: SlidingWindowCounterRateLimiter, rule: RateLimitItem, kind: Kind, who: str) -> float | None:
    if await limiter.hit(rule, kind, who):
        return None
    stats = await limiter.get_window_stats(rule, kind, who)
    return max(0.0, stats.reset_time - time.time())


def _make_pool(settings: Settings) -> ConnectionPool | None:
    if settings.redis_url is None:
        return None
    url = settings.redis_url.get_secret_value()
    return make_pool(url, timeout_s=_REDIS_TIMEOUT_S, max_connections=_REDIS_CONNECTIONS)


def _make_shared(pool: ConnectionPool) -> SlidingWindowCounterRateLimiter:
    # The address is in the pool; the one here only names the kind of storage.
    storage = RedisStorage(
        "async+redis://",
        implementation="redispy",
        wrap_exceptions=True,
        connection_pool=pool,  # type: ignore[arg-type]  # passed to redis unchanged
    )
    return SlidingWindowCounterRateLimiter(storage)


def counted_address(host: str | None) -> str:
    """Returns the unit that an address is counted as: an IPv4 address, or the IPv6 /64 network of one customer."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False))
