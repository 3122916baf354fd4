"""Runs child processes, restarts them when they exit, and writes their output to one log."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from io import FileIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from core.settings import ROOT
from local.embedded.server import dies_with_parent, process_identity

COLOURS = {
    "postgres": "blue",
    "s3": "magenta",
    "analysis": "yellow",
    "api": "green",
    "worker": "bright_green",
    "beat": "bright_blue",
    "setup": "cyan",
}
# Polled many times a second during the start, and by monitoring: left out of the log.
HEALTH_CHECKS = re.compile(r'"GET /health/\w+')
# Signed URLs and stream tickets grant access until they expire, and are long: left out of the log.
LONG_QUERY = re.compile(r"\?[^\s\"']{40,}")
LINE_BYTES_MAX = 1 << 20
RESTARTS_MAX = 5
RESTART_WINDOW_S = 60.0
# How long the output of a process that has exited is read: a descendant that still runs may keep the pipe open.
DRAIN_S = 0.25


class ComponentFailed(Exception):
    """A component cannot continue; the message tells the user which one, and why."""


class Log:
    """Prints lines of output, each prefixed with the name of its component."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, component: str, text: str) -> None:
        if not HEALTH_CHECKS.search(text):
            text = LONG_QUERY.sub("?…", text)
            prefix = Text.assemble((f"{component:>8} | ", COLOURS.get(component, "")))
            # When the reader has exited (`make run | head`), the components must still be stopped in order.
            with contextlib.suppress(SystemExit, OSError):
                self._console.print(prefix + Text.from_ansi(text), soft_wrap=True)

    def announce(self, text: str) -> None:
        """Prints a message of the supervisor itself."""
        for line in text.splitlines():
            self.write("setup", line)


class ChildProcess:
    """One process whose output goes to the log. It has its own process group, so Ctrl-C reaches only the parent."""

    def __init__(self, name: str, arguments: Sequence[str], env: Mapping[str, str], log: Log) -> None:
        self.name = name
        self._command = [sys.executable, *arguments]
        # onnxruntime sends telemetry to its vendor unless this is set.
        self._env = {**os.environ, "PYTHONUNBUFFERED": "1", "ORT_DISABLE_TELEMETRY": "1", **env}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._last_lines: deque[str] = deque(maxlen=15)
        self._is_stopping = False

    @property
    def identity(self) -> str | None:
        return process_identity(self._process.pid) if self._process else None

    async def start(self) -> None:
        # A pipe of our own: with asyncio's, Python 3.11 reports the exit only when every descendant has closed it.
        reading, writing = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *dies_with_parent(signal.SIGTERM),
                *self._command,
                cwd=ROOT,
                env=self._env,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self._reader = asyncio.create_task(self._read(os.fdopen(reading, "rb", 0)))

    async def run(self) -> int:
        """Runs to the end; returns the exit code."""
        await self.start()
        return await self._wait_for_exit()

    async def keep_running(self, on_start: Callable[[], None]) -> None:
        """Runs until stopped; restarts after each exit. Raises ComponentFailed after RESTARTS_MAX exits in a minute."""
        exits: deque[float] = deque(maxlen=RESTARTS_MAX)
        clock = asyncio.get_running_loop().time
        while not self._is_stopping:
            await self.start()
            on_start()
            code = await self._wait_for_exit()
            if self._is_stopping:
                return
            self._kill_group()
            event = f"{self.name} {describe_exit(code)}"
            recent = [at for at in exits if at > clock() - RESTART_WINDOW_S]
            if len(recent) == RESTARTS_MAX:
                raise ComponentFailed(
                    f"{event}, {RESTARTS_MAX} times within a minute. Its last lines:\n{self.last_output}"
                )
            delay_s = 0.25 * 2 ** len(recent)
            self._log.announce(f"{event}; starting it again in {delay_s:g} s. Its last lines:\n{self.last_output}")
            exits.append(clock())
            await asyncio.sleep(delay_s)

    @property
    def last_output(self) -> str:
        return "\n".join(f"    {line}" for line in self._last_lines) or "    (no output)"

    async def stop(self, timeout_s: float) -> None:
        """Sends SIGTERM; after the timeout, SIGKILL to the whole process group."""
        self._is_stopping = True
        if self._process is None:
            return
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), timeout_s)
        self._kill_group()
        await self._wait_for_exit()

    def _kill_group(self) -> None:
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _wait_for_exit(self) -> int:
        assert self._process and self._reader
        code = await self._process.wait()
        await asyncio.wait([self._reader], timeout=DRAIN_S)
        self._reader.cancel()
        return code

    async def _read(self, pipe: FileIO) -> None:
        lines = asyncio.StreamReader(limit=LINE_BYTES_MAX)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), pipe)
        with contextlib.closing(transport):
            while True:
                try:
                    raw = await lines.readline()
                except ValueError:  # a line beyond LINE_BYTES_MAX
                    continue
                if not raw:
                    return
                line = raw.decode(errors="replace").rstrip()
                self._last_lines.append(line)
                self._log.write(self.name, line)


class LogFile:
    """A log file that another process writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = path.stat().st_size if path.exists() else 0

    def new_lines(self) -> list[str]:
        """The complete lines since the last call, or since this object was created."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._position)
                new = file.read(LINE_BYTES_MAX)
        except OSError:
            return []
        complete = new[: new.rfind(b"\n") + 1] if len(new) < LINE_BYTES_MAX else new
        self._position += len(complete)
        return complete.decode(errors="replace").splitlines()


def describe_exit(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    return f"was ended by {signal.Signals(-code).name}"
