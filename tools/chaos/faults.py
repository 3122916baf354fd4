"""The faults: each server is killed, restarted and stalled in turn, all by a power cut, and what is around them."""

import os
import random
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby

import psycopg2

from local.embedded.server import EmbeddedServer
from tests.support.server_processes import CeleryProcess, ServerProcess
from tools.chaos.hazard_faults import Fault, HazardFaults
from tools.chaos.processes import process_tree, stall
from tools.chaos.servers import Servers

Process = ServerProcess | CeleryProcess
DOWN_S, STALL_S = (0.5, 4.0), (3.0, 8.0)


class Faults:
    """Injects faults; each call blocks until the servers run again.

    Call it from one long-lived thread: a child process ends with the thread that started it.
    """

    def __init__(self, servers: Servers, rng: random.Random) -> None:
        self.longest_stop_s = 0.0
        self._servers = servers
        self._rng = rng
        self._hazards = HazardFaults(servers, rng)

    def one_round(self) -> list[Fault]:
        """Every kind of fault once, in random order."""
        servers = self._servers
        faults = [Fault("power cut: kill -9 of everything", self._cut_power)]
        faults.append(Fault("PostgreSQL backend kill -9", self._kill_backend))
        faults += [
            Fault(f"{name} kill -9", partial(self._kill, process)) for name, process in servers.processes.items()
        ]
        for name, alike in groupby(servers.processes.items(), key=lambda item: item[0].rstrip(" 0123456789")):
            faults += self._of_kind(name, [process for _, process in alike])
        for name, store in servers.stores.items():
            faults += self._of_store(name, store)
        faults += self._hazards.all()
        self._rng.shuffle(faults)
        return faults

    def _kill(self, process: Process) -> None:
        process.kill()
        self._pause()
        process.start()

    def _of_kind(self, name: str, alike: Sequence[Process]) -> list[Fault]:
        def restart() -> None:
            """Restarts one process after the other, as a release does."""
            for process in alike:
                started_at = time.monotonic()
                process.end(signal.SIGTERM, timeout_s=60)
                self.longest_stop_s = max(self.longest_stop_s, time.monotonic() - started_at)
                process.start()

        def stall_one() -> None:
            stall(self._rng.choice(alike).pid, self._rng.uniform(*STALL_S))

        return [Fault(f"{name} restart", restart), Fault(f"{name} stall", stall_one)]

    def _of_store(self, name: str, store: EmbeddedServer) -> list[Fault]:
        def kill() -> None:
            store.kill()
            self._pause()
            store.restart()

        def stall_it() -> None:
            assert store.pid is not None
            stall(store.pid, self._rng.uniform(*STALL_S))

        return [
            Fault(f"{name} kill -9", kill),
            Fault(f"{name} restart", store.restart),
            Fault(f"{name} stall", stall_it),
        ]

    def _kill_backend(self) -> None:
        """Kills one backend; PostgreSQL then closes every connection and recovers from its log."""
        pid = self._servers.postgres.pid
        assert pid is not None
        connection = psycopg2.connect(self._servers.postgres.url, connect_timeout=5)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'yousync' LIMIT 1")
            row = cursor.fetchone()
        connection.close()
        if row and row[0] in process_tree(pid):
            os.kill(row[0], signal.SIGKILL)
        self._servers.postgres.wait_ready()

    def _cut_power(self) -> None:
        stores, processes = self._servers.stores.values(), self._servers.processes.values()
        for server in (*processes, *stores):
            server.kill()
        self._pause()
        with ThreadPoolExecutor(len(stores)) as threads:
            list(threads.map(_launch, stores))
        for process in processes:
            process.start()

    def _pause(self) -> None:
        time.sleep(self._rng.uniform(*DOWN_S))


def _launch(store: EmbeddedServer) -> None:
    store.launch()
    store.wait_ready()
