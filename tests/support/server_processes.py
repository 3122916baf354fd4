"""The servers under test as child processes, which tests signal, kill and start again."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import httpx

from core.settings import ROOT
from tests.support.waiting import wait_until

SPEECH = ROOT / "catalogue" / "audio"
# Above Linux's ephemeral ports, so that no outgoing connection takes one. Each pytest-xdist worker has a slice.
_PORTS = range(61_000, 65_400)[int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8 :: 8]
_RECENT: deque[int] = deque(maxlen=64)
# The log lines of a worker that is ready for tasks, and of beat that begins to send them.
_AT_WORK = re.compile(r"celery\.apps\.worker: \S+ ready\.|beat v\S+ \S+ is starting\.")
# Far more than an idle machine needs: it ends a hanging test and measures nothing.
START_TIMEOUT_S = 240.0
# Rate limits and quotas are raised, since all requests of the tests come from one machine.
LIMITS_LIFTED = {
    **dict.fromkeys((f"RATE_LIMIT_{kind}" for kind in ("ADDRESS", "USER", "SIGN_IN", "UPLOAD")), "10000000/minute"),
    "RATE_LIMIT_GUEST": "10000000/minute",
    "RATE_LIMIT_EXPORT": "10000000/minute",
    "RATE_LIMIT_SCENE_REQUEST": "10000000/minute",
    "JOBS_AT_ONCE_MAX": "1000000",
    "JOBS_PER_DAY_MAX": "1000000",
    "STORAGE_QUOTA_BYTES": str(1 << 50),
    "OPEN_UPLOADS_PER_USER_MAX": "1000000",
    "OPEN_UPLOADS_PER_ADDRESS_MAX": "1000000",
}
WEBHOOK_SECRET = "whsec_dGVzdC1zZWNyZXQtb2YtdGhlLXlvdXN5bmMtdGVzdC1zdWl0ZQ=="


def free_port() -> int:
    """Returns a port that nothing listens on, and no other pytest-xdist worker or outgoing connection will get.

    The next calls return others, so that a server has time to listen on it.
    """
    while True:
        port = secrets.choice(_PORTS)
        if port in _RECENT:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            _RECENT.append(port)
            return port


class RunningProcess(Protocol):
    """The part of subprocess.Popen that ManagedProcess needs."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...


class ManagedProcess:
    """A command whose environment and log file persist over restarts."""

    def __init__(self, words: list[str], env: Mapping[str, str], log_path: Path, cwd: Path = ROOT) -> None:
        self.env = dict(env)
        self._cwd = cwd
        self._words = words
        self._log_path = log_path
        self._process: RunningProcess | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log_path.read_text(errors="replace")

    @property
    def has_ended(self) -> bool:
        """True after the process was started and has exited."""
        return self._process is not None and self._process.poll() is not None

    def launch(self) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "PYTHONUNBUFFERED": "1",
            "ANALYSIS_PRIVATE_NETWORKS": "127.0.0.0/8",
            **self.env,
        }
        self._process = self._start(environment)

    def _start(self, environment: Mapping[str, str]) -> "RunningProcess":
        with self._log_path.open("ab") as log:
            return subprocess.Popen(self._words, cwd=self._cwd, env=environment, stdout=log, stderr=log)

    def wait_until(self, is_ready: Callable[[], bool], timeout_s: float) -> None:
        """Polls until ready; fails with the end of the log when the process exits, or after `timeout_s`."""

        def is_ready_and_running() -> bool:
            assert self._process is not None and self._process.poll() is None, self.log[-3000:]
            return is_ready()

        name = " ".join(self._words[2:])
        wait_until(is_ready_and_running, timeout_s, explain=lambda: f"{name} is not ready: {self.log[-3000:]}")

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def wait_for_exit(self, timeout_s: float) -> int:
        """Waits for the process to exit and returns its exit code."""
        assert self._process is not None
        return self._process.wait(timeout_s)

    def end(self, number: signal.Signals = signal.SIGTERM, timeout_s: float = 60) -> int:
        """Sends the signal and waits; returns the exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(timeout_s)

    def kill(self) -> None:
        self.end(signal.SIGKILL)


class ServerProcess(ManagedProcess):
    """A uvicorn whose port persists over restarts."""

    def __init__(self, app: str, env: Mapping[str, str], log_path: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        words = [sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(self.port)]
        # The API server trusts proxies by its own setting.
        super().__init__([*words, "--no-proxy-headers"], env, log_path)

    def start(self, path: str = "/health/live", timeout_s: float = START_TIMEOUT_S) -> "ServerProcess":
        self.launch()
        self.wait(path, timeout_s)
        return self

    def wait(self, path: str, timeout_s: float) -> None:
        def answers() -> bool:
            try:
                return httpx.get(self.url + path, timeout=5).is_success
            except httpx.TransportError:
                return False

        self.wait_until(answers, timeout_s)


class CeleryProcess(ManagedProcess):
    """`celery -A MODULE …`; a worker, or beat."""

    def __init__(self, words: str, env: Mapping[str, str], log_path: Path) -> None:
        super().__init__([sys.executable, "-m", "celery", *words.split()], env, log_path)

    def start(self, timeout_s: float = START_TIMEOUT_S) -> "CeleryProcess":
        """Starts the process and waits for its log line that it is ready."""
        said = len(_AT_WORK.findall(self.log)) if self._log_path.exists() else 0
        self.launch()
        self.wait_until(lambda: len(_AT_WORK.findall(self.log)) > said, timeout_s)
        return self
