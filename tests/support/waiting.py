"""Waiting for a condition with a deadline, instead of sleeping for a time that is hoped to be enough."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
POLL_INTERVAL_S = 0.02


def wait_until(
    condition: Callable[[], T | None],
    timeout_s: float = 120,
    *,
    explain: Callable[[], object] = lambda: "did not happen",
) -> T:
    """The first true result of `condition`. Fails after `timeout_s` with what `explain` returns, a log for example."""
    deadline = time.monotonic() + timeout_s
    while not (result := condition()):
        assert time.monotonic() < deadline, explain()
        time.sleep(POLL_INTERVAL_S)
    return result
