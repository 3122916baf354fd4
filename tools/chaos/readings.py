"""Readings of all processes of a run, and of what the servers keep: connections, files and objects."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2

from tools.chaos.audit import list_objects
from tools.chaos.servers import Servers

MB = 1_000_000
POSTGRESQL, STORE = "PostgreSQL", "S3 store"
# Child processes by a word of their command line.
CHILD_ROLES = {
    "audio_probe": "audio checks",
    "clip_cutting": "clip cutting",
    "processes.child engine": "analysis engines",
    "processes.child decoder": "analysis decoders",
}
BACKENDS_SQL = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'yousync'"


@dataclass(frozen=True)
class ProcessReading:
    """One process at one moment. `memory_mb` is its RSS; in PostgreSQL without the shared memory of all backends."""

    role: str
    pid: int
    started_at: float
    memory_mb: float
    descriptors: int
    threads: int
    connections: int
    cpu_s: float


@dataclass(frozen=True)
class Sample:
    """All processes at one moment, `at_s` seconds after the start, and the counts of the whole service."""

    at_s: float
    processes: tuple[ProcessReading, ...]
    counts: dict[str, int]

    @property
    def roles(self) -> dict[str, list[ProcessReading]]:
        roles: dict[str, list[ProcessReading]] = {}
        for process in self.processes:
            roles.setdefault(process.role, []).append(process)
        return roles


def take_sample(servers: Servers, started: float) -> Sample:
    """Reads everything; `started` is the time.monotonic() of the start. Takes some tenths of a second."""
    at_s = time.monotonic() - started
    return Sample(at_s, tuple(_read_processes(servers)), _count(servers))


def _read_processes(servers: Servers) -> Iterator[ProcessReading]:
    for name, server in (*servers.stores.items(), *servers.processes.items()):
        if server.pid is None or not psutil.pid_exists(server.pid):
            continue
        root = psutil.Process(server.pid)
        yield from _read(name, [root])
        yield from _read(name, root.children(recursive=True), are_children=True)


def _read(name: str, processes: Iterable[psutil.Process], *, are_children: bool = False) -> Iterator[ProcessReading]:
    for process in processes:
        try:
            with process.oneshot():
                role = _child_role(name, process) if are_children else name
                yield _read_one(role, process)
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue  # it ended while it was read


def _child_role(parent: str, process: psutil.Process) -> str:
    if parent in (POSTGRESQL, STORE):
        return parent
    command = " ".join(process.cmdline())
    return next((role for word, role in CHILD_ROLES.items() if word in command), f"other children of the {parent}")


def _read_one(role: str, process: psutil.Process) -> ProcessReading:
    memory, cpu = process.memory_info(), process.cpu_times()
    # Each backend counts the pages of shared_buffers that it has touched, as long as it lives.
    shared = memory.shared if role == POSTGRESQL else 0
    connections = process.net_connections("tcp")
    return ProcessReading(
        role=role,
        pid=process.pid,
        started_at=process.create_time(),
        memory_mb=(memory.rss - shared) / MB,
        descriptors=process.num_fds(),
        threads=process.num_threads(),
        connections=sum(connection.status == psutil.CONN_ESTABLISHED for connection in connections),
        cpu_s=cpu.user + cpu.system,
    )


def _count(servers: Servers) -> dict[str, int]:
    with closing(psycopg2.connect(servers.postgres.url)) as connection, connection.cursor() as cursor:
        cursor.execute(BACKENDS_SQL)
        (backends,) = cursor.fetchone() or (0,)
    return {
        "PostgreSQL backends": int(backends),
        "files in the spool": _count_files(servers.spools),
        "files in temporary folders": _count_files(servers.temporary),
        "recordings in the store": len(list_objects(servers)),
    }


def _count_files(folders: Iterable[Path]) -> int:
    return sum(len(files) for folder in folders for _, _, files in os.walk(folder))
