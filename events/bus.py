"""Progress across processes: the bus between them with REDIS_URL, or, without it, the listeners of this process alone.

Everything but this file is independent of the broker. Another broker is a file beside `redis_bus.py`, chosen here; what
it receives goes to `CatchUp`.
"""

from typing import Protocol

from core.settings import Settings
from core.thread_pool import Threads
from events.catch_up import LoadNewer
from events.hub import Hub
from events.redis_bus import RedisBus, RedisPublisher
from events.snapshot import Snapshot


class Publisher(Protocol):
    """Tells the API servers that a job has changed: for processes without listeners. Needs no event loop."""

    def publish(self, snapshot: Snapshot) -> None:
        """Announces the version that a job has now; callable from any thread. Never raises for a lost message."""

    def close(self) -> None: ...


class Bus(Protocol):
    """Publishes to the listeners of all processes, and gives this process's hub what the others publish."""

    @property
    def is_connected(self) -> bool:
        """True while changes of all other processes are received."""

    def publish(self, snapshot: Snapshot) -> None:
        """Hands a committed state to the listeners here and announces it to the other processes; from any thread."""

    async def listen(self, load: LoadNewer) -> None:
        """Receives what other processes publish until it is cancelled; reconnects after errors."""

    async def close(self) -> None: ...


class LocalBus:
    """The bus of a service with one process: all listeners are here."""

    is_connected = True

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def publish(self, snapshot: Snapshot) -> None:
        self._hub.publish(snapshot)

    async def listen(self, load: LoadNewer) -> None:
        """Returns immediately: no other process publishes."""

    async def close(self) -> None:
        """Does nothing: there is no connection."""


def make_bus(settings: Settings, hub: Hub, threads: Threads) -> Bus:
    """Returns the bus that the settings ask for; states of other processes are loaded in `threads`."""
    if settings.redis_url is None:
        return LocalBus(hub)
    return RedisBus(settings.redis_url.get_secret_value(), hub, threads)


def make_publisher(settings: Settings) -> Publisher:
    """Returns the publisher of a worker. Raises ValueError without a broker: no listener could be reached."""
    if settings.redis_url is None:
        raise ValueError("a process without listeners publishes progress over a broker")
    return RedisPublisher(settings.redis_url.get_secret_value())
