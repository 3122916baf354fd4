"""Messages of a wrong configuration: one line with the remedy, no traceback, no password."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.settings import ROOT
from local.embedded import EmbeddedPostgres
from tests.support.server_processes import free_port
from tests.support.waiting import wait_until

COMMANDS = {
    "alembic": ["alembic", "upgrade", "head"],
    "seed": ["catalogue.seed"],
    "server": ["uvicorn", "main:app", "--port", "0"],
    "worker": ["celery", "-A", "tasks.worker", "worker"],
}
PASSWORD = "very-hidden"
MALFORMED = [
    f"yousync:{PASSWORD}",
    f"mysql://yousync:{PASSWORD}@127.0.0.1/yousync",
    f"postgresql+asyncpg://yousync:{PASSWORD}@127.0.0.1/yousync",
    f"postgresql://yousync:{PASSWORD}@127.0.0.1:port/yousync",
    f"http://yousync:{PASSWORD}@127.0.0.1/yousync",
]


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def environment(spool: Path, **changes: str) -> dict[str, str]:
    return os.environ | {"SPOOL_DIR": str(spool), "PYTHONUNBUFFERED": "1", "ENVIRONMENT": "development"} | changes


def run(command: str, tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *COMMANDS[command]],
        cwd=ROOT,
        env=environment(tmp_path, **changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )


def assert_one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    lines = done.stdout.strip().splitlines()
    assert (done.returncode, len(lines)) == (1, 1), done.stdout
    assert all(word in lines[0] for word in words), done.stdout
    assert PASSWORD not in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_malformed_address_of_the_database_is_one_line(command: str, tmp_path: Path) -> None:
    done = run(command, tmp_path, DATABASE_URL=MALFORMED[0], REDIS_URL="redis://127.0.0.1:1/0")
    assert_one_line(done, "DATABASE_URL: must be an address such as postgresql://")


@pytest.mark.parametrize("url", MALFORMED[1:])
def test_every_kind_of_malformed_address_is_one_line(url: str, tmp_path: Path) -> None:
    assert_one_line(run("alembic", tmp_path, DATABASE_URL=url), "DATABASE_URL: must be an address such as")


@pytest.mark.parametrize("command", ["alembic", "seed"])
@pytest.mark.parametrize("host", ["no-such-host.invalid", "localhost"])
def test_an_unreachable_database_is_one_line(command: str, host: str, closed_port: int, tmp_path: Path) -> None:
    done = run(command, tmp_path, DATABASE_URL=f"postgresql://yousync:{PASSWORD}@{host}:{closed_port}/words")
    assert_one_line(done, f"the database cannot be used: {host}:{closed_port}/words: ", "DATABASE_URL names the right")


def test_a_database_that_does_not_exist_is_one_line(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    done = run("alembic", tmp_path, DATABASE_URL=f"{postgres.url.rpartition('/')[0]}/no_such_database")
    assert_one_line(done, '"no_such_database" does not exist', "DATABASE_URL")


@contextmanager
def running_server(url: str, folder: Path) -> Iterator[Path]:
    """A server on the database `url`; yields the path of its output. It has to run until the end of the block."""
    output = folder / "output"
    command = [sys.executable, "-m", "uvicorn", "main:app", "--port", str(free_port())]
    with output.open("w") as file:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment(folder / "spool", DATABASE_URL=url), stdout=file, stderr=file
        )
    try:
        yield output
        assert server.poll() is None
    finally:
        server.kill()
        server.wait()


def test_a_server_says_once_how_to_mend_its_database_and_stays_up(closed_port: int, tmp_path: Path) -> None:
    with running_server(f"postgresql://yousync:{PASSWORD}@127.0.0.1:{closed_port}/words", tmp_path) as output:
        wait_until(lambda: output.read_text().count("sweep interrupted") > 1, 60, explain=output.read_text)
        text = output.read_text()
        assert text.count("the database cannot be used: ") == 1
        assert f"127.0.0.1:{closed_port}/words: connection to server" in text
        assert "Traceback" not in text and PASSWORD not in text


def test_a_server_names_the_migrations_where_there_are_no_tables(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    with running_server(postgres.url_of("postgres"), tmp_path) as output:
        said = "the database has no tables: run alembic upgrade head"
        wait_until(lambda: said in output.read_text(), 60, explain=output.read_text)


def test_invalid_settings_of_the_analysis_server_are_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "uvicorn", "analysis.app:app", "--port", "0"],
        cwd=ROOT,
        env=environment(tmp_path, WEBHOOK_SECRET="whsec_short"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [
        "YouSync cannot start: these settings (environment or .env) are not valid: "
        "WEBHOOK_SECRET must be whsec_ followed by base64 of at least 24 bytes"
    ]
