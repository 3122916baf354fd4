"""Every documented entry point starts with only the files of its image."""

import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml

from core.settings import ROOT
from local.embedded import EmbeddedPostgres, EmbeddedValkey
from local.embedded.postgres import postgres_binaries
from tests.conftest import clone_database
from tests.support.image_files import lay_out_image
from tests.support.server_processes import START_TIMEOUT_S, ManagedProcess, free_port

SCRIPTS = Path(sys.executable).parent
IMAGE_OF = {
    "alembic upgrade head": "api",
    "celery -A analysis.queueing.tasks inspect ping": "analysis",
    "celery -A analysis.queueing.tasks worker": "analysis",
    "celery -A tasks.worker beat": "api",
    "celery -A tasks.worker inspect ping": "api",
    "celery -A tasks.worker worker": "api",
    "python -m catalogue.seed": "api",
    "python -m tools.backup restore": "api",
    "python -m tools.backup save": "api",
    "uvicorn analysis.app:app": "analysis",
    "uvicorn main:app": "api",
}
# Started by tests/local, since no image has it.
OF_DEVELOPERS = {"python -m local"}
# The log line of a process that is ready. Workers and HTTP servers have health checks instead.
READY = {
    "celery -A tasks.worker beat": r"beat v\S+ \S+ is starting\.",
    "python -m catalogue.seed": r"\d+ lines, \d+ recordings",
}
# An entry point as documents and files name it, with the arguments that distinguish it from others.
MENTION = re.compile(
    r"alembic upgrade head"
    r"|uvicorn [\w.]+:app"
    r"|celery -A [\w.]+ (?:worker|beat|inspect ping)"
    r"|python -m [\w.]+(?: save| restore)?"
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The working directory of each image."""
    folders = {name: tmp_path_factory.mktemp(f"{name} image") for name in ("api", "analysis")}
    for name, folder in folders.items():
        lay_out_image(name, folder)
    return folders


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path_factory.mktemp("valkey") / "data") as server:
        yield server


@dataclass
class Runner:
    """Starts entry points in the folders of their images, as one service."""

    images: dict[str, Path]
    env: dict[str, str]
    folder: Path

    def start(self, entry_point: str, *arguments: str) -> ManagedProcess:
        program, *words = entry_point.split()
        command = [str(SCRIPTS / program), *words, *arguments]
        cwd = self.images[IMAGE_OF[entry_point]]
        process = ManagedProcess(command, self.env, self.folder / f"{entry_point.replace('/', '-')}.log", cwd)
        process.launch()
        return process

    def run(self, entry_point: str, *arguments: str) -> str:
        """Runs an entry point until it exits, which must succeed; returns its output."""
        process = self.start(entry_point, *arguments)
        assert process.wait_for_exit(START_TIMEOUT_S) == 0, process.log
        return process.log


@pytest.fixture
def runner(
    images: dict[str, Path],
    base_env: dict[str, str],
    postgres: EmbeddedPostgres,
    valkey: EmbeddedValkey,
    tmp_path: Path,
) -> Runner:
    env = {
        **base_env,
        "DATABASE_URL": clone_database(postgres, f"entry_point_{uuid.uuid4().hex[:8]}"),
        "REDIS_URL": valkey.url,
        "SPOOL_DIR": str(tmp_path / "spool"),
        "PATH": f"{SCRIPTS}:{postgres_binaries()}:/usr/bin:/bin",
    }
    return Runner(images, env, tmp_path)


def mentioned() -> set[str]:
    """Returns all entry points named in the documents, the compose file and the images."""
    documents = [ROOT / "README.md", ROOT / "docs" / "runbook.md", ROOT / "deploy" / "README.md"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in documents)
    compose = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
    commands = [service.get("command", []) for service in yaml.safe_load(compose)["services"].values()]
    images = [(ROOT / "deploy" / f"{name}.Dockerfile").read_text(encoding="utf-8") for name in ("api", "analysis")]
    started = [re.findall(r"^CMD \[(.*)\]$", image, re.MULTILINE)[-1].replace('", "', " ") for image in images]
    return set(
        MENTION.findall("\n".join([text, compose, *(" ".join(map(str, command)) for command in commands), *started]))
    )


def test_every_documented_entry_point_is_listed() -> None:
    assert mentioned() - OF_DEVELOPERS == set(IMAGE_OF)


@pytest.mark.parametrize("entry_point", [name for name in IMAGE_OF if name.startswith("uvicorn")])
def test_server_answers_its_health_check(runner: Runner, entry_point: str) -> None:
    port = free_port()
    process = runner.start(entry_point, "--port", str(port), "--no-proxy-headers")

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=5).is_success
        except httpx.TransportError:
            return False

    try:
        process.wait_until(answers, START_TIMEOUT_S)
    finally:
        process.end()


@pytest.mark.parametrize("entry_point", READY)
def test_a_process_becomes_ready(runner: Runner, entry_point: str) -> None:
    process = runner.start(entry_point)
    try:
        process.wait_until(lambda: bool(re.search(READY[entry_point], process.log)), START_TIMEOUT_S)
    finally:
        process.kill()


@pytest.mark.parametrize("entry_point", [name for name in IMAGE_OF if name.endswith(" worker")])
def test_a_worker_becomes_ready_and_answers_its_health_check(runner: Runner, entry_point: str) -> None:
    worker = runner.start(entry_point)
    try:
        worker.wait_until(lambda: "ready." in worker.log, START_TIMEOUT_S)
        assert "pong" in runner.run(entry_point.removesuffix("worker") + "inspect ping", "--timeout", "30")
    finally:
        worker.kill()


def test_a_database_is_migrated(runner: Runner, postgres: EmbeddedPostgres) -> None:
    runner.env["DATABASE_URL"] = postgres.create_database("entry_points_empty")
    assert "Running upgrade" in runner.run("alembic upgrade head")


def test_a_backup_is_saved_and_restored(runner: Runner, tmp_path: Path) -> None:
    for entry_point in ("python -m tools.backup save", "python -m tools.backup restore"):
        assert "the tables and" in runner.run(entry_point, str(tmp_path / "backup"))
