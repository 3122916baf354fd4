"""Addresses of Redis."""

import re

_URL = re.compile(r"rediss?://[^/?#\s]+(/\d*)?(\?\S*)?")


def is_redis_url(url: str) -> bool:
    """Returns whether REDIS_URL may have this value, e.g. redis://host:6379/0.

    Celery, dogpile and redis-py read such an address alike; on others each fails in its own way, late.
    """
    return _URL.fullmatch(url) is not None
