"""Processes that open strangers' files: without the server's modules, its environment, its files or much memory."""

import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

MEMORY_BYTES = 1 << 30
START_TIMEOUT_S = 60.0
_MAIN = Path(__file__).with_name("isolated_main.py")
_READY = b"ready"
_LENGTH = struct.Struct("!I")
_LONGEST_REPLY_BYTES = 4096
_STDERR = 2
# All that such a process knows of ours: no secret, no address, no proxy.
_ENVIRONMENT = {"LANG": "C.UTF-8"}


class ProcessFailed(Exception):
    """The process ended, took too long or replied with more than it may."""


class IsolatedProcess:
    """One child that runs isolated_main.py with a script. Blocks; used by one thread at a time.

    On Linux it ends with the thread that starts it, not only with this process: start it in one that lives as long.
    """

    def __init__(self, script: Path) -> None:
        command = [sys.executable, "-I", "-X", "utf8", str(_MAIN), str(script), str(os.getpid()), str(MEMORY_BYTES)]
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - nothing of a client in it
                command,
                stdin=theirs.fileno(),
                stdout=_STDERR,
                env=_ENVIRONMENT,
                start_new_session=True,
            )
        self._is_ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self) -> None:
        """Waits until the script is loaded. Raises ProcessFailed when it does not start."""
        if not self._is_ready:
            if self.receive(START_TIMEOUT_S) != _READY:
                raise ProcessFailed("no process")
            self._is_ready = True

    def send(self, request: bytes, timeout_s: float) -> None:
        """Raises ProcessFailed when the process is dead or reads nothing."""
        self._socket.settimeout(timeout_s)
        try:
            self._socket.sendall(_LENGTH.pack(len(request)) + request)
        except OSError as error:
            raise ProcessFailed("the process reads no request") from error

    def receive(self, timeout_s: float) -> bytes:
        """Returns the next reply. Raises ProcessFailed."""
        give_up_at = time.monotonic() + timeout_s
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, give_up_at))
        if length > _LONGEST_REPLY_BYTES:
            raise ProcessFailed("the reply is too long")
        return self._read(length, give_up_at)

    def kill(self) -> None:
        """Ends the process, whatever it is doing. May be called by any thread, and more than once."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Ends the process and gives back the socket."""
        self.kill()
        self._socket.close()

    def _read(self, size: int, give_up_at: float) -> bytes:
        content = b""
        while len(content) < size:
            try:
                self._socket.settimeout(max(0.001, give_up_at - time.monotonic()))
                piece = self._socket.recv(size - len(content))
            except OSError as error:
                raise ProcessFailed("the process does not answer in time") from error
            if not piece:
                raise ProcessFailed("the process has ended")
            content += piece
        return content
