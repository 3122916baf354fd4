"""The road between the analysis server and the API, on which webhooks are lost, repeated and held up."""

import random
import threading
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

# What may happen to a webhook, and how often in a hundred. The rest passes.
MISHAPS = {
    "webhook lost on its way": 5,
    "webhook taken, its answer lost": 5,
    "webhook answered 200 and thrown away": 3,
    "webhook repeated at once": 8,
    "webhook repeated late": 8,
}
LATE_S = (3.0, 12.0)
PASSED_ON = ("content-type", "webhook-id", "webhook-timestamp", "webhook-signature")


class WebhookProxy:
    """Hands webhooks on to `target_url`, but for MISHAPS; `seen` counts both."""

    def __init__(self, target_url: str, chance: random.Random) -> None:
        self.seen: Counter[str] = Counter()
        self._target_url = target_url
        self._chance = chance
        self._http = httpx.Client(timeout=15, limits=httpx.Limits(max_connections=200), trust_env=False)
        self._timers: list[threading.Timer] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "WebhookProxy":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        for timer in self._timers:
            timer.cancel()
        self._http.close()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int | None:
        """The status to answer; None breaks the connection off without an answer."""
        (fate,) = self._chance.choices([*MISHAPS, "webhook passed"], [*MISHAPS.values(), 100 - sum(MISHAPS.values())])
        self.seen[fate] += 1
        if fate == "webhook lost on its way":
            return None
        if fate == "webhook answered 200 and thrown away":
            return 200
        status = self._forward(path, headers, body)
        if fate == "webhook repeated at once":
            return self._forward(path, headers, body)
        if fate == "webhook repeated late":
            timer = threading.Timer(self._chance.uniform(*LATE_S), self._forward, (path, headers, body))
            timer.daemon = True
            timer.start()
            self._timers.append(timer)
        return None if fate == "webhook taken, its answer lost" else status

    def _forward(self, path: str, headers: dict[str, str], body: bytes) -> int | None:
        with suppress(httpx.HTTPError, RuntimeError):  # the API server is down; the proxy is closing
            return self._http.post(self._target_url + path, content=body, headers=headers).status_code
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """A sender that went away is what is tested here."""


def _handler(proxy: WebhookProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            status = proxy.take(self.path, headers, body)
            if status is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    return Handler
