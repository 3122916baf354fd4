"""Child processes in one readable log: their lines, their deaths, their end."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from local.embedded.server import dies_with_parent, process_identity

ROOT = Path(__file__).resolve().parent.parent
COLOURS = {
    "postgres": "blue",
    "s3": "magenta",
    "analysis": "yellow",
    "api": "green",
    "worker": "bright_green",
    "clock": "bright_blue",
    "setup": "cyan",
}
# The start and anyone's monitoring ask for these every moment.
HEALTH_CHECKS = re.compile(r'"GET /health/\w+')
# Signed URLs and stream tickets open doors for a while, and their length drowns the log.
LONG_QUERY = re.compile(r"\?[^\s\"']{40,}")
LINE_BYTES_MAX = 1 << 20
RESTARTS_MAX = 5
CALM_AFTER_S = 60.0


class PartFailed(Exception):
    """A part cannot go on; the message says which and why in plain words."""


class Log:
    """One line of output at a time, after the name of the part that says it."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def line(self, part: str, text: str) -> None:
        if not HEALTH_CHECKS.search(text):
            text = LONG_QUERY.sub("?…", text)
            prefix = Text.assemble((f"{part:>8} | ", COLOURS.get(part, "")))
            # A reader that went away (`make run | head`) must not keep the parts from being stopped in order.
            with contextlib.suppress(SystemExit, OSError):
                self._console.print(prefix + Text.from_ansi(text), soft_wrap=True)

    def say(self, text: str) -> None:
        for line in text.splitlines():
            self.line("setup", line)


class Child:
    """One process whose output goes into the log. It lives in a group of its own, so Ctrl-C reaches only us."""

    def __init__(self, name: str, words: Sequence[str], env: Mapping[str, str], log: Log) -> None:
        self.name = name
        self._words = [sys.executable, *words]
        # onnxruntime reports its use to its maker unless told otherwise.
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
        self._process = await asyncio.create_subprocess_exec(
            *dies_with_parent(signal.SIGTERM),
            *self._words,
            cwd=ROOT,
            env=self._env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=LINE_BYTES_MAX,
        )
        assert self._process.stdout
        self._reader = asyncio.create_task(self._read(self._process.stdout))

    async def run(self) -> int:
        """Run to the end; return the exit code."""
        await self.start()
        return await self._ended()

    async def keep_running(self, on_start: Callable[[], None]) -> None:
        """Run until stopped; start again after a death. Raises PartFailed when it dies again and again."""
        deaths: deque[float] = deque(maxlen=RESTARTS_MAX)
        clock = asyncio.get_running_loop().time
        while not self._is_stopping:
            await self.start()
            on_start()
            code = await self._ended()
            if self._is_stopping:
                return
            self._sweep_group()
            what = f"{self.name} {describe_end(code)}"
            recent = [death for death in deaths if death > clock() - CALM_AFTER_S]
            if len(recent) == RESTARTS_MAX:
                raise PartFailed(f"{what}, {RESTARTS_MAX} times within a minute. Its last lines:\n{self.last_words}")
            delay_s = 0.25 * 2 ** len(recent)
            self._log.say(f"{what}; starting it again in {delay_s:g} s. Its last lines:\n{self.last_words}")
            deaths.append(clock())
            await asyncio.sleep(delay_s)

    @property
    def last_words(self) -> str:
        return "\n".join(f"    {line}" for line in self._last_lines) or "    (it said nothing)"

    async def stop(self, patience_s: float) -> None:
        """SIGTERM, and when patience is at an end, SIGKILL to it and all that it started."""
        self._is_stopping = True
        if self._process is None:
            return
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), patience_s)
        self._sweep_group()
        await self._ended()

    def _sweep_group(self) -> None:
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _ended(self) -> int:
        assert self._process and self._reader
        code = await self._process.wait()
        # A grandchild that outlives it may keep the pipe open.
        await asyncio.wait([self._reader], timeout=0.5)
        self._reader.cancel()
        return code

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                raw = await stream.readline()
            except ValueError:  # a line beyond LINE_BYTES_MAX
                continue
            if not raw:
                return
            line = raw.decode(errors="replace").rstrip()
            self._last_lines.append(line)
            self._log.line(self.name, line)


class LogFile:
    """A log file that somebody else writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = path.stat().st_size if path.exists() else 0

    def new_lines(self) -> list[str]:
        """The complete lines since the last call, or since the beginning of this object."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._position)
                new = file.read(LINE_BYTES_MAX)
        except OSError:
            return []
        complete = new[: new.rfind(b"\n") + 1] if len(new) < LINE_BYTES_MAX else new
        self._position += len(complete)
        return complete.decode(errors="replace").splitlines()


def describe_end(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    return f"was ended by {signal.Signals(-code).name}"
