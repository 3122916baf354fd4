"""A fixed number of child processes, each serving one call at a time; a hung or dead one is replaced.

asyncio subprocesses instead of concurrent.futures: a call that times out must kill exactly its own process, and one
dead process must not break the whole pool.
"""

import asyncio
import contextlib
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Final

from analysis.processes import ipc
from analysis.processes.ipc import Header, Message, MessageType, Role
from analysis.stages import Stage

log = logging.getLogger(__name__)

OnStage = Callable[[Stage], None]

_START_TIMEOUT_S: Final = 60.0
_RESTART_DELAY_S: Final = 0.5
# Errors of a dead process's pipes; uvloop raises RuntimeError when the pipe is closed already.
_PIPE_ERRORS: Final = (asyncio.IncompleteReadError, ConnectionError, ValueError, RuntimeError)
_INHERITED_VARIABLES: Final = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "VIRTUAL_ENV")
THREAD_VARIABLES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class ProcessCrashedError(Exception):
    """The process died during the call."""


class CallTimeoutError(Exception):
    """The call took too long; its process was killed."""


class _NotReceivedError(Exception):
    """The process died before it received the request."""


class PoolClosedError(Exception):
    """The server is shutting down."""


class ProcessPool:
    """Runs calls on child processes of one role: `await pool.call(header, blob, timeout_s)` uses the next idle one.

    `memory_bytes` limits the address space of each process.
    """

    def __init__(self, role: Role, size: int, memory_bytes: int) -> None:
        self.role = role
        self.size = size
        self._memory_bytes = memory_bytes
        self._idle: asyncio.Queue[Process] = asyncio.Queue()
        self._processes: set[Process] = set()
        self._supervisors: list[asyncio.Task[None]] = []
        self._closing = asyncio.Event()
        self._ready = 0

    @property
    def ready(self) -> int:
        """The number of processes that are warmed up, idle or busy."""
        return self._ready

    @property
    def pids(self) -> list[int]:
        """Process ids, for operators and tests."""
        return [process.pid for process in self._processes]

    def start(self) -> None:
        """Starts all processes in the background."""
        self._supervisors = [asyncio.create_task(self._supervise()) for _ in range(self.size)]

    def stop(self) -> None:
        """Kills all processes; calls in flight and later ones end with PoolClosedError."""
        self._closing.set()
        for process in self._processes:
            _kill(process)

    async def close(self) -> None:
        """Stops, and waits until no process is left."""
        self.stop()
        for supervisor in self._supervisors:
            supervisor.cancel()
        await asyncio.gather(*self._supervisors, return_exceptions=True)
        await asyncio.gather(*(_end(process) for process in list(self._processes)))

    async def call(self, header: Header, blob: bytes, timeout_s: float, on_stage: OnStage | None = None) -> Message:
        """Sends one request and returns the response.

        Raises ProcessCrashedError, CallTimeoutError or PoolClosedError. Cancelling kills the busy process.
        A request that its process did not receive, because that was dead already, goes to the next process.
        """
        message = ipc.pack(header, blob)
        for _ in range(self.size + 1):
            with contextlib.suppress(_NotReceivedError):
                return await self._exchange(message, timeout_s, on_stage)
        raise ProcessCrashedError

    async def _exchange(self, message: bytes, timeout_s: float, on_stage: OnStage | None) -> Message:
        process = await self._acquire()
        healthy = received = False
        try:
            async with asyncio.timeout(timeout_s):
                await _write(process, message)
                received = (await _read(process))[0]["type"] == MessageType.RECEIVED
                response = await _read_response(process, on_stage)
            healthy = True
        except TimeoutError as error:
            raise CallTimeoutError from error
        except _PIPE_ERRORS as error:
            if self._closing.is_set():
                raise PoolClosedError from error
            raise (ProcessCrashedError if received else _NotReceivedError) from error
        finally:
            if healthy:
                self._idle.put_nowait(process)
            else:
                _kill(process)
        return response

    async def _acquire(self) -> Process:
        """Returns the next idle process that is alive."""
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

    async def _supervise(self) -> None:
        """Keeps one process of the pool running: starts it, waits until it ends for any reason, starts the next."""
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
            self._processes.discard(process)
            if not self._closing.is_set():
                log.warning("%s process ended (%s); starting another", self.role, process.returncode)

    async def _spawn(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "analysis.processes.child", self.role, str(os.getpid()), str(self._memory_bytes)),
            stdin=PIPE,
            stdout=PIPE,
            env=_environment(),
        )
        self._processes.add(process)
        return process


async def _is_warm(process: Process) -> bool:
    """Waits for the process to report that its models are loaded; False when it dies or takes too long."""
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            await _read(process)
    except (TimeoutError, *_PIPE_ERRORS):
        return False
    return True


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


async def _end(process: Process) -> None:
    _kill(process)
    await process.wait()


def _environment() -> dict[str, str]:
    """Returns the variables that a child process needs, and no others: it opens untrusted files and gets no secret.

    One thread per process, set before numpy is imported: results are equal on all machines, and the processes do not
    compete for CPUs.
    """
    inherited = {name: os.environ[name] for name in _INHERITED_VARIABLES if name in os.environ}
    package_parent = str(Path(__file__).resolve().parents[2])
    threads = dict.fromkeys(THREAD_VARIABLES, "1")
    return {**inherited, **threads, "PYTHONPATH": package_parent, "PYTHONHASHSEED": "0"}


async def _write(process: Process, message: bytes) -> None:
    if process.stdin is None:
        raise ConnectionError("the process has no pipes")
    process.stdin.write(message)
    await process.stdin.drain()


async def _read(process: Process) -> Message:
    if process.stdout is None:
        raise ConnectionError("the process has no pipes")
    return await ipc.receive(process.stdout)


async def _read_response(process: Process, on_stage: OnStage | None) -> Message:
    """Reads until the message that is not progress."""
    while True:
        header, blob = await _read(process)
        if header["type"] != MessageType.PROGRESS:
            return header, blob
        if on_stage:
            on_stage(Stage(header["stage"]))
