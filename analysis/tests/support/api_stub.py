"""A stand-in for the API server and its store: serves recordings, receives webhooks and verifies their signatures."""

import contextlib
import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from analysis.settings import DEVELOPMENT_SECRET
from analysis.tests.support.polling import wait_until
from common.webhook_signatures import WEBHOOK_ID, Signer, target_of

SIGNER: Final = Signer([DEVELOPMENT_SECRET])
LINE: Final = "he might even have been made amiable himself"
LINE_FILE: Final = "austen-0930.flac"
_HOLD_TIMEOUT_S: Final = 60.0


@dataclass
class Webhook:
    """A received webhook whose signature was verified."""

    id: str
    body: dict[str, Any]


@dataclass
class ApiStub:
    """Serves files at /files/NAME (/files/redirect-NAME redirects there) and receives webhooks at /hook."""

    files: dict[str, bytes] = field(default_factory=dict)
    downloads: list[str] = field(default_factory=list)
    webhooks: list[Webhook] = field(default_factory=list)
    webhook_statuses: dict[str, list[int]] = field(default_factory=dict)
    """The statuses of the next responses by type of webhook; 200 when there is none."""
    url: str = ""
    _held: dict[str, threading.Event] = field(default_factory=dict)

    def webhooks_of(self, job_id: str) -> list[Webhook]:
        """Returns the webhooks of one job, in order of arrival."""
        return [webhook for webhook in self.webhooks if webhook.body["job_id"] == job_id]

    def terminal_webhooks(self, job_id: str) -> list[Webhook]:
        """Returns the webhooks that tell the end of one job."""
        return [webhook for webhook in self.webhooks_of(job_id) if webhook.body["type"] != "analysis.progress"]

    def stages(self, job_id: str) -> list[str]:
        """Returns the stages in the webhooks of one job."""
        return [webhook.body["stage"] for webhook in self.webhooks_of(job_id)]

    def wait_for_end(self, job_id: str, timeout_s: float = 30) -> dict[str, Any]:
        """Waits for the first terminal webhook of a job and returns its body."""
        ended: list[Webhook] = wait_until(lambda: self.terminal_webhooks(job_id), timeout_s)
        return ended[0].body

    @contextlib.contextmanager
    def holding(self, name: str) -> Iterator[None]:
        """Holds back the content of a file until the `with` block ends, so that jobs with it stay in progress."""
        self._held[name] = threading.Event()
        try:
            yield
        finally:
            self._held.pop(name).set()

    def wait_while_held(self, name: str) -> None:
        """Blocks while a test holds back this file."""
        if held := self._held.get(name):
            held.wait(_HOLD_TIMEOUT_S)

    def job(self, audio: str = LINE_FILE, **changes: Any) -> dict[str, Any]:
        """Returns a request for a new job."""
        return {
            "job_id": str(uuid.uuid4()),
            "audio_url": f"{self.url}/files/{audio}",
            "reference_audio_url": f"{self.url}/files/{LINE_FILE}",
            "text": LINE,
            "language": "en-US",
            "token_id": 12,
            "reference_features_url": None,
            "webhook_url": f"{self.url}/hook",
            **changes,
        }


def _handler(stub: ApiStub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/files/")
            stub.downloads.append(name)
            stub.wait_while_held(name)
            if name.startswith("redirect-"):
                self._respond(302, b"", {"location": f"{stub.url}/files/{name.removeprefix('redirect-')}"})
            elif name in stub.files:
                self._respond(200, stub.files[name])
            else:
                self._respond(404, b"")

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            headers = {key.lower(): value for key, value in self.headers.items()}
            SIGNER.verify(headers, raw, [target_of("POST", self.path)])
            body = json.loads(raw)
            statuses = stub.webhook_statuses.get(body["type"]) or [200]
            status = statuses.pop(0)
            stub.webhooks.append(Webhook(self.headers[WEBHOOK_ID], body))
            self._respond(status, b"")

        def _respond(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(status)
                for name, value in {"content-length": str(len(content)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Logs nothing."""

    return Handler


@contextlib.contextmanager
def run_api_stub() -> Iterator[ApiStub]:
    """Serves a stub from a thread of this process."""
    stub = ApiStub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stub))
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
