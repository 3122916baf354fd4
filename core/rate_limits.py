"""The limits of requests that one user or one address may send: their defaults, and the error when one is reached.

Each is set by RATE_LIMIT_ and its name (`core/settings.py`); `core/rate_limiter.py` counts.
"""

from dataclasses import dataclass

from core.errors import (
    LimitReached,
    TooManyExports,
    TooManyGuests,
    TooManyRequests,
    TooManySceneRequests,
    TooManySignIns,
    TooManyUploads,
)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """One row: `default` as 10/minute or 10/minute;100/hour, and the error of a request beyond it."""

    default: str
    refusal: type[LimitReached]


# Of requests without sign-in from one address.
ADDRESS = RateLimit("6000/minute", TooManyRequests)
# Of requests of one signed-in user.
USER = RateLimit("3000/minute", TooManyRequests)
# Of sign-ins and refreshes from one address, which may be a whole school.
SIGN_IN = RateLimit("300/minute", TooManySignIns)
# Of uploads of one user, accepted or refused; completions of direct uploads are counted apart, to the same limit.
UPLOAD = RateLimit("60/minute;600/hour", TooManyUploads)
# Of visitors without an account that begin to record from one address, which may be a whole school.
GUEST = RateLimit("60/hour", TooManyGuests)
# Of exports of one user.
EXPORT = RateLimit("10/hour", TooManyExports)
# Of requests for scenes that one user creates, withdrawn ones included.
SCENE_REQUEST = RateLimit("5/hour;20/day", TooManySceneRequests)
