"""Servers that all pytest-xdist workers of one run share: the first worker that needs one starts it.

Each user holds a shared lock on a file. The worker that started the server stops it once it gets the exclusive lock,
so when no other worker uses the server any more. The lock of a crashed worker is released by the kernel.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from local.embedded import EmbeddedPostgres, EmbeddedS3
from tests.support.server_processes import ServerProcess

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
WORKER_NUMBER = int(WORKER.removeprefix("gw"))
Description = dict[str, Any]


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Returns the folder that all workers of one run share."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def shared(folder: Path, name: str, start: Callable[[], AbstractContextManager[Description]]) -> Iterator[Description]:
    """Yields the description (JSON) of the server `name`, started by `start`; it runs at least as long as the block."""
    path = folder / f"{name}.json"
    with (folder / f"{name}.users").open("a") as users, ExitStack() as server:
        with (folder / f"{name}.start").open("a") as one_at_a_time:
            fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
            # Waits while the server is being stopped; its description is deleted after that.
            fcntl.flock(users, fcntl.LOCK_SH)
            if not path.exists():
                path.write_text(json.dumps(server.enter_context(start())))
                server.callback(_end_use, path, users)
        yield json.loads(path.read_text())


def _end_use(path: Path, users: IO[str]) -> None:
    """Waits until no other worker uses the server, and keeps new ones out until the lock file is closed."""
    fcntl.flock(users, fcntl.LOCK_EX)
    path.unlink()


@contextmanager
def shared_postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL for all workers."""

    @contextmanager
    def start() -> Iterator[Description]:
        with EmbeddedPostgres(folder / "postgres", durable=False) as server:
            yield {"port": server.port}

    with shared(folder, "postgres", start) as description:
        server = EmbeddedPostgres(folder / "postgres", durable=False)
        server.port = description["port"]
        yield server


@contextmanager
def shared_s3(folder: Path) -> Iterator[EmbeddedS3]:
    """One store for all workers, with one bucket for each."""

    @contextmanager
    def start() -> Iterator[Description]:
        with EmbeddedS3(folder / "s3") as server:
            yield {"port": server.port}

    with shared(folder, "s3", start) as description:
        server = EmbeddedS3(folder / "s3", bucket=f"yousync-{WORKER}")
        server.port = description["port"]
        client = server.account.client()
        client.create_bucket(Bucket=server.account.bucket)
        client.close()
        server.wait_ready()
        yield server


@contextmanager
def shared_analysis_server(folder: Path, env: Mapping[str, str]) -> Iterator[ServerProcess]:
    """One analysis server for all workers, since it loads models. Only the worker that started it may signal it."""

    def describe(port: int | None) -> ServerProcess:
        return ServerProcess("analysis.app:app", env, folder / "analysis.log", port)

    @contextmanager
    def start() -> Iterator[Description]:
        server = describe(None).start("/health/ready")
        try:
            yield {"port": server.port}
        finally:
            server.end()

    with shared(folder, "analysis", start) as description:
        yield describe(description["port"])


def once(folder: Path, name: str, action: Callable[[], None]) -> None:
    """Runs `action` in the first worker that calls; the others wait until it is done."""
    with (folder / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / f"{name}.done"
        if not done.exists():
            action()
            done.touch()
