"""The real server in a process of its own, a real file server, and a real webhook receiver."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from analysis.net.signatures import Signer
from analysis.settings import DEVELOPMENT_SECRET

ROOT = Path(__file__).resolve().parents[3]
LINE = "he might even have been made amiable himself"
SIGNER = Signer([DEVELOPMENT_SECRET])


@dataclass
class Webhook:
    """One webhook as it arrived; its signature was verified."""

    id: str
    body: dict[str, Any]


@dataclass
class World:
    """Serves files at /files/NAME and takes webhooks at /hook; `answers` are the statuses of the next webhooks."""

    files: dict[str, bytes] = field(default_factory=dict)
    delays: dict[str, float] = field(default_factory=dict)
    webhooks: list[Webhook] = field(default_factory=list)
    answers: dict[str, list[int]] = field(default_factory=dict)
    url: str = ""

    def of(self, job_id: str) -> list[Webhook]:
        """The webhooks of one job, in order of arrival."""
        return [hook for hook in self.webhooks if hook.body["job_id"] == job_id]

    def terminal(self, job_id: str, timeout_s: float = 30) -> Webhook:
        """Waits for the last webhook of a job."""

        def look() -> list[Webhook]:
            return [hook for hook in self.of(job_id) if hook.body["type"] != "analysis.progress"]

        found: list[Webhook] = wait_for(look, timeout_s)
        return found[0]


def wait_for(look: Callable[[], Any], timeout_s: float = 30) -> Any:
    """Looks until there is something."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError("waited in vain")


def _handler(here: World) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/files/")
            time.sleep(here.delays.get(name, 0))
            if name.startswith("redirect"):
                self._answer(302, b"", {"location": f"{here.url}/files/{name.removeprefix('redirect-')}"})
            elif name in here.files:
                self._answer(200, here.files[name])
            else:
                self._answer(404, b"")

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            SIGNER.verify({key.lower(): value for key, value in self.headers.items()}, raw)
            body = json.loads(raw)
            planned = here.answers.get(body["type"]) or [200]
            status = planned.pop(0)
            here.webhooks.append(Webhook(self.headers["webhook-id"], body))
            self._answer(status, b"")

        def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(status)
                for name, value in {"content-length": str(len(content)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Silent."""

    return Handler


@contextlib.contextmanager
def world() -> Iterator[World]:
    """The surroundings of the analysis server."""
    here = World()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(here))
    here.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Server:
    """A running `uvicorn analysis.app:app`."""

    process: subprocess.Popen[bytes]
    url: str
    client: httpx.Client

    def post(self, path: str, body: dict[str, Any], signer: Signer = SIGNER) -> httpx.Response:
        """A signed POST."""
        raw = json.dumps(body).encode()
        return self.client.post(self.url + path, content=raw, headers=signer.headers(f"msg_{uuid.uuid4().hex}", raw))

    def get(self, path: str) -> httpx.Response:
        """A signed GET."""
        return self.client.get(self.url + path, headers=SIGNER.headers(f"msg_{uuid.uuid4().hex}", b""))

    def children(self) -> list[int]:
        """Process ids of all children."""
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def workers(self, role: str) -> list[int]:
        """Process ids of the worker processes of one role."""
        return [pid for pid in self.children() if role in Path(f"/proc/{pid}/cmdline").read_text().split("\0")]


def is_alive(pid: int) -> bool:
    """The process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@contextlib.contextmanager
def server(**environment: str) -> Iterator[Server]:
    """Starts the server as operators do, and waits until it is ready."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "analysis.app:app", "--port", str(port), "--log-level", "warning"]
    env = {
        **os.environ,
        "ENVIRONMENT": "development",
        "WEBHOOK_SECRET": DEVELOPMENT_SECRET,
        "ANALYSIS_PRIVATE_NETWORKS": "127.0.0.0/8",
        **environment,
    }
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    with httpx.Client(timeout=20, trust_env=False) as client:
        running = Server(process, f"http://127.0.0.1:{port}", client)
        try:
            wait_for(lambda: _is_ready(running))
            yield running
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)


def _is_ready(running: Server) -> bool:
    assert running.process.poll() is None, "the server ended"
    try:
        return running.get("/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def job_for(here: World, audio: str = "austen-0930.flac", **changes: Any) -> dict[str, Any]:
    """A request for a new job."""
    return {
        "job_id": str(uuid.uuid4()),
        "audio_url": f"{here.url}/files/{audio}",
        "reference_audio_url": f"{here.url}/files/austen-0930.flac",
        "text": LINE,
        "language": "en-US",
        "token_id": 12,
        "reference_features_url": None,
        "webhook_url": f"{here.url}/hook",
        **changes,
    }
