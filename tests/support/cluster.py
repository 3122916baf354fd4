"""What turns API servers into a cluster: a real Redis, and the workers that share it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.embedded import EmbeddedValkey
from tests.support.fake_analysis_server import wait_until
from tests.support.server_processes import CeleryProcess, ServerProcess


@dataclass
class Workers:
    """Workers and their clock, beside an API server whose database and store they share."""

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

    def wait_until_they_serve(self) -> None:
        wait_until(lambda: "workers are running" in self.api.log, timeout_s=60)

    def _env(self, name: str) -> dict[str, str]:
        """A machine of its own: it cannot see the recordings that wait at the API server."""
        return {**self.api.env, "SPOOL_DIR": str(self.folder / f"spool-{name}"), **self.settings}


@contextmanager
def workers(api: ServerProcess, folder: Path, **settings: str) -> Iterator[Workers]:
    """Starts a worker and the clock, and waits until the API server knows of them; ends all."""
    with ExitStack() as stack:
        team = Workers(api, folder, settings)
        stack.callback(team.kill)
        team.add()
        team.beat.start()
        team.wait_until_they_serve()
        yield team


@contextmanager
def valkey(folder: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(folder / "valkey") as server:
        yield server
