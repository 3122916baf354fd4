"""Fixtures: real PostgreSQL, S3 store, analysis server and API servers, which tests share and fill with own data.

All pytest-xdist workers share PostgreSQL, the store and the analysis server. Each has its own databases, bucket and API
servers.
"""

import itertools
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psycopg2
import pytest

from core.settings import ROOT
from local.embedded import EmbeddedPostgres, EmbeddedS3, EmbeddedValkey
from tests.support import shared_servers
from tests.support.factories import ADMIN_EMAIL, Learner, dubbable_line, sign_in
from tests.support.preloaded_servers import PreloadedServer
from tests.support.server_processes import LIMITS_LIFTED, WEBHOOK_SECRET, ServerProcess, free_port
from tests.support.shared_servers import WORKER

TEMPLATE = "yousync"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out tests/e2e, which needs a browser, unless it is named (`make e2e`)."""
    return True if collection_path.name == "e2e" and not any("e2e" in word for word in config.args) else None


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_servers.shared_folder(tmp_path_factory)


@pytest.fixture(scope="session")
def postgres(shared_folder: Path) -> Iterator[EmbeddedPostgres]:
    with shared_servers.shared_postgres(shared_folder) as server:
        yield server


@pytest.fixture(scope="session")
def s3(shared_folder: Path) -> Iterator[EmbeddedS3]:
    with shared_servers.shared_s3(shared_folder) as server:
        yield server


@pytest.fixture(scope="session")
def analysis(shared_folder: Path) -> Iterator[ServerProcess]:
    with shared_servers.shared_analysis_server(shared_folder, {"WEBHOOK_SECRET": WEBHOOK_SECRET}) as server:
        yield server


@pytest.fixture(scope="module")
def own_s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedS3]:
    """A separate store for tests that stop it, since other workers use `s3`."""
    with EmbeddedS3(tmp_path_factory.mktemp("s3") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def own_postgres(base_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A separate, migrated database server for tests that stop it, since other workers use `postgres`."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "data", durable=False) as server:
        migrate(base_env | {"DATABASE_URL": server.url})
        yield server


@pytest.fixture(scope="session")
def base_env(postgres: EmbeddedPostgres, s3: EmbeddedS3, shared_folder: Path) -> dict[str, str]:
    env = {
        **s3.account.environment(),
        **LIMITS_LIFTED,
        "DATABASE_URL": postgres.url,
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        "SECRET_KEY": "secret-of-the-test-suite-0123456789-abcdef",
        "ADMIN_EMAILS": ADMIN_EMAIL,
        "WEB_DIR": str(postgres.data_dir.parent / "no-page"),
        # One administrator serves the whole session, which on a busy machine outlives a token of 15 minutes.
        "ACCESS_TOKEN_TTL_S": "14400",
    }

    def make_template() -> None:
        migrate(env)
        # A connection to the template would keep all workers from copying it.
        execute(postgres, f'ALTER DATABASE "{TEMPLATE}" ALLOW_CONNECTIONS false')

    shared_servers.once(shared_folder, "migrated", make_template)
    return env | {"DATABASE_URL": clone_database(postgres, f"base_{WORKER}")}


def migrate(env: dict[str, str]) -> None:
    words = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(words, cwd=ROOT, env={**os.environ, **env}, check=True, capture_output=True)


def clone_database(postgres: EmbeddedPostgres, name: str) -> str:
    """Creates a database with the migrated tables."""
    execute(postgres, f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    return postgres.url_of(name)


def execute(postgres: EmbeddedPostgres, statement: str) -> None:
    """Executes a statement that no transaction may hold."""
    with closing(psycopg2.connect(postgres.url_of("postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)


def separate_user_ids(url: str, number: int) -> str:
    """Starts the user ids of each server at a different number: servers share a bucket with user ids in its keys."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('users', 'id'), %s)", [10_000 * (number + 1)])
    return url


MakeApi = Callable[..., ServerProcess]
_numbers = itertools.count()


