#!/usr/bin/env bash
# Most expect: httpx.TransportError means that no response arrived, so a reader of events that catches it, waits and connects
# again bridges lost connections and nothing else.
# What happens: httpx-sse raises its SSEError for every response whose content type is not text/event-stream, such as the
# JSON of a refusal, and SSEError is a TransportError. A 401, 404 or 429 then looks like a lost connection: the reader
# connects again for ever. Only raise_for_status() before the first event tells them apart.
# Versions: httpx-sse 0.4.3 with httpx 0.28.1.
# Why it matters: a learner whose session has ended would never be told, and the server is asked without end.
# Source: httpx-sse's README advises to catch httpx.ReadError for reconnecting; it does not name the base of SSEError.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(command -v python3.11 || command -v python3)" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check httpx-sse==0.4.3 httpx==0.28.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

import httpx
from httpx_sse import connect_sse


class Refusal(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"code": "not_authenticated"}'
        self.send_response(401)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Refusal)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/events"

raised = None
with httpx.Client(trust_env=False) as client:
    try:
        with connect_sse(client, "GET", url) as source:
            list(source.iter_sse())
    except Exception as error:
        raised = error
    try:
        with connect_sse(client, "GET", url) as source:
            source.response.raise_for_status()
        checked = None
    except httpx.HTTPStatusError as error:
        checked = error.response.status_code
server.shutdown()

print(f"httpx-sse {version('httpx-sse')}, httpx {httpx.__version__}")
print(f"a 401 with a JSON body: {type(raised).__name__}, a TransportError: {isinstance(raised, httpx.TransportError)}")
print(f"with raise_for_status() first: status {checked}")
if not isinstance(raised, httpx.TransportError) or checked != 401:
    sys.exit("httpx-sse has changed")
PYTHON
