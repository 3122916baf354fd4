"""The servers under test, as processes of their own: what a test kills is really killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
SPEECH = ROOT / "catalogue" / "audio"
WEBHOOK_SECRET = "whsec_dGVzdC1zZWNyZXQtb2YtdGhlLXlvdXN5bmMtdGVzdC1zdWl0ZQ=="


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ServerProcess:
    """One uvicorn on a port that it keeps over restarts."""

    def __init__(self, app: str, env: Mapping[str, str], log_path: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = dict(env)
        self._app = app
        self._log_path = log_path
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log_path.read_text(errors="replace")

    def start(self, path: str = "/health/live", timeout_s: float = 60) -> "ServerProcess":
        words = [sys.executable, "-m", "uvicorn", self._app, "--host", "127.0.0.1", "--port", str(self.port)]
        words.append("--no-proxy-headers")  # the API server believes proxies by its own setting
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "ANALYSIS_PRIVATE_NETWORKS": "127.0.0.0/8",
            **self.env,
        }
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self.wait(path, timeout_s)
        return self

    def wait(self, path: str, timeout_s: float) -> None:
        give_up_at = time.monotonic() + timeout_s
        while time.monotonic() < give_up_at:
            assert self._process is not None and self._process.poll() is None, self.log[-3000:]
            try:
                if httpx.get(self.url + path, timeout=5).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"{self._app} did not become ready: {self.log[-3000:]}")

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
