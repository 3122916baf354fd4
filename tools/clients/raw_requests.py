"""Requests byte by byte as clients send them that this machine may lack, or that offer to upgrade to HTTP/2."""

import json
import socket
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

from tools.clients.toolbox import ClientFailed

_CURL = (
    "Host: {host}\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n{more}Content-Length: {length}\r\nContent-Type: {type}\r\n\r\n"
)
_JAVA = (
    "Connection: Upgrade, HTTP2-Settings\r\nContent-Length: {length}\r\nHost: {host}\r\n"
    "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nUpgrade: h2c\r\n"
    "User-Agent: Java-http-client/17.0.15\r\n{more}Content-Type: {type}\r\n\r\n"
)
_DART = (
    "user-agent: Dart/3.5 (dart:io)\r\n{more}content-type: {type}\r\naccept-encoding: gzip\r\n"
    "content-length: {length}\r\nhost: {host}\r\n\r\n"
)


@dataclass(frozen=True)
class RawClient:
    """The heads of one client, in its order and spelling, and how it writes the one part of its forms."""

    head: str
    boundary: str
    part: str
    json_type: str = "application/json"


_DISPOSITION = 'Content-Disposition: form-data; name="audio_file"; filename="take.wav"\r\n'
_DART_PART = 'content-type: application/octet-stream\r\ncontent-disposition: form-data; name="audio_file"'
RAW_CLIENTS = {
    "curl --http2": RawClient(_CURL, "-" * 24 + "4YQmLwJ6aDkpzMbR0qPUnX", f"{_DISPOSITION}Content-Type: audio/wav\r\n"),
    "Java HttpClient": RawClient(_JAVA, "----yousync-java", f"{_DISPOSITION}Content-Type: audio/wav\r\n"),
    "Dart MultipartRequest": RawClient(
        _DART,
        "dart-http-boundary-Xl4K.3mQdT8+Zc7vN0sWq1eRb5uYhJp9gFa2oLi6kDxVtCwBn.M",
        f'{_DART_PART}; filename="take.wav"\r\n',
        "application/json; charset=utf-8",
    ),
    "Dart MultipartRequest without filename": RawClient(
        _DART,
        "dart-http-boundary-Xl4K.3mQdT8+Zc7vN0sWq1eRb5uYhJp9gFa2oLi6kDxVtCwBn.M",
        f"{_DART_PART}\r\n",
        "application/json; charset=utf-8",
    ),
}


def send(url: str, client: RawClient, path: str, kind: str, body: bytes, more: str = "") -> tuple[int, bytes]:
    """Sends one POST request and returns status and body of its response. `more` is header lines."""
    host = url.removeprefix("http://")
    name, _, port = host.partition(":")
    head = client.head.format(host=host, length=len(body), type=kind, more=more)
    with socket.create_connection((name, int(port)), timeout=60) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\n{head}".encode() + body)
        response = HTTPResponse(connection, method="POST")
        response.begin()
        return response.status, response.read()


def main_job(url: str, client: RawClient, email: str, line: int, audio: bytes) -> dict[str, Any]:
    """Signs in and uploads; returns the accepted job with the access token. Raises ClientFailed."""
    credentials = json.dumps({"email": email}).encode()
    session = _expect(200, send(url, client, "/api/auth/dev", client.json_type, credentials), "the sign-in")
    authorization = f"Authorization: Bearer {session['access_token']}\r\n"
    form = f"--{client.boundary}\r\n{client.part}\r\n".encode() + audio + f"\r\n--{client.boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={client.boundary}"
    job = _expect(202, send(url, client, f"/api/tokens/{line}/upload-audio", kind, form, authorization), "the upload")
    return {**job, "access_token": session["access_token"]}


def _expect(status: int, answer: tuple[int, bytes], what: str) -> dict[str, Any]:
    if answer[0] != status:
        raise ClientFailed(f"{what} was answered {answer[0]}: {answer[1].decode(errors='replace')[:300]}")
    return dict(json.loads(answer[1]))
