"""Random spread of retry delays."""

import random


def jittered(delay_s: float) -> float:
    """Returns between half of `delay_s` and all of it, so that clients that fail together do not retry together."""
    return delay_s * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
