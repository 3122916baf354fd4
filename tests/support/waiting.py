"""Polling of conditions with a deadline, instead of sleeping for an estimated time."""

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
    """Polls until `condition` is true and returns its result; fails after `timeout_s` with the text of `explain`."""
    deadline = time.monotonic() + timeout_s
    while not (result := condition()):
        assert time.monotonic() < deadline, explain()
        time.sleep(POLL_INTERVAL_S)
    return result


def assert_stays(condition: Callable[[], object], duration_s: float) -> None:
    """Fails as soon as `condition` is false within `duration_s`: for events that must not happen."""
    deadline = time.monotonic() + duration_s
    while time.monotonic() < deadline:
        assert condition()
        time.sleep(POLL_INTERVAL_S)
