"""The real analysis server in a separate process."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from analysis.settings import DEVELOPMENT_SECRET
from analysis.tests.support.api_stub import SIGNER, ApiStub
from analysis.tests.support.polling import wait_until
from common.webhook_signatures import Signer, target_of

ROOT: Final = Path(__file__).resolve().parents[3]
_START_TIMEOUT_S: Final = 120.0
ENVIRONMENT: Final = {
    "ENVIRONMENT": "development",
    "WEBHOOK_SECRET": DEVELOPMENT_SECRET,
    "ANALYSIS_PRIVATE_NETWORKS": "127.0.0.0/8",
}
"""The settings of servers and workers under test: a known secret, and access to this machine."""
# Above Linux's ephemeral ports; each pytest-xdist worker has a slice.
PORTS = range(61_000, 65_400)[int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8 :: 8]


@dataclass
class AnalysisServer:
    """A running `uvicorn analysis.app:app`."""

    process: subprocess.Popen[bytes]
    url: str
    client: httpx.Client

    def post(self, path: str, body: dict[str, Any], signer: Signer = SIGNER) -> httpx.Response:
        """Sends a signed POST."""
        raw = json.dumps(body).encode()
        headers = signer.headers(f"msg_{uuid.uuid4().hex}", raw, target_of("POST", path))
        return self.client.post(self.url + path, content=raw, headers=headers)

    def get(self, path: str) -> httpx.Response:
        """Sends a signed GET."""
        return self.client.get(self.url + path, headers=signed_get(path))

    def submit(self, job: dict[str, Any]) -> str:
        """Submits a job, which must be accepted, and returns its id."""
        assert self.post("/analyze", job).status_code == 202
        return str(job["job_id"])

    def state(self, job_id: str) -> dict[str, Any]:
        """Returns the state of a job."""
        state: dict[str, Any] = self.get(f"/analyze/{job_id}").json()
        return state

    def queued(self) -> int:
        """Returns the number of waiting jobs."""
        return int(self.get("/health/live").json()["queued"])

    def run_another_job(self, stub: ApiStub) -> None:
        """Runs one more job to its end, so that anything queued before it has started, too."""
        stub.wait_for_end(self.submit(stub.job()), timeout_s=60)

    def child_pids(self) -> list[int]:
        """Returns the process ids of all children."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def role_pids(self, role: str) -> list[int]:
        """Returns the process ids of the children of one role."""
        return [pid for pid in self.child_pids() if role in Path(f"/proc/{pid}/cmdline").read_text().split("\0")]


def signed_get(path: str) -> dict[str, str]:
    """Returns new headers for a GET of this path."""
    return SIGNER.headers(f"msg_{uuid.uuid4().hex}", b"", target_of("GET", path))


def is_alive(pid: int) -> bool:
    """Returns True when the process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@contextlib.contextmanager
def run_analysis_server(**environment: str) -> Iterator[AnalysisServer]:
    """Starts the server as operators do, and waits until it is ready."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "analysis.app:app", "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ENVIRONMENT, **environment})
    with httpx.Client(timeout=20, trust_env=False) as client:
        server = AnalysisServer(process, f"http://127.0.0.1:{port}", client)
        try:
            wait_until(lambda: _is_ready(server), _START_TIMEOUT_S)
            yield server
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)


def _is_ready(server: AnalysisServer) -> bool:
    assert server.process.poll() is None, "the server ended"
    try:
        return server.get("/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def _free_port() -> int:
    """Returns a port that nothing listens on and that no other pytest-xdist worker chooses meanwhile."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
