"""What PostgreSQL and the S3 store have in common as child processes: one folder, one port, one life.

A server survives kill -9 of itself and of its parent; many may run at a time, each in a folder of its own.
"""

import contextlib
import fcntl
import functools
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, ClassVar, Self

LOG_BYTES_MAX = 10 * 1024 * 1024
LAUNCHES_MAX = 8
LAST_LINES = 15
# Below Linux's ephemeral ports, also with the 10000 that SeaweedFS adds for gRPC.
PORTS = range(12_000, 22_000, 5)

# Linux sends the death signal when the *thread* that started the child ends, so every child is started from
# one thread that lives as long as the process.
_spawner = ThreadPoolExecutor(1, thread_name_prefix="spawner")


class EmbeddedError(RuntimeError):
    """An embedded server cannot run; the message says why in plain words."""


def dies_with_parent(death_signal: signal.Signals) -> list[str]:
    """Words before a command that make the kernel signal it when its parent ends, even by kill -9."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", death_signal.name.removeprefix("SIG"), "--"] if setpriv else []


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether nothing listens on the port (connections still closing down do not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def process_identity(pid: int) -> str | None:
    """A mark of this very process (pids are reused), or None when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, started = fields[0], fields[19]
    return None if state in "ZX" else f"{pid}@{started}"


def end_process(identity: str, gentle: signal.Signals, timeout_s: float = 5.0) -> None:
    """Ask a process that is no child of ours to end, then make it; return when it is gone."""
    pid = int(identity.partition("@")[0])
    for number, patience_s in ((gentle, timeout_s), (signal.SIGKILL, 2.0)):
        deadline = time.monotonic() + patience_s
        with contextlib.suppress(ProcessLookupError):
            if process_identity(pid) == identity:
                os.kill(pid, number)
        while process_identity(pid) == identity:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return


def run(words: Sequence[str], env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a short command to its end, from a folder that every user may enter."""
    return subprocess.run(words, cwd="/", env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own words


def _popen(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own words
        words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )


class EmbeddedServer(ABC):
    """One server in one folder: `start()`, `stop()`, `kill()`, `restart()`, or a `with` block."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, data_dir: Path | str, *, log_path: Path | None = None) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.log_path = log_path or self.data_dir / "server.log"
        self.port = 0
        self._is_pinned = False
        self._is_wanted = False
        self._turn = threading.RLock()
        self._state_turn = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def last_words(self) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-LAST_LINES:])
        return ""

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _environment(self) -> dict[str, str]: ...

    @abstractmethod
    def _prepare(self) -> None:
        """Make what has to exist before the server starts."""

    @abstractmethod
    def _finish(self) -> bool:
        """Whether the server now serves; makes what can only be made in a running one."""

    def _is_usable(self, port: int) -> bool:
        return is_free(port)

    def launch(self) -> None:
        """Start the server without waiting until it serves: follow with `wait_ready()`."""
        with self._turn:
            self._is_wanted = True
            if self.is_running:
                return
            self._take_folder()
            try:
                self._stop_orphan()
                self._prepare()
                self._is_pinned = self.port != 0
                self._spawn(self.port or self._choose_port(self._state().get("port")))
            except BaseException:
                self._release_folder()
                raise

    def wait_ready(self, timeout_s: float = 30.0) -> None:
        """Wait until the server serves. Raises EmbeddedError with the end of its log when it does not."""
        deadline = time.monotonic() + timeout_s
        launches = 1
        while not self._finish():
            time.sleep(0.03 if self.is_running else 0.3)
            with self._turn:
                if not self._is_wanted:
                    raise EmbeddedError(f"{self.name} was stopped while it was starting")
                if not self.is_running and launches < LAUNCHES_MAX:
                    # Another process took the port first, or what a killed server left has not quite gone yet.
                    launches += 1
                    self._spawn(self.port if self._is_pinned else self._choose_port(self.port))
                elif not self.is_running or time.monotonic() > deadline:
                    self.stop()
                    raise EmbeddedError(f"{self.name} does not start. The end of {self.log_path}:\n{self.last_words}")

    def stop(self, timeout_s: float = 5.0) -> None:
        """Stop cleanly; after timeout_s, by force. Safe to call from another thread than `start()`."""
        with self._turn:
            self._is_wanted = False
            if self._process and self.is_running:
                self._process.send_signal(self.stop_signal)
                try:
                    self._process.wait(timeout_s)
                except subprocess.TimeoutExpired:
                    self._process.kill()
            self._reap()

    def kill(self) -> None:
        """SIGKILL, as a power cut would: nothing is flushed."""
        if self._process and self.is_running:
            self._process.kill()
        self._reap()

    def restart(self) -> None:
        """Stop if running, and start again on the same port."""
        self.stop()
        self.launch()
        self.wait_ready()

    def _reap(self) -> None:
        if self._process:
            self._process.wait()
            self._process = None
        self._release_folder()

    def _spawn(self, port: int) -> None:
        self.port = port
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            start = functools.partial(
                _popen, self._command(), cwd=self._working_dir(), env=self._environment(), log=log
            )
            self._process = _spawner.submit(start).result()
        self._keep(port=port, process=process_identity(self._process.pid))

    def _working_dir(self) -> Path:
        return self.data_dir

    def _choose_port(self, preferred: int | None) -> int:
        candidates = [preferred] if preferred else []
        candidates += [secrets.choice(PORTS) for _ in range(200)]
        for port in candidates:
            if self._is_usable(port):
                return port
        raise EmbeddedError(f"no free port for {self.name} among {PORTS.start}-{PORTS.stop}")

    def _take_folder(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise EmbeddedError(f"another process already runs {self.name} in {self.data_dir}") from error
        self._lock = lock
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_BYTES_MAX:
            self.log_path.replace(self.log_path.with_suffix(".old.log"))

    def _release_folder(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _stop_orphan(self) -> None:
        # Whoever started it is gone, or would hold the lock. It is stopped, not adopted: it cannot be waited
        # for, and its binaries and options may be those of another day. Its data are safe either way.
        if orphan := self._state().get("process"):
            end_process(orphan, self.stop_signal)

    def _state(self) -> dict[str, Any]:
        """What is kept from run to run: the secrets, the last port, the last process."""
        try:
            state: dict[str, Any] = json.loads((self.data_dir / "server.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return state

    def _keep(self, **changes: object) -> None:
        with self._state_turn:
            new = self.data_dir / "server.json.new"
            new.touch(mode=0o600)
            new.write_text(json.dumps(self._state() | changes))
            new.replace(self.data_dir / "server.json")

    def _secret(self, name: str, length: int = 24) -> str:
        with self._state_turn:
            if name not in self._state():
                self._keep(**{name: secrets.token_hex(length)})
            return str(self._state()[name])

    def __enter__(self) -> Self:
        self.launch()
        self.wait_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
