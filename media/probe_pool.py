"""A few processes that look into recordings, each into one at a time; a crashed process is replaced."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from media.isolated_process import IsolatedProcess, ProcessFailed

PROCESSES = 2
PROBE_TIMEOUT_S = 15.0
_SCRIPT = Path(__file__).with_name("audio_probe.py")
# Requests that are sent before the first reply is read: far less than the buffer of a socket holds.
_REQUESTS_AHEAD = 16


class ProbePool:
    """Sends requests to idle processes; callable from any thread. Starts no process before it is needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_closed = False
        self._processes: set[IsolatedProcess] = set()
        self._idle: SimpleQueue[IsolatedProcess | None] = SimpleQueue()
        for _ in range(PROCESSES):
            self._idle.put(None)
        # Linux ends a process with the thread that started it; threads of requests end after a few idle seconds.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="audio-probes")

    @property
    def pids(self) -> set[int]:
        return {process.pid for process in self._processes}

    def warm_up(self) -> None:
        """Starts all processes. Raises RuntimeError when they do not start."""
        processes = [self._idle.get() or self._replace(None) for _ in range(PROCESSES)]
        for process in processes:
            _wait_ready(process)
            self._idle.put(process)

    def probe_all(self, requests: Sequence[bytes]) -> list[bytes | None]:
        """Returns the reply to each request; None where the process crashed or took longer than PROBE_TIMEOUT_S."""
        replies: list[bytes | None] = []
        if not requests:
            return replies
        process = self._idle.get()
        try:
            while len(replies) < len(requests):
                if process is None or not process.is_alive:
                    process = self._replace(process)
                _wait_ready(process)
                batch = requests[len(replies) : len(replies) + _REQUESTS_AHEAD]
                received = _ask(process, batch)
                if received is None:
                    process = self._replace(process)
                    continue
                replies += received
                if len(received) < len(batch):
                    replies.append(None)
                    process = self._replace(process)
            return replies
        finally:
            self._give_back(process)

    def close(self) -> None:
        """Ends all processes; what is being looked into by one is undecodable."""
        with self._lock:
            self._is_closed = True
            for process in self._processes:
                process.kill()
        for _ in range(PROCESSES):
            with suppress(Empty):
                self._give_back(self._idle.get_nowait())
        self._starter.shutdown()

    def _replace(self, process: IsolatedProcess | None) -> IsolatedProcess:
        with self._lock:
            if process:
                process.close()
                self._processes = self._processes - {process}
            if self._is_closed:
                raise RuntimeError("the checker of recordings is closed")
            fresh = self._starter.submit(IsolatedProcess, _SCRIPT).result()
            self._processes = self._processes | {fresh}
            return fresh

    def _give_back(self, process: IsolatedProcess | None) -> None:
        if process and self._is_closed:
            process.close()
            process = None
        self._idle.put(process)


def _wait_ready(process: IsolatedProcess) -> None:
    try:
        process.wait_ready()
    except ProcessFailed as error:
        raise RuntimeError("the process that probes recordings does not start") from error


def _ask(process: IsolatedProcess, requests: Sequence[bytes]) -> list[bytes] | None:
    """Returns the replies up to the first request that the process does not survive, or that takes it too long; None
    when it was dead before it was asked, which is no fault of a recording.
    """
    try:
        process.send(requests[0], PROBE_TIMEOUT_S)
    except ProcessFailed:
        return None
    replies: list[bytes] = []
    with suppress(ProcessFailed):
        for request in requests[1:]:
            process.send(request, PROBE_TIMEOUT_S)
        for _ in requests:
            replies.append(process.receive(PROBE_TIMEOUT_S))
    return replies
