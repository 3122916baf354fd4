"""Servers shared by several workers start once and end with their last user."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.support.shared_servers import Description, shared
from tests.support.waiting import wait_until

WORKERS = 3


class Lives:
    """A server without a process that records its starts and stops."""

    def __init__(self) -> None:
        self.log: list[str] = []

    @contextmanager
    def start(self) -> Iterator[Description]:
        self.log.append("start")
        yield {"port": len(self.log)}
        self.log.append("stop")


def test_server_starts_once_for_all_concurrent_workers(tmp_path: Path) -> None:
    server, together = Lives(), threading.Barrier(WORKERS, timeout=20)

    def work(_: int) -> Description:
        with shared(tmp_path, "server", server.start) as description:
            together.wait()
            assert server.log == ["start"]
        return description

    with ThreadPoolExecutor(WORKERS) as threads:
        assert list(threads.map(work, range(WORKERS))) == [{"port": 1}] * WORKERS
    assert server.log == ["start", "stop"]


def test_starter_waits_for_other_workers_and_a_late_one_restarts(tmp_path: Path) -> None:
    server, is_used, may_leave = Lives(), threading.Event(), threading.Event()

    def first() -> None:
        with shared(tmp_path, "server", server.start):
            assert is_used.wait(20)

    def second() -> None:
        with shared(tmp_path, "server", server.start):
            is_used.set()
            assert may_leave.wait(20)
            assert server.log == ["start"]

    with ThreadPoolExecutor(2) as threads:
        starter = threads.submit(first)
        wait_until(lambda: server.log)
        user = threads.submit(second)
        assert is_used.wait(20)
        may_leave.set()
        user.result(20)
        starter.result(20)
    with shared(tmp_path, "server", server.start):
        assert server.log == ["start", "stop", "start"]
