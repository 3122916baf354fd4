"""A fake analysis server, and a proxy in front of a real one, for responses that are rare on a real one."""

import json
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.server_processes import free_port
from tests.support.waiting import wait_until


class SwitchableProxy:
    """A TCP proxy in front of a real server that refuses connections until `open`."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "SwitchableProxy":
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
                client, _ = listener.accept()
                target = socket.create_connection(("127.0.0.1", self._target_port))
                self._sockets += [client, target]
                self._run(self._pass, client, target)
                self._run(self._pass, target, client)

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


class FakeAnalysisServer:
    """Responds `answer` to each job and records it, but reports every job as unknown."""

    def __init__(
        self, answer: tuple[int, dict[str, Any]] = (202, {"accepted": True}), headers: dict[str, str] | None = None
    ) -> None:
        self.answer = answer
        self.jobs: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                if self.path != "/analyze":
                    return self._answer(404, {"code": "not_found"})
                fake.bodies.append(raw)
                fake.headers.append(dict(self.headers))
                fake.jobs.append(json.loads(raw))
                self._answer(*fake.answer)

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

    def wait_for_jobs(self, count: int) -> None:
        wait_until(lambda: len(self.jobs) == count, explain=lambda: f"{len(self.jobs)} jobs instead of {count}")

    def __enter__(self) -> "FakeAnalysisServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
