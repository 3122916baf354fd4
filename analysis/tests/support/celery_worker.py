"""The real Celery worker of the Redis queue, in a separate process."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from analysis.tests.support.analysis_server import ENVIRONMENT, ROOT

COMMAND: Final = [sys.executable, "-m", "celery", "-A", "analysis.queueing.tasks", "worker", "--without-gossip"]


class CeleryWorker:
    """A running `celery -A analysis.queueing.tasks worker` with one engine process."""

    def __init__(self, redis_url: str) -> None:
        env = {**os.environ, **ENVIRONMENT, "ANALYSIS_WORKERS": "1", "REDIS_URL": redis_url}
        self.process = subprocess.Popen(COMMAND, cwd=ROOT, env=env)

    def pids(self) -> list[int]:
        """Returns the process ids of the worker and its children."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [self.process.pid, *(int(pid) for path in children for pid in path.read_text().split())]

    def send_signal(self, number: signal.Signals) -> None:
        """Signals the worker and its children."""
        for pid in self.pids():
            os.kill(pid, number)

    def kill(self) -> None:
        """Kills the worker itself with SIGKILL."""
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def run_celery_worker(redis_url: str) -> Iterator[CeleryWorker]:
    """Starts a worker; stops it with SIGTERM at the end."""
    worker = CeleryWorker(redis_url)
    try:
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.send_signal(signal.SIGCONT)
            worker.process.send_signal(signal.SIGTERM)
        worker.process.wait(timeout=60)
