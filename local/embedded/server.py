"""The base class of the embedded servers: a child process with one data folder and one port.

Its data survive kill -9 of the server and of its parent. Several servers may run at once, each in its own folder.
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
LAUNCH_ATTEMPTS_MAX = 8
LOG_TAIL_LINES = 15
# Below Linux's ephemeral ports, even after SeaweedFS adds 10,000 for its gRPC port.
PORTS = range(12_000, 22_000, 5)

# Linux sends the death signal when the *thread* that started the child ends, so every child is started from
# one thread that lives as long as the process.
_spawner = ThreadPoolExecutor(1, thread_name_prefix="spawner")


class EmbeddedError(RuntimeError):
    """An embedded server cannot run; the message tells the user why."""


def dies_with_parent(death_signal: signal.Signals) -> list[str]:
    """A command prefix that makes the kernel signal the process when its parent ends, even by kill -9."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", death_signal.name.removeprefix("SIG"), "--"] if setpriv else []


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Returns True when nothing listens on the port; connections that are still closing do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def process_identity(pid: int) -> str | None:
    """Identifies a process by pid and start time, since pids are reused; None when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, started = fields[0], fields[19]
    return None if state in "ZX" else f"{pid}@{started}"


def end_process(identity: str, gentle: signal.Signals, timeout_s: float = 5.0) -> None:
    """Ends a process that is not our child: sends `gentle`, after the timeout SIGKILL; returns when it has ended."""
    pid = int(identity.partition("@")[0])
    for number, grace_s in ((gentle, timeout_s), (signal.SIGKILL, 2.0)):
        deadline = time.monotonic() + grace_s
        with contextlib.suppress(ProcessLookupError):
            if process_identity(pid) == identity:
                os.kill(pid, number)
        while process_identity(pid) == identity:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a short command and waits for it, in a folder that every user may enter."""
    return subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, check=False)  # noqa: S603 - built here


def _popen(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - built here
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )


class EmbeddedServer(ABC):
    """One server in one folder. Use `start()`, `stop()`, `kill()` and `restart()`, or a `with` block."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, data_dir: Path | str, *, log_path: Path | None = None) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.log_path = log_path or self.data_dir / "server.log"
        self.port = 0
        self._is_pinned = False
        self._should_run = False
        self._process_lock = threading.RLock()
        self._state_lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder_lock: int | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log_tail(self) -> str:
        """The last lines of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])
        return ""

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _environment(self) -> dict[str, str]: ...

    @abstractmethod
    def _prepare(self) -> None:
        """Creates what has to exist before the server starts."""

    @abstractmethod
    def _complete_start(self) -> bool:
        """Creates what needs a running server; returns True once the server is ready."""

    def _is_usable(self, port: int) -> bool:
        return is_free(port)

    def launch(self) -> None:
        """Starts the server without waiting until it is ready: call `wait_ready()` next."""
        with self._process_lock:
            self._should_run = True
            if self.is_running:
                return
            self._lock_folder()
            try:
                self._stop_orphan()
                self._prepare()
                self._is_pinned = self.port != 0
                self._spawn(self.port or self._choose_port(self._load_state().get("port")))
            except BaseException:
                self._unlock_folder()
                raise

    def wait_ready(self, timeout_s: float = 30.0) -> None:
        """Waits until the server is ready. Raises EmbeddedError with the last lines of its log on failure."""
        deadline = time.monotonic() + timeout_s
        attempts = 1
        while not self._complete_start():
            time.sleep(0.03 if self.is_running else 0.3)
            with self._process_lock:
                if not self._should_run:
                    raise EmbeddedError(f"{self.name} was stopped while it was starting")
                if not self.is_running and attempts < LAUNCH_ATTEMPTS_MAX:
                    # Another process took the port first, or children of a killed server have not ended yet.
                    attempts += 1
                    self._spawn(self.port if self._is_pinned else self._choose_port(self.port))
                elif not self.is_running or time.monotonic() > deadline:
                    self.stop()
                    raise EmbeddedError(
                        f"{self.name} does not start. The last lines of {self.log_path}:\n{self.log_tail}"
                    )

    def stop(self, timeout_s: float = 5.0) -> None:
        """Stops the server; kills it after timeout_s. May be called from another thread than `start()`."""
        with self._process_lock:
            self._should_run = False
            if self._process and self.is_running:
                self._process.send_signal(self.stop_signal)
                try:
                    self._process.wait(timeout_s)
                except subprocess.TimeoutExpired:
                    self._process.kill()
            self._reap()

    def kill(self) -> None:
        """Sends SIGKILL, so that nothing is flushed, as in a power cut."""
        if self._process and self.is_running:
            self._process.kill()
        self._reap()

    def restart(self) -> None:
        """Stops the server if it is running, and starts it on the same port."""
        self.stop()
        self.launch()
        self.wait_ready()

    def _reap(self) -> None:
        if self._process:
            self._process.wait()
            self._process = None
        self._unlock_folder()

    def _spawn(self, port: int) -> None:
        self.port = port
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            start = functools.partial(
                _popen, self._command(), cwd=self._working_dir(), env=self._environment(), log=log
            )
            self._process = _spawner.submit(start).result()
        self._save_state(port=port, process=process_identity(self._process.pid))

    def _working_dir(self) -> Path:
        return self.data_dir

    def _choose_port(self, preferred: int | None) -> int:
        candidates = [preferred] if preferred else []
        candidates += [secrets.choice(PORTS) for _ in range(200)]
        for port in candidates:
            if self._is_usable(port):
                return port
        raise EmbeddedError(f"no free port for {self.name} among {PORTS.start}-{PORTS.stop}")

    def _lock_folder(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise EmbeddedError(f"another process already runs {self.name} in {self.data_dir}") from error
        self._folder_lock = lock
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_BYTES_MAX:
            self.log_path.replace(self.log_path.with_suffix(".old.log"))

    def _unlock_folder(self) -> None:
        if self._folder_lock is not None:
            os.close(self._folder_lock)
            self._folder_lock = None

    def _stop_orphan(self) -> None:
        # Its parent has ended, or it would hold the lock. The orphan is stopped and not reused: we cannot wait
        # for it, and an older version of this code may have started it. Its data are safe either way.
        if orphan := self._load_state().get("process"):
            end_process(orphan, self.stop_signal)

    def _load_state(self) -> dict[str, Any]:
        """The values that persist between runs: the secrets, the last port, the last process."""
        try:
            state: dict[str, Any] = json.loads((self.data_dir / "server.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return state

    def _save_state(self, **changes: object) -> None:
        with self._state_lock:
            new = self.data_dir / "server.json.new"
            new.touch(mode=0o600)
            new.write_text(json.dumps(self._load_state() | changes))
            new.replace(self.data_dir / "server.json")

    def _secret(self, name: str, length: int = 24) -> str:
        with self._state_lock:
            if name not in self._load_state():
                self._save_state(**{name: secrets.token_hex(length)})
            return str(self._load_state()[name])

    def __enter__(self) -> Self:
        self.launch()
        self.wait_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
