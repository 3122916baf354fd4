"""The surroundings of a run's servers that can be made to fail: the network between them, clocks, disks and fsync."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from local.embedded import EmbeddedPostgres
from tests.support import wrong_clock
from tests.support.small_disks import small_disk
from tests.support.wrong_clock import WrongClock
from tools.chaos.network import Link, forwarding
from tools.chaos.slow_disk import PreloadedPostgres, SlowFsync

DISK_BYTES = 512 << 20


class NoHazards:
    """Servers that reach each other directly, with the time and the disk of this machine."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}
        self.clocks: dict[str, WrongClock] = {}
        self.disks: dict[str, Path] = {}
        self.fsync: SlowFsync | None = None
        self.left_out: list[str] = []

    def postgres(self, folder: Path) -> EmbeddedPostgres:
        """Returns the PostgreSQL of the run, not started, with its data in `folder`."""
        return EmbeddedPostgres(folder)

    def limit_disk(self, name: str, folder: Path) -> None:
        """Gives a server a disk of its own at `folder`, before its start."""

    def clock(self, name: str) -> Mapping[str, str]:
        """Returns the environment variables by which a process has a clock of its own."""
        return {}

    def connect(self, ports: Mapping[str, int]) -> None:
        """Puts a network before servers, which are given by name; other processes then use `through`."""

    def through(self, url: str) -> str:
        """Returns the address by which other processes reach the server at `url`."""
        return url


class Hazards(NoHazards):
    """All hazards that this machine permits; `left_out` names the others."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """`folder` keeps their files; `stack` ends them after the servers, if it gets the servers later."""
        super().__init__()
        self._folder, self._stack = folder, stack
        fsync = SlowFsync(folder)
        if fsync.is_available:
            self.fsync = fsync
        else:
            self.left_out.append("slow fsync: no C compiler")
        if not wrong_clock.IS_AVAILABLE:
            self.left_out.append("clock jumps: libfaketime is for Linux")

    def postgres(self, folder: Path) -> EmbeddedPostgres:
        self.limit_disk("PostgreSQL", folder)
        return PreloadedPostgres(folder, self.fsync.environment if self.fsync else {})

    def limit_disk(self, name: str, folder: Path) -> None:
        if self._stack.enter_context(small_disk(folder, DISK_BYTES)):
            self.disks[name] = folder
        else:
            self.left_out.append(f"{name} disk full: this user may not mount a disk")

    def clock(self, name: str) -> Mapping[str, str]:
        if not wrong_clock.IS_AVAILABLE:
            return {}
        self.clocks[name] = WrongClock(self._folder / f"{name.replace(' ', '-')}.clock", "+0", is_cached=True)
        return self.clocks[name].environment

    def connect(self, ports: Mapping[str, int]) -> None:
        self.links = {name: Link(port) for name, port in ports.items()}
        self._stack.enter_context(forwarding(*self.links.values()))

    def through(self, url: str) -> str:
        for link in self.links.values():
            url = url.replace(f"127.0.0.1:{link.to_port}", f"127.0.0.1:{link.port}")
        return url
