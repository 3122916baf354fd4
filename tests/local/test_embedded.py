"""The embedded PostgreSQL and S3 store: start, stop, restart, and recovery after kill -9."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from pathlib import Path

import httpx
import psycopg2
import pytest

from core.settings import ROOT
from local.embedded import EmbeddedError, EmbeddedPostgres, EmbeddedS3, S3Account, postgres
from local.embedded.server import process_identity
from tests.support.waiting import assert_stays, wait_until

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a path with spaces"


@pytest.fixture(scope="module")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedS3]:
    with EmbeddedS3(tmp_path_factory.mktemp("an s3 store") / "data") as s3:
        yield s3


@pytest.fixture
def account(s3_server: EmbeddedS3) -> S3Account:
    return s3_server.account


def ask(url: str, query: str) -> object:
    connection = psycopg2.connect(url, connect_timeout=3)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def wait_until_gone(identity: str, timeout_s: float = 5.0) -> None:
    pid = int(identity.split("@")[0])
    wait_until(lambda: process_identity(pid) != identity, timeout_s, explain=lambda: f"process {pid} is still there")


def test_postgres_keeps_its_data_over_stop_restart_and_kill(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    url = server.start()
    ask(url, "CREATE TABLE kept AS SELECT 1 AS n")

    server.stop()
    assert not server.is_running
    assert server.start() == url
    for _ in range(3):
        server.kill()
        server.restart()
        assert ask(url, "SELECT n FROM kept") == (1,)
    server.restart()
    assert ask(url, "SELECT n FROM kept") == (1,)
    server.stop()


def test_postgres_allows_1000_connections_and_only_the_right_password(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        assert ask(server.url, "SHOW max_connections") == ("1000",)
        password = server.url.split(":")[2].split("@")[0]
        with pytest.raises(psycopg2.OperationalError, match="password"):
            ask(server.url.replace(password, "wrong"), "SELECT 1")


def test_postgres_creates_further_databases(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        url = server.create_database("another one")
        assert url == server.create_database("another one")
        assert ask(url, "SELECT current_database()") == ("another one",)


def test_interrupted_set_up_is_repeated(folder: Path) -> None:
    (folder / "cluster.new").mkdir(parents=True)
    (folder / "cluster.new" / "PG_VERSION").write_text("18")
    with EmbeddedPostgres(folder, durable=False) as server:
        assert ask(server.url, "SELECT 1") == (1,)


def test_stale_pid_of_another_process_does_not_prevent_the_start(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        server.kill()
        pid_file = folder / "cluster" / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
        bystander = subprocess.Popen(["sleep", "60"])
        try:
            pid_file.write_text("\n".join([str(bystander.pid), *lines[1:]]))
            server.restart()
            assert bystander.poll() is None
        finally:
            bystander.kill()
            bystander.wait()


def test_data_of_another_postgresql_version_are_refused(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False):
        pass
    (folder / "cluster" / "PG_VERSION").write_text("9")
    with pytest.raises(EmbeddedError, match="were written by PostgreSQL 9"):
        EmbeddedPostgres(folder).start()


@pytest.mark.parametrize("kind", [EmbeddedPostgres, EmbeddedS3])
def test_each_folder_has_at_most_one_server(kind: type[EmbeddedPostgres | EmbeddedS3], tmp_path: Path) -> None:
    with kind(tmp_path / "one") as one, kind(tmp_path / "two") as two:
        assert one.port != two.port
        with pytest.raises(EmbeddedError, match="another process already runs"):
            kind(tmp_path / "one").start()
        assert one.is_running


@pytest.mark.parametrize("kind", [EmbeddedPostgres, EmbeddedS3])
def test_secrets_are_readable_by_the_owner_only(kind: type[EmbeddedPostgres | EmbeddedS3], tmp_path: Path) -> None:
    with kind(tmp_path / "data") as server:
        kept = server.data_dir / "server.json"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o700


def test_concurrent_threads_get_the_same_account(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(10):
            server = EmbeddedS3(tmp_path / str(number))
            server.data_dir.mkdir()
            told = list(pool.map(attrgetter("account"), [server] * 8))
            assert set(told) == {server.account}


def test_s3_keeps_objects_over_restart_and_kill(folder: Path) -> None:
    server = EmbeddedS3(folder)
    account = server.start()
    account.client().put_object(Bucket=account.bucket, Key="kept", Body=b"x" * 100_000)
    server.restart()
    assert server.account == account
    for _ in range(2):
        server.kill()
        server.restart()
        body = account.client().get_object(Bucket=account.bucket, Key="kept")["Body"].read()
        assert len(body) == 100_000
    server.stop()


def test_s3_is_private_and_allows_only_our_origins(account: S3Account) -> None:
    client = account.client()
    client.put_object(Bucket=account.bucket, Key="secret", Body=b"x")
    assert httpx.get(f"{account.endpoint_url}/{account.bucket}/secret").status_code == 403

    url = client.generate_presigned_url("get_object", Params={"Bucket": account.bucket, "Key": "secret"})
    ours = httpx.get(url, headers={"Origin": "https://yousync.link"})
    assert ours.headers["access-control-allow-origin"] == "https://yousync.link"
    theirs = httpx.get(url, headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in theirs.headers


def test_s3_account_names_the_variables_of_the_api_server(account: S3Account) -> None:
    assert account.environment() == {
        "S3_ENDPOINT_URL": account.endpoint_url,
        "AWS_ACCESS_KEY_ID": account.access_key_id,
        "AWS_SECRET_ACCESS_KEY": account.secret_access_key,
        "S3_BUCKET_NAME": "yousync",
        "AWS_REGION": "ap-northeast-2",
    }


START_BOTH = """
import sys, time
from local.embedded import EmbeddedPostgres, EmbeddedS3
postgres, s3 = EmbeddedPostgres(sys.argv[1] + "/pg"), EmbeddedS3(sys.argv[1] + "/s3")
s3.launch()
postgres.start()
s3.wait_ready()
print(postgres.pid, s3.pid, flush=True)
sys.stdin.read()
postgres.stop()
s3.stop()
"""


def start_both(
    folder: Path, python: Sequence[str] = (sys.executable,), cwd: Path = ROOT, env: dict[str, str] | None = None
) -> "subprocess.Popen[str]":
    words = [*python, "-c", START_BOTH, str(folder)]
    return subprocess.Popen(words, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def identities(parent: "subprocess.Popen[str]") -> list[str]:
    assert parent.stdout
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2, "the servers did not start"
    found = [process_identity(pid) for pid in pids]
    return [identity for identity in found if identity]


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs the kernel's parent death signal")
def test_servers_end_with_a_killed_parent_and_can_restart(folder: Path) -> None:
    for _ in range(2):
        with start_both(folder) as parent:
            children = identities(parent)
            parent.kill()
            parent.wait()
            # The servers may still be running at the next start.
            with EmbeddedPostgres(folder / "pg") as postgres_server, EmbeddedS3(folder / "s3"):
                assert ask(postgres_server.url, "SELECT 1") == (1,)
                for child in children:
                    wait_until_gone(child)


START_STORE_THAT_OUTLIVES = """
import sys
from local.embedded import s3
s3.dies_with_parent = lambda _: []
store = s3.EmbeddedS3(sys.argv[1])
store.start()
print(store.pid, flush=True)
sys.stdin.read()
"""


def test_orphaned_server_is_stopped_before_its_folder_is_reused(folder: Path) -> None:
    words = [sys.executable, "-c", START_STORE_THAT_OUTLIVES, str(folder)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        orphan = process_identity(pid)
        parent.kill()
    assert orphan is not None
    assert_stays(lambda: process_identity(pid) == orphan, duration_s=0.2)
    with EmbeddedS3(folder):
        assert process_identity(pid) != orphan


@needs_root
def test_root_switches_user_where_namespaces_are_forbidden(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedPostgres(folder) as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 1 AS n")
    monkeypatch.setattr(postgres, "USER_NAMESPACE", ["false"])
    for _ in range(2):
        with EmbeddedPostgres(folder) as server:
            assert ask(server.url, "SELECT n FROM kept") == (1,)
            assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    monkeypatch.undo()
    with EmbeddedPostgres(folder) as server:
        assert ask(server.url, "SELECT n FROM kept") == (1,)


@needs_root
def test_unprivileged_user_starts_both_servers() -> None:
    python = reachable_python()
    site_packages = next(path for path in sys.path if path.endswith("site-packages"))
    folder = Path(tempfile.mkdtemp(prefix="plain user "))
    try:
        (folder / "local").mkdir()
        shutil.copy(ROOT / "local" / "__init__.py", folder / "local")
        shutil.copytree(ROOT / "local" / "embedded", folder / "local" / "embedded")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, 65534, 65534)
        environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONPATH": site_packages}
        with start_both(folder, [*AS_NOBODY, python], cwd=folder, env=environment) as parent:
            children = identities(parent)
            owners = {Path(f"/proc/{child.split('@')[0]}").stat().st_uid for child in children}
            assert owners == {65534}
            assert parent.communicate("", timeout=15)
        assert parent.returncode == 0
        # Root can continue with the same data without changing the owner of the files.
        with EmbeddedPostgres(folder / "pg") as server:
            assert ask(server.url, "SELECT 1") == (1,)
        assert (folder / "pg" / "cluster" / "PG_VERSION").stat().st_uid == 65534
    finally:
        shutil.rmtree(folder)


AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]


def reachable_python() -> str:
    """Returns a Python of this version that an unprivileged user may run: this one may be in root's home."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        probe = [
            *AS_NOBODY,
            candidate,
            "-c",
            f"import sys; sys.path.insert(0, {sys.path[-1]!r}); import psycopg2, boto3",
        ]
        if subprocess.run(probe, cwd="/", capture_output=True, check=False).returncode == 0:
            return candidate
    pytest.skip("no Python that a plain user may run, or no way to these packages")


def test_stop_kills_a_server_that_ignores_the_signal(folder: Path) -> None:
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    assert server.pid
    os.kill(server.pid, signal.SIGSTOP)
    begun = time.monotonic()
    server.stop(timeout_s=0.5)
    assert time.monotonic() - begun < 3
    with server:
        assert ask(server.url, "SELECT 1") == (1,)
