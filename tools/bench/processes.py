"""Servers under measurement: a uvicorn process each, all started alike, and what they use of the machine."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.server_processes import ROOT, free_port
from tools.chaos.processes import family

_TICKS_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# uvloop and httptools for all; an access log would cost the fast ones most.
_WORDS = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--no-proxy-headers", "--backlog", "4096")


class Server:
    """One uvicorn process with one worker."""

    def __init__(self, app: str, env: Mapping[str, str], folder: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start_s = 0.0
        self._app, self._env = app, dict(env)
        self._log = folder / f"{app.partition(':')[0]}-{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> "Server":
        words = [sys.executable, "-m", "uvicorn", self._app, "--host", "127.0.0.1", "--port", str(self.port), *_WORDS]
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **self._env}
        begun = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self._wait(begun + 90)
        self.start_s = time.perf_counter() - begun
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self, give_up_at: float) -> None:
        """Until it answers anything at all: the bare forms have no health check."""
        while time.perf_counter() < give_up_at:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            try:
                httpx.get(f"{self.url}/health/live", timeout=5)
                return
            except httpx.TransportError:
                time.sleep(0.01)
        raise RuntimeError(f"{self._app} did not start:\n{self._log.read_text(errors='replace')[-2000:]}")


def resident_bytes(pid: int, *, with_children: bool = True) -> int:
    """Resident memory of a process and, unless told otherwise, of all that descend from it."""
    total = 0
    for member in family(pid) if with_children else [pid]:
        try:
            total += int(Path(f"/proc/{member}/statm").read_text().split()[1]) * _PAGE_BYTES
        except OSError:
            continue
    return total


def cpu_s(pid: int) -> float:
    """CPU seconds that one process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_S


class Peak:
    """The most resident memory seen while a block ran."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.before = self.most = resident_bytes(pid)
        self._is_over = threading.Event()

    @property
    def growth(self) -> int:
        return self.most - self.before

    def watch(self) -> None:
        while not self._is_over.wait(0.05):
            self.most = max(self.most, resident_bytes(self._pid))

    def end(self) -> None:
        self._is_over.set()


@contextmanager
def watched(pid: int) -> Iterator[Peak]:
    """Looks at the memory of a process and its children twenty times a second."""
    peak = Peak(pid)
    thread = threading.Thread(target=peak.watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        peak.end()
        thread.join()
