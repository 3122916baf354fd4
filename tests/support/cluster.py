"""The processes of a cluster besides its API servers: a real Redis, workers and beat."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.embedded import EmbeddedValkey
from tests.support.server_processes import CeleryProcess, ServerProcess
from tests.support.waiting import wait_until


@dataclass
class Workers:
    """Workers and beat, which use the database and the store of an API server."""

    api: ServerProcess
    folder: Path
    settings: dict[str, str]
    beat: CeleryProcess = field(init=False)
    made: list[CeleryProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.beat = CeleryProcess("-A tasks.worker beat", self._env("beat"), self.folder / "beat.log")

    def add(self) -> CeleryProcess:
        name = f"worker-{len(self.made)}"
        words = f"-A tasks.worker worker --concurrency 2 --hostname {name}@%h --without-gossip --without-mingle"
        worker = CeleryProcess(words, self._env(name), self.folder / f"{name}.log")
        self.made.append(worker)
        return worker.start()

    def kill(self) -> None:
        for process in (*self.made, self.beat):
            process.kill()

    def start_ended(self) -> None:
        """Starts processes that have exited again, as every supervisor of workers does.

        A worker of Celery 5.7 exits when the broker dies between the delivery of a task and its acknowledgement.
        """
        for process in (*self.made, self.beat):
            if process.has_ended:
                process.start()

    def wait_until_they_serve(self) -> None:
        wait_until(lambda: "workers are running" in self.api.log, timeout_s=60)

    def _env(self, name: str) -> dict[str, str]:
        """Returns the environment of a worker with a separate spool, without the files of the API server's spool."""
        return {**self.api.env, "SPOOL_DIR": str(self.folder / f"spool-{name}"), **self.settings}


@contextmanager
def workers(api: ServerProcess, folder: Path, **settings: str) -> Iterator[Workers]:
    """Starts a worker and beat, waits until the API server has received their heartbeat, and kills all at the end."""
    started = Workers(api, folder, settings)
    with ExitStack() as cleanup:
        cleanup.callback(started.kill)
        started.add()
        started.beat.start()
        started.wait_until_they_serve()
        yield started


@contextmanager
def valkey(folder: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(folder / "valkey") as server:
        yield server
