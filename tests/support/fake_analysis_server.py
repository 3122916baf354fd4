"""Analysis servers that do as they are told, over HTTP: what a real one does only now and then."""

import json
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.server_processes import free_port


def wait_until(condition: Any, timeout_s: float = 60) -> None:
    give_up_at = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < give_up_at, "did not happen"
        time.sleep(0.02)


class Doorway:
    """A door before a real server: closed, connections are refused; open, bytes pass both ways."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Doorway":
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for each in self._sockets:
            each.close()

    def open(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._port))
        self._sockets.append(listener)
        self._run(self._serve, listener)

    def _run(self, function: Any, *args: Any) -> None:
        thread = threading.Thread(target=function, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                guest, _ = listener.accept()
                host = socket.create_connection(("127.0.0.1", self._target_port))
                self._sockets += [guest, host]
                self._run(self._pass, guest, host)
                self._run(self._pass, host, guest)

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


class Puppet:
    """Another analysis server, as the contract allows: it takes jobs, forgets them, and answers what a test says."""

    def __init__(
        self, answer: tuple[int, dict[str, Any]] = (202, {"accepted": True}), headers: dict[str, str] | None = None
    ) -> None:
        self.answer = answer
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.raw: list[bytes] = []
        puppet = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                if self.path != "/analyze":
                    return self._answer(404, {"code": "not_found"})
                puppet.raw.append(raw)
                puppet.headers.append(dict(self.headers))
                puppet.taken.append(json.loads(raw))
                self._answer(*puppet.answer)

            def do_GET(self) -> None:
                self._answer(404, {"code": "job_not_found"})

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Puppet":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
