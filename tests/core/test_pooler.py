"""The service behind PgBouncer with pool_mode=transaction, configured as in docs/scaling.md."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg2
import pytest

from tests.conftest import MakeApi
from tests.support.factories import complete, dubbable_line, make_job, somebody
from tests.support.server_processes import ServerProcess, free_port
from tests.support.waiting import wait_until

SERVER_CONNECTIONS = 4
CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={postgres_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users.txt
logfile = {folder}/pgbouncer.log
user = nobody
pool_mode = transaction
default_pool_size = {connections}
ignore_startup_parameters = options
"""


@pytest.fixture
def pooled(make_api: MakeApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """An API server with more connections to PgBouncer than PgBouncer has to PostgreSQL."""
    program = shutil.which("pgbouncer")
    if program is None:
        pytest.skip("pgbouncer is not installed (Debian: apt-get install pgbouncer)")
    server = make_api(JOB_RETRY_BASE_S="30")
    server.end()
    direct, port = server.env["DATABASE_URL"], free_port()
    url = urlsplit(direct)
    with closing(psycopg2.connect(direct)) as connection, connection, connection.cursor() as cursor:
        for setting in ("statement_timeout = '10s'", "lock_timeout = '5s'", "timezone = 'UTC'"):
            cursor.execute(f"ALTER ROLE {url.username} IN DATABASE {url.path[1:]} SET {setting}")
    folder = _readable(tmp_path_factory.mktemp("pgbouncer"))
    (folder / "users.txt").write_text(f'"{url.username}" "{url.password}"\n')
    configuration = CONFIGURATION.format(
        postgres_port=url.port, port=port, folder=folder, connections=SERVER_CONNECTIONS
    )
    (folder / "pgbouncer.ini").write_text(configuration)
    pooler = subprocess.Popen([program, str(folder / "pgbouncer.ini")], stderr=subprocess.DEVNULL)
    server.env["DATABASE_URL"] = direct.replace(f":{url.port}/", f":{port}/")
    try:
        _wait_for(server.env["DATABASE_URL"])
        yield server.start()
    finally:
        server.end()
        pooler.terminate()
        pooler.wait()


def _readable(folder: Path) -> Path:
    """Makes the folder accessible for nobody, the user that PgBouncer switches to when root starts it."""
    temporary = Path(tempfile.gettempdir())
    for one in (folder, *(parent for parent in folder.parents if temporary in parent.parents)):
        one.chmod(one.stat().st_mode | 0o011)
    folder.chmod(0o777)
    return folder


def _wait_for(url: str) -> None:
    def connects() -> bool:
        try:
            psycopg2.connect(url).close()
        except psycopg2.OperationalError:
            return False
        return True

    wait_until(connects, explain=lambda: "PgBouncer does not answer")


def test_many_client_connections_share_a_few_server_connections(pooled: ServerProcess) -> None:
    options = "-c statement_timeout=10000"
    with (
        closing(psycopg2.connect(pooled.env["DATABASE_URL"], options=options)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("5s",)
    limits = httpx.Limits(max_connections=50)
    with httpx.Client(base_url=pooled.url, timeout=60, limits=limits) as client, ThreadPoolExecutor(40) as threads:
        learner, token_id = somebody(client), dubbable_line(client)
        jobs = list(threads.map(lambda _: make_job(client, learner, token_id), range(60)))
        list(threads.map(lambda job_id: complete(client, job_id), jobs))
        pages = threads.map(lambda _: client.get("/api/mypage/overview", headers=learner.headers), range(100))
        assert {page.json()["totals"]["completed"] for page in pages} == {60}
    with closing(psycopg2.connect(pooled.env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) <= %s FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'",
            [SERVER_CONNECTIONS],
        )
        assert cursor.fetchone() == (True,)
