"""A fixed number of worker processes, each doing one call at a time; a hung or dead one is replaced.

asyncio subprocesses instead of concurrent.futures: a call that times out must be able to kill exactly its own
process, and one dead process must not break the whole pool.
"""

import asyncio
import contextlib
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.processes import ipc
from analysis.processes.ipc import Header

log = logging.getLogger(__name__)

_START_TIMEOUT_S = 60.0
_RESTART_DELAY_S = 0.5
# How a dead process shows itself; uvloop says RuntimeError when its pipe is closed already.
_GONE = (asyncio.IncompleteReadError, ConnectionError, ValueError, RuntimeError)
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "VIRTUAL_ENV")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class WorkerCrashedError(Exception):
    """The process died during the call."""


class WorkerTimeoutError(Exception):
    """The call took too long; its process was killed."""


class _NotTakenError(Exception):
    """The process was gone before it took the request."""


class PoolClosedError(Exception):
    """The server is shutting down."""


@dataclass(frozen=True)
class Role:
    """What the processes of a pool are for: `decoder` or `engine`, and their limit of address space."""

    name: str
    memory_bytes: int


class WorkerPool:
    """`await pool.call(header, blob, timeout_s)` runs on the next idle process."""

    def __init__(self, role: Role, size: int) -> None:
        self.role = role
        self.size = size
        self._idle: asyncio.Queue[Process] = asyncio.Queue()
        self._all: set[Process] = set()
        self._keepers: list[asyncio.Task[None]] = []
        self._closing = asyncio.Event()
        self._ready = 0

    @property
    def ready(self) -> int:
        """Processes that are warmed up, idle or at work."""
        return self._ready

    @property
    def pids(self) -> list[int]:
        """Process ids, for operators and tests."""
        return [process.pid for process in self._all]

    def start(self) -> None:
        """Starts all processes in the background."""
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(self.size)]

    def stop(self) -> None:
        """Kills all processes; calls in flight and later ones end with PoolClosedError."""
        self._closing.set()
        for process in self._all:
            _kill(process)

    async def close(self) -> None:
        """Stops, and waits until no process is left."""
        self.stop()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.gather(*(_end(process) for process in list(self._all)))

    async def call(
        self,
        header: Header,
        blob: bytes,
        timeout_s: float,
        on_progress: Callable[[str, int], None] | None = None,
    ) -> tuple[Header, bytes]:
        """Sends one request and returns the answer.

        Raises WorkerCrashedError, WorkerTimeoutError or PoolClosedError. Cancelling kills the process at work.
        A process that was dead before it took the request says nothing about the request: the next one gets it.
        """
        message = ipc.pack(header, blob)
        for _ in range(self.size + 1):
            with contextlib.suppress(_NotTakenError):
                return await self._exchange(message, timeout_s, on_progress)
        raise WorkerCrashedError

    async def _exchange(
        self, message: bytes, timeout_s: float, on_progress: Callable[[str, int], None] | None
    ) -> tuple[Header, bytes]:
        process = await self._acquire()
        healthy = taken = False
        try:
            async with asyncio.timeout(timeout_s):
                await _write(process, message)
                taken = (await _read(process))[0]["type"] == "taken"
                answer = await _converse(process, on_progress)
            healthy = True
        except TimeoutError as error:
            raise WorkerTimeoutError from error
        except _GONE as error:
            if self._closing.is_set():
                raise PoolClosedError from error
            raise (WorkerCrashedError if taken else _NotTakenError) from error
        finally:
            if healthy:
                self._idle.put_nowait(process)
            else:
                _kill(process)
        return answer

    async def _acquire(self) -> Process:
        """The next idle process that is alive."""
        while True:
            process = await self._next_idle()
            if process.returncode is None and process.stdin and not process.stdin.is_closing():
                return process

    async def _next_idle(self) -> Process:
        getting = asyncio.ensure_future(self._idle.get())
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({getting, closing}, return_when=asyncio.FIRST_COMPLETED)
            if self._closing.is_set():
                raise PoolClosedError
            return getting.result()
        except asyncio.CancelledError:
            if getting.done() and not getting.cancelled():
                self._idle.put_nowait(getting.result())
            raise
        finally:
            getting.cancel()
            closing.cancel()

    async def _keep(self) -> None:
        """Keeps one place filled: starts a process, waits until it ends for whatever reason, starts another."""
        while not self._closing.is_set():
            process = await self._spawn()
            if await _is_warm(process):
                self._ready += 1
                self._idle.put_nowait(process)
                await process.wait()
                self._ready -= 1
            else:
                await _end(process)
                await asyncio.sleep(_RESTART_DELAY_S)
            self._all.discard(process)
            if not self._closing.is_set():
                log.warning("a %s process ended (%s); starting another", self.role.name, process.returncode)

    async def _spawn(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "analysis.processes.worker", self.role.name, str(os.getpid()), str(self.role.memory_bytes)),
            stdin=PIPE,
            stdout=PIPE,
            env=_environment(),
        )
        self._all.add(process)
        return process


async def _is_warm(process: Process) -> bool:
    """Waits for the process to report that its models are loaded."""
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            await _read(process)
    except (TimeoutError, *_GONE):
        return False
    return True


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


async def _end(process: Process) -> None:
    _kill(process)
    await process.wait()


def _environment() -> dict[str, str]:
    """What a worker needs to run, and nothing else: no secret reaches the process that opens strangers' files.

    One thread per process, set before numpy is imported: results are equal everywhere, and processes do not fight.
    """
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    package_parent = str(Path(__file__).resolve().parents[2])
    return {**kept, **dict.fromkeys(_THREADS, "1"), "PYTHONPATH": package_parent, "PYTHONHASHSEED": "0"}


async def _write(process: Process, message: bytes) -> None:
    if process.stdin is None:
        raise ConnectionError("the process has no pipes")
    process.stdin.write(message)
    await process.stdin.drain()


async def _read(process: Process) -> tuple[Header, bytes]:
    if process.stdout is None:
        raise ConnectionError("the process has no pipes")
    return await ipc.receive(process.stdout)


async def _converse(process: Process, on_progress: Callable[[str, int], None] | None) -> tuple[Header, bytes]:
    """Reads until an answer that is not progress."""
    while True:
        header, blob = await _read(process)
        if header["type"] != "progress":
            return header, blob
        if on_progress:
            on_progress(header["stage"], header["progress"])