@pytest.fixture(scope="session")
def redis_url(scratch: Path) -> Iterator[str | None]:
    """The REDIS_URL of all API servers under TEST_REDIS=1, unless a test sets another or None."""
    if not os.environ.get("TEST_REDIS"):
        yield None
        return
    with EmbeddedValkey(scratch / "valkey") as server:
        yield server.url.removesuffix("/0")


@contextmanager
def making_apis(
    base_env: dict[str, str], postgres: EmbeddedPostgres, redis_url: str | None, scratch: Path
) -> Iterator[MakeApi]:
    """Makes API servers, each with its own database, spool and webhook URL, and stops them at the end."""
    made: list[ServerProcess] = []

    def make(analysis_url: str = "http://127.0.0.1:9", **settings: str | None) -> ServerProcess:
        port, number = free_port(), next(_numbers)
        name = f"api-{WORKER}-{number}"
        redis = {"REDIS_URL": f"{redis_url}/{number}"} if redis_url else {}
        env: dict[str, str | None] = {
            **base_env,
            "DATABASE_URL": separate_user_ids(clone_database(postgres, name.replace("-", "_")), number),
            "TARGET_SERVER_URL": analysis_url,
            "WEBHOOK_URL": f"http://127.0.0.1:{port}/api/tokens/webhook/analysis-complete",
            "SPOOL_DIR": str(scratch / f"spool-{name}"),
            "SWEEP_INTERVAL_S": "0.5",
            "JOB_RETRY_BASE_S": "0.2",
            **redis,
            **settings,
        }
        given = {name: value for name, value in env.items() if value is not None}
        server = PreloadedServer("main:app", given, scratch / f"{name}.log", port)
        made.append(server)
        return server.start()

    try:
        yield make
    finally:
        for server in made:
            server.end()


@pytest.fixture(scope="module")
def make_api(
    base_env: dict[str, str], postgres: EmbeddedPostgres, redis_url: str | None, scratch: Path
) -> Iterator[MakeApi]:
    """Makes API servers that stop at the end of the module, since dozens of idle ones would use up the machine."""
    with making_apis(base_env, postgres, redis_url, scratch) as make:
        yield make


@pytest.fixture(scope="session")
def make_shared_api(
    base_env: dict[str, str], postgres: EmbeddedPostgres, redis_url: str | None, scratch: Path
) -> Iterator[MakeApi]:
    """Makes API servers that all modules use."""
    with making_apis(base_env, postgres, redis_url, scratch) as make:
        yield make


@pytest.fixture(scope="session")
def api(make_shared_api: MakeApi) -> ServerProcess:
    """An API server without a reachable analysis server, for all tests outside the pipeline."""
    return make_shared_api(JOB_RETRY_BASE_S="30")


@pytest.fixture(scope="session")
def pipeline(make_shared_api: MakeApi, analysis: ServerProcess) -> ServerProcess:
    """An API server with the real analysis server behind it."""
    return make_shared_api(analysis.url)


@pytest.fixture(scope="module")
def http(server: ServerProcess) -> Iterator[httpx.Client]:
    """A client of the fixture `server`, which each module defines for itself."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def line(http: httpx.Client) -> int:
    """The id of a line with reference audio on the fixture `server`."""
    return dubbable_line(http)


@pytest.fixture(scope="session")
def client(api: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=api.url, timeout=30) as http:
        yield http


@pytest.fixture(scope="session")
def admin(client: httpx.Client) -> Learner:
    return sign_in(client, ADMIN_EMAIL)


@pytest.fixture
def learner(client: httpx.Client) -> Learner:
    return sign_in(client, f"{uuid.uuid4().hex}@yousync.test")


@pytest.fixture
def stranger(client: httpx.Client) -> Learner:
    return sign_in(client, f"{uuid.uuid4().hex}@yousync.test")


@pytest.fixture
def database(api: ServerProcess) -> Iterator[psycopg2.extensions.connection]:
    connection = psycopg2.connect(api.env["DATABASE_URL"])
    connection.autocommit = True
    yield connection
    connection.close()
