"""Servers under measurement, each one uvicorn process with the same options, and their use of CPU and memory."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from core.settings import ROOT
from tests.support.server_processes import free_port
from tools.chaos.processes import process_tree

_TICKS_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# The same for all servers. An access log would cost the fast servers most.
_UVICORN_OPTIONS = (
    *("--loop", "uvloop", "--http", "httptools"),
    *("--no-access-log", "--no-proxy-headers", "--backlog", "4096"),
)


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
        address = ("--host", "127.0.0.1", "--port", str(self.port))
        command = [sys.executable, "-m", "uvicorn", self._app, *address, *_UVICORN_OPTIONS]
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **self._env}
        started_at = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self._wait(started_at + 90)
        self.start_s = time.perf_counter() - started_at
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

    def _wait(self, deadline: float) -> None:
        """Waits for any response at all: the baselines have no health check."""
        while time.perf_counter() < deadline:
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
    """Resident memory of a process and, by default, of all its descendants."""
    total = 0
    for member in process_tree(pid) if with_children else [pid]:
        try:
            total += int(Path(f"/proc/{member}/statm").read_text().split()[1]) * _PAGE_BYTES
        except OSError:
            continue
    return total


@dataclass(frozen=True)
class Memory:
    """Memory of one process in bytes: PSS divides shared pages among their users, RSS counts them in full."""

    pss: int
    rss: int


def memory(pid: int) -> Memory:
    """Reads the memory of one process from /proc."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kib = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
    return Memory(1024 * kib["Pss"], 1024 * kib["Rss"])


def command_line(pid: int) -> str:
    """The arguments of a process, separated by spaces; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def cpu_s(pid: int) -> float:
    """CPU seconds that one process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_S


class MemoryPeak:
    """The highest resident memory seen while a block ran, in bytes."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.before = self.highest = resident_bytes(pid)
        self._is_stopped = threading.Event()

    @property
    def growth(self) -> int:
        return self.highest - self.before

    def sample_until_stopped(self) -> None:
        while not self._is_stopped.wait(0.05):
            self.highest = max(self.highest, resident_bytes(self._pid))

    def stop(self) -> None:
        self._is_stopped.set()


@contextmanager
def track_memory(pid: int) -> Iterator[MemoryPeak]:
    """Samples the memory of a process and its descendants twenty times a second."""
    peak = MemoryPeak(pid)
    thread = threading.Thread(target=peak.sample_until_stopped, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        peak.stop()
        thread.join()
