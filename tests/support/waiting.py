"""Waiting for a condition with a deadline, instead of sleeping for a time that is hoped to be enough."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
POLL_INTERVAL_S = 0.02


def wait_until(
    condition: Callable[[], T | None],
    timeout_s: float = 240,
    *,
    explain: Callable[[], object] = lambda: "did not happen",
) -> T:
    """The first true result of `condition`. Fails after `timeout_s` with what `explain` returns, a log for example."""
    deadline = time.monotonic() + timeout_s
    while not (result := condition()):
        assert time.monotonic() < deadline, explain()
        time.sleep(POLL_INTERVAL_S)
    return result


def assert_stays(condition: Callable[[], object], duration_s: float) -> None:
    """Fails as soon as `condition` is false within `duration_s`: for what must not happen."""
    deadline = time.monotonic() + duration_s
    while time.monotonic() < deadline:
        assert condition()
        time.sleep(POLL_INTERVAL_S)
