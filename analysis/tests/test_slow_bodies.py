"""Bodies that do not come, against a real server."""

import json
import socket
from urllib.parse import urlsplit

from analysis.tests.support.analysis_server import run_analysis_server


def test_a_body_that_does_not_come_is_408() -> None:
    with run_analysis_server(BODY_GRACE_S="0.5") as server:
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=30) as connection:
            connection.sendall(b"POST /analyze HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n{")
            received = b""
            while piece := connection.recv(65_536):
                received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["code"] == "request_too_slow"
