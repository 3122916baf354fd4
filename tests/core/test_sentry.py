"""Reports to Sentry, received by a local server: they name the request, and contain no personal data."""

import gzip
import json
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import psycopg2
import pytest

from tests.conftest import MakeApi
from tests.support.factories import sign_in
from tests.support.waiting import wait_until

EMAIL = "someone.private@secret-mail.test"


class Sentry:
    """A local server that receives envelopes: https://develop.sentry.dev/sdk/data-model/envelopes/"""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                text = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
                lines = text.split(b"\n")
                for header, payload in zip(lines[1::2], lines[2::2], strict=False):
                    if json.loads(header).get("type") == "event":
                        outer.events.append(json.loads(payload))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.dsn = f"http://key@127.0.0.1:{self._server.server_port}/1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    server = Sentry()
    yield server
    server.close()


def test_unexpected_error_is_reported_without_personal_data(make_api: MakeApi, sentry: Sentry) -> None:
    api = make_api(SENTRY_DSN=sentry.dsn)
    with httpx.Client(base_url=api.url, timeout=30) as client:
        who = sign_in(client, EMAIL)
        connection = psycopg2.connect(api.env["DATABASE_URL"])
        with connection, connection.cursor() as cursor:
            cursor.execute("ALTER TABLE scripts RENAME TO lost")
        connection.close()
        answer = client.get("/api/scripts", params={"q": EMAIL}, headers=who.headers)
        assert answer.status_code == 500
        expected = client.get("/api/tokens/999999999", headers=who.headers)
        assert expected.status_code in (404, 500)
    request_id = answer.json()["request_id"]
    wait_until(lambda: request_id in json.dumps(sentry.events))
    api.end(signal.SIGTERM)  # sends what is left
    text = json.dumps(sentry.events)
    assert "UndefinedTable" in text or "ProgrammingError" in text
    for secret in (EMAIL, "secret-mail", who.access_token, who.refresh_token, "Bearer "):
        assert secret not in text
    assert all("headers" not in event.get("request", {}) for event in sentry.events)


def test_nothing_is_sent_without_a_dsn(make_api: MakeApi, sentry: Sentry) -> None:
    api = make_api()
    httpx.get(f"{api.url}/api/scripts")
    assert sentry.events == []
