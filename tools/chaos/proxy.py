"""A proxy between the analysis server and the API that loses, repeats and delays webhooks."""

import random
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from common.webhook_signatures import HEADERS, TARGET_HEADER

# The faults of webhooks in percent; all others are forwarded unchanged.
FAULT_PERCENT = {
    "webhook lost before delivery": 5,
    "webhook delivered, response lost": 5,
    "webhook answered 200 but dropped": 3,
    "webhook repeated immediately": 8,
    "webhook repeated late": 8,
}
LATE_S = (3.0, 12.0)
FORWARDED_HEADERS = ("content-type", *HEADERS, TARGET_HEADER)


class WebhookProxy:
    """Forwards webhooks to `target_url`, except for the faults (in percent); `seen` counts all of them."""

    def __init__(self, target_url: str, rng: random.Random, fault_percent: Mapping[str, int] = FAULT_PERCENT) -> None:
        self._fault_percent = fault_percent
        self.seen: Counter[str] = Counter()
        self._target_url = target_url
        self._rng = rng
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

    def handle(self, path: str, headers: dict[str, str], body: bytes) -> int | None:
        """Returns the response status; None closes the connection without a response."""
        (event,) = self._rng.choices(
            [*self._fault_percent, "webhook forwarded"],
            [*self._fault_percent.values(), 100 - sum(self._fault_percent.values())],
        )
        self.seen[event] += 1
        if event == "webhook lost before delivery":
            return None
        if event == "webhook answered 200 but dropped":
            return 200
        status = self._forward(path, headers, body)
        if event == "webhook repeated immediately":
            return self._forward(path, headers, body)
        if event == "webhook repeated late":
            timer = threading.Timer(self._rng.uniform(*LATE_S), self._forward, (path, headers, body))
            timer.daemon = True
            timer.start()
            self._timers.append(timer)
        return None if event == "webhook delivered, response lost" else status

    def _forward(self, path: str, headers: dict[str, str], body: bytes) -> int | None:
        with suppress(httpx.HTTPError, RuntimeError):  # the API server is down; the proxy is closing
            return self._http.post(self._target_url + path, content=body, headers=headers).status_code
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """Ignores errors: senders that disconnect are expected here."""


def _handler(proxy: WebhookProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name: self.headers[name] for name in FORWARDED_HEADERS if name in self.headers}
            status = proxy.handle(self.path, headers, body)
            if status is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Logs nothing."""

    return Handler
