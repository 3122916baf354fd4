"""The progress hub: `publish(snapshot)` from any thread reaches the streams of all listeners in this process.

A stream keeps only the newest state: a slow client skips states and never makes the server wait.
"""

import asyncio
import itertools
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from uuid import UUID
from weakref import WeakSet

from core.i18n import Language
from events.snapshot import Snapshot
from events.stream import HeartbeatGroup, ProgressStream
from events.transport import abort_if_unsent, set_send_timeout

# Time for clients to read their last bytes when the server stops.
_CLOSE_TIMEOUT_S = 2.0
# Heartbeat groups take turns within one heartbeat. With 10,000 streams, one group delays a report by 20 ms.
_GROUPS = 5


class Hub:
    """The streams by job. All methods but `publish` and `close_soon` belong to the event loop."""

    def __init__(
        self,
        heartbeat_s: float,
        lifetime_s: float,
        send_timeout_s: float,
        on_change: Callable[[int], None] = lambda by: None,
    ) -> None:
        """`on_change` is called with 1 for each stream that opens, and with -1 for each that ends."""
        self._on_change = on_change
        self._streams: dict[UUID, set[ProgressStream]] = {}
        self._groups = [HeartbeatGroup() for _ in range(_GROUPS)]
        self._of_user: Counter[int] = Counter()
        self._heartbeat_s = heartbeat_s
        self._lifetime_s = lifetime_s
        self.send_timeout_s = send_timeout_s
        self._closing = False
        self._transports: WeakSet[asyncio.Transport] = WeakSet()
        self._loop = asyncio.get_running_loop()

    def open_stream(self, user_id: int, job_id: UUID, language: Language) -> "ProgressStream":
        """Opens a stream. The caller then reads the current state and offers it, so that no change is missed."""
        group = self._groups[job_id.int % _GROUPS]
        stream = ProgressStream(self, group, user_id, job_id, language)
        self._streams.setdefault(job_id, set()).add(stream)
        group.add(stream)
        self._of_user[user_id] += 1
        self._on_change(1)
        return stream

    def discard(self, stream: "ProgressStream") -> None:
        streams = self._streams.get(stream.job_id, set())
        if stream not in streams:
            return
        streams.remove(stream)
        stream.group.discard(stream)
        self._on_change(-1)
        if not streams:
            del self._streams[stream.job_id]
        self._of_user[stream.user_id] -= 1
        if not self._of_user[stream.user_id]:
            del self._of_user[stream.user_id]

    def known_versions(self, changed: Mapping[UUID, int] | None = None) -> dict[UUID, int]:
        """Returns the jobs with listeners here, each with the oldest version that one of its listeners has.

        changed: jobs, each with a version; only those count that have a listener with this version or an older one.
        """
        wanted = self._streams.keys() if changed is None else changed.keys() & self._streams.keys()
        known = {job_id: min(stream.newest_version for stream in self._streams[job_id]) for job_id in wanted}
        return {id_: version for id_, version in known.items() if changed is None or version <= changed[id_]}

    def streams_of(self, user_id: int) -> int:
        return self._of_user[user_id]

    def publish(self, snapshot: Snapshot) -> None:
        """Hands a committed state to all listeners; callable from any thread."""
        with suppress(RuntimeError):  # the loop is closed, and so are all streams
            self._loop.call_soon_threadsafe(self._offer, snapshot)

    def _offer(self, snapshot: Snapshot) -> None:
        for stream in tuple(self._streams.get(snapshot.job_id, ())):
            stream.offer(snapshot)

    async def beat(self) -> None:
        """Runs the one timer of all streams: sends heartbeats and ends streams after their lifetime.

        The groups take turns within one heartbeat: all at once would delay a report behind thousands of writes.
        """
        pause_s = self._heartbeat_s / _GROUPS
        for group in itertools.cycle(self._groups):
            await asyncio.sleep(pause_s)
            group.beat(time.monotonic() - self._lifetime_s)

    def close_soon(self) -> None:
        """Ends every stream, so that the server can stop; clients reconnect. Callable from a signal handler."""
        self._loop.call_soon_threadsafe(self._close)

    def _close(self) -> None:
        self._closing = True
        for stream in self._all():
            stream.end()
        # uvicorn waits for a connection with unsent bytes, also after its stream has ended.
        self._loop.call_later(_CLOSE_TIMEOUT_S, self._cut)

    def _cut(self) -> None:
        for transport in self._transports:
            abort_if_unsent(transport)

    def hold(self, transport: asyncio.Transport) -> None:
        """Registers the connection of a stream, and sets the kernel's send time-out on it."""
        set_send_timeout(transport, self.send_timeout_s)
        self._transports.add(transport)

    def _all(self) -> "list[ProgressStream]":
        return [stream for streams in self._streams.values() for stream in streams]

    @property
    def is_closing(self) -> bool:
        return self._closing


def close_on_termination(hub: Hub) -> None:
    """Ends all streams at SIGTERM and SIGINT: uvicorn waits for open responses before it ends lifespan."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def handle(signal_number: int, frame: FrameType | None, before: object = before) -> None:
            hub.close_soon()
            if callable(before):
                before(signal_number, frame)

        signal.signal(number, handle)
