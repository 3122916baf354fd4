"""The servers under test, as processes of their own: what a test kills is really killed."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
SPEECH = ROOT / "catalogue" / "audio"
# What a worker says when it begins to take work, and the clock of workers when it begins to tick.
_AT_WORK = re.compile(r"celery\.apps\.worker: \S+ ready\.|beat v\S+ \S+ is starting\.")
# Limits that would refuse the one machine that sends everything, the sooner the faster it is.
LIMITS_LIFTED = {
    **dict.fromkeys((f"RATE_LIMIT_{kind}" for kind in ("ADDRESS", "USER", "SIGN_IN", "UPLOAD")), "10000000/minute"),
    "RATE_LIMIT_EXPORT": "10000000/minute",
    "JOBS_AT_ONCE_MAX": "1000000",
    "JOBS_PER_DAY_MAX": "1000000",
    "STORAGE_QUOTA_BYTES": str(1 << 50),
}
WEBHOOK_SECRET = "whsec_dGVzdC1zZWNyZXQtb2YtdGhlLXlvdXN5bmMtdGVzdC1zdWl0ZQ=="


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class OurProcess:
    """A command of ours with an environment and a log that it keeps over restarts."""

    def __init__(self, words: list[str], env: Mapping[str, str], log_path: Path) -> None:
        self.env = dict(env)
        self._words = words
        self._log_path = log_path
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log_path.read_text(errors="replace")

    def launch(self) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "PYTHONUNBUFFERED": "1",
            "ANALYSIS_PRIVATE_NETWORKS": "127.0.0.0/8",
            **self.env,
        }
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(self._words, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def wait_until(self, is_ready: Callable[[], bool], timeout_s: float) -> None:
        give_up_at = time.monotonic() + timeout_s
        while time.monotonic() < give_up_at:
            assert self._process is not None and self._process.poll() is None, self.log[-3000:]
            if is_ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"{' '.join(self._words[2:])} did not become ready: {self.log[-3000:]}")

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM, timeout_s: float = 20) -> int:
        """Sends the signal and waits; returns the exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(timeout_s)

    def kill(self) -> None:
        self.end(signal.SIGKILL)


class ServerProcess(OurProcess):
    """One uvicorn on a port that it keeps over restarts."""

    def __init__(self, app: str, env: Mapping[str, str], log_path: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        words = [sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(self.port)]
        # the API server believes proxies by its own setting
        super().__init__([*words, "--no-proxy-headers"], env, log_path)

    def start(self, path: str = "/health/live", timeout_s: float = 60) -> "ServerProcess":
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


class CeleryProcess(OurProcess):
    """`celery -A MODULE …`; a worker, or the clock of workers."""

    def __init__(self, words: str, env: Mapping[str, str], log_path: Path) -> None:
        super().__init__([sys.executable, "-m", "celery", *words.split()], env, log_path)

    def start(self, timeout_s: float = 60) -> "CeleryProcess":
        """Starts, and waits until it says that it works."""
        said = len(_AT_WORK.findall(self.log)) if self._log_path.exists() else 0
        self.launch()
        self.wait_until(lambda: len(_AT_WORK.findall(self.log)) > said, timeout_s)
        return self
