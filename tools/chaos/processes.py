"""Stopping a server as a whole: PostgreSQL and the analysis server are families of processes."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        for children in Path(f"/proc/{found[-1]}/task").glob("*/children"):
            with suppress(OSError):
                waiting += map(int, children.read_text().split())
    return found


@contextmanager
def stalled(pid: int) -> Iterator[None]:
    """SIGSTOP to the whole family, SIGCONT at the end: alive, connected, and silent."""
    members = family(pid)
    _send(members, signal.SIGSTOP)
    try:
        yield
    finally:
        _send(members, signal.SIGCONT)


def stall(pid: int, duration_s: float) -> None:
    with stalled(pid):
        time.sleep(duration_s)


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
