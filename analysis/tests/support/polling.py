"""Waiting in tests: poll a condition with a deadline, never sleep and hope."""

import time
from collections.abc import Callable
from typing import Any, Final

_POLL_S: Final = 0.02


def wait_until(condition: Callable[[], Any], timeout_s: float = 30) -> Any:
    """Polls until `condition` returns something true, and returns it; AssertionError after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(_POLL_S)
    raise AssertionError(f"the condition was still false after {timeout_s} s")
