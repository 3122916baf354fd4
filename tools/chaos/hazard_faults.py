"""The faults around the servers: a bad network, clock jumps, full disks, slow fsync."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

import psycopg2

from local.embedded import EmbeddedPostgres
from local.embedded.server import EmbeddedServer
from tests.support.small_disks import filled
from tests.support.wrong_clock import WrongClock
from tools.chaos.network import BAD, CUT, RESET, Link
from tools.chaos.servers import Servers
from tools.chaos.slow_disk import SlowFsync

HAZARD_S = (2.0, 5.0)
JUMPS = ("+10m", "-10m")
FSYNC_MS = (200, 800)
# A store that found its disk full looks again once a minute.
RECOVERY_S = 120.0
# More than PostgreSQL keeps of its log in advance (min_wal_size 80 MB in segments of 16 MB).
WAL_SEGMENTS = 8


@dataclass(frozen=True)
class Fault:
    """A fault and the function that injects it."""

    name: str
    inject: Callable[[], None]


class HazardFaults:
    """Makes each hazard of the servers happen for some seconds; each call blocks until it is over."""

    def __init__(self, servers: Servers, rng: random.Random) -> None:
        self._servers, self._rng = servers, rng

    def all(self) -> Iterator[Fault]:
        """Every fault that this machine permits."""
        hazards = self._servers.hazards
        for name, link in hazards.links.items():
            yield Fault(f"{name} network: packet loss, delay and a reset", partial(self._disturb, link))
            yield Fault(f"{name} network: cut", partial(self._cut, link))
        for kind, names in groupby(hazards.clocks, key=lambda name: name.rstrip(" 0123456789")):
            clock = hazards.clocks[self._rng.choice(list(names))]
            yield Fault(f"{kind} clock jumps 10 min forth and back", partial(self._jump, clock))
        for name, folder in hazards.disks.items():
            yield Fault(f"{name} disk full", partial(self._fill, folder, self._servers.stores[name]))
        if "PostgreSQL" in hazards.disks:
            yield Fault("PostgreSQL disk full for its log", partial(self._fill_log, hazards.disks["PostgreSQL"]))
        if hazards.fsync:
            yield Fault("PostgreSQL slow fsync", partial(self._slow_down, hazards.fsync))

    def _last(self) -> None:
        time.sleep(self._rng.uniform(*HAZARD_S))

    def _disturb(self, link: Link) -> None:
        with link.in_state(BAD):
            self._last()
            link.set(RESET)
            self._last()

    def _cut(self, link: Link) -> None:
        """Lets nothing pass, then passes on what was sent or, as often, resets the connections."""
        with link.in_state(CUT):
            self._last()
            if self._rng.randrange(2):
                link.set(RESET)

    def _jump(self, clock: WrongClock) -> None:
        for offset in self._rng.sample(JUMPS, k=len(JUMPS)):
            clock.set(offset)
            self._last()
            clock.set("+0")

    def _fill(self, folder: Path, store: EmbeddedServer) -> None:
        with filled(folder):
            self._last()
        store.wait_ready(RECOVERY_S)

    def _fill_log(self, folder: Path) -> None:
        """Fills the disk, and makes PostgreSQL need new segments of its log: it ends, and cannot start until later."""
        postgres = self._servers.postgres
        with filled(folder):
            use_up_log(postgres)
            self._last()
        postgres.wait_ready(RECOVERY_S)

    def _slow_down(self, fsync: SlowFsync) -> None:
        with fsync.slower_by(self._rng.randint(*FSYNC_MS)):
            self._last()


def use_up_log(postgres: EmbeddedPostgres) -> None:
    """Begins a new segment of the log WAL_SEGMENTS times, or until PostgreSQL ends."""
    with suppress(psycopg2.Error), closing(psycopg2.connect(postgres.url, connect_timeout=5)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for _ in range(WAL_SEGMENTS):
                cursor.execute("SELECT pg_logical_emit_message(false, 'chaos', 'x'), pg_switch_wal()")
