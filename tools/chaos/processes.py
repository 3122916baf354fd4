"""Signals to a whole process tree: PostgreSQL and the analysis server consist of several processes."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def process_tree(pid: int) -> list[int]:
    """The pids of a process and of all its descendants, the process first."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        for children in Path(f"/proc/{found[-1]}/task").glob("*/children"):
            with suppress(OSError):
                waiting += map(int, children.read_text().split())
    return found


@contextmanager
def stalled(pid: int) -> Iterator[None]:
    """Stops the process tree (SIGSTOP) while the block runs: it stays alive and connected, and does not respond."""
    members = process_tree(pid)
    _send(members, signal.SIGSTOP)
    try:
        yield
    finally:
        _send(members, signal.SIGCONT)


def stall(pid: int, duration_s: float) -> None:
    """Stops the process tree for some seconds."""
    with stalled(pid):
        time.sleep(duration_s)


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
