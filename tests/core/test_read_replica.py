"""Reads from a real streaming replica: they never return older data than the primary."""

import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg2
import pytest

from local.embedded import EmbeddedPostgres, EmbeddedValkey
from tests.conftest import TEMPLATE, MakeApi, making_apis, migrate
from tests.core.test_metrics import read
from tests.support.factories import ADMIN_EMAIL, Learner, complete, make_job, make_token, sign_in, somebody
from tests.support.postgres_standby import Standby
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

BYPASSED = "the read replica is bypassed"


@pytest.fixture(scope="module")
def primary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("primary"), durable=False) as server:
        yield server


@pytest.fixture(scope="module")
def standby(primary: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standby]:
    with Standby(tmp_path_factory.mktemp("standby"), primary) as server:
        yield server


@pytest.fixture(scope="module")
def make(
    base_env: dict[str, str], primary: EmbeddedPostgres, redis_url: str | None, scratch: Path
) -> Iterator[MakeApi]:
    env = base_env | {"DATABASE_URL": primary.url}
    migrate(env)
    with making_apis(env, primary, redis_url, scratch) as make:
        yield make


@dataclass
class Service:
    """An API server without a response cache, so that each request reads from a database."""

    server: ServerProcess
    http: httpx.Client
    admin: Learner
    learner: Learner
    script_id: int
    token_id: int

    def served_by(self, name: str) -> float:
        return read(self.server.url).get(("yousync_replica_reads_total", name), 0)

    def title(self) -> str:
        return str(self.http.get(f"/api/scripts/{self.script_id}").json()["title"])

    def rename(self) -> str:
        title = uuid.uuid4().hex
        path, body = f"/api/scripts/{self.script_id}", {"title": title, "category": "c"}
        assert self.http.put(path, json=body, headers=self.admin.headers).is_success
        return title

    def bookmarked(self, who: Learner) -> list[int]:
        page = self.http.get("/api/mypage/bookmarks", headers=who.headers).json()
        return [item["token"]["id"] for item in page["items"]]

    def completed(self, who: Learner) -> int:
        page = self.http.get("/api/mypage/overview", headers=who.headers).json()
        return int(page["totals"]["completed"])

    def catch_up(self) -> None:
        """Waits until the replica serves reads."""

        def serves() -> bool:
            before = self.served_by("replica")
            self.title()
            return self.served_by("replica") > before

        wait_until(serves, timeout_s=20)


def with_replica(make: MakeApi, standby: Standby, **settings: str) -> ServerProcess:
    """Makes a server, then restarts it with the URL of its database on the replica."""
    server = make(**{"JOB_RETRY_BASE_S": "30", "CACHE_TTL_S": "0", **settings})
    server.end()
    name = server.env["DATABASE_URL"].rpartition("/")[2]
    server.env["DATABASE_REPLICA_URL"] = standby.url_of(name)
    return server.start()


@pytest.fixture(scope="module")
def service(make: MakeApi, standby: Standby) -> Iterator[Service]:
    server = with_replica(make, standby)
    with httpx.Client(base_url=server.url, timeout=30) as http:
        admin = sign_in(http, ADMIN_EMAIL)
        token = make_token(http, admin)
        yield Service(server, http, admin, somebody(http), token["script_id"], token["id"])


@pytest.fixture
def still(service: Service, standby: Standby) -> Iterator[None]:
    """Pauses replay on the replica after it has caught up; resumes it at the end."""
    service.catch_up()
    standby.pause_replay()
    yield
    standby.resume_replay()
    service.catch_up()


@pytest.fixture
def slow(standby: Standby) -> Iterator[None]:
    """Delays replay on the replica by 15 ms."""
    standby.set_replay_delay_ms(15)
    yield
    standby.set_replay_delay_ms(0)


def test_reads_are_served_by_the_replica(service: Service, standby: Standby) -> None:
    service.catch_up()
    before = service.served_by("primary")
    service.title()
    assert service.completed(service.learner) == 0
    assert service.bookmarked(service.learner) == []
    assert service.served_by("primary") == before
    connections = "FROM pg_stat_activity WHERE application_name = 'yousync'"
    assert "bookmarks" in str(standby.query_value(f"SELECT string_agg(query, ' ') {connections}"))
    assert standby.query_value(f"SELECT count(*) {connections} AND query LIKE '%refresh_tokens%'") == 0


@pytest.mark.usefixtures("slow")
def test_reads_see_earlier_writes(service: Service) -> None:
    """Each read comes after the response to a write, and waits until the replica has replayed it."""
    service.catch_up()
    before = service.served_by("replica")
    for _ in range(50):
        title = service.rename()
        assert service.title() == title
        path = "/api/mypage/bookmarks"
        created = service.http.post(path, json={"token_id": service.token_id}, headers=service.learner.headers)
        assert created.status_code == 201
        assert service.bookmarked(service.learner) == [service.token_id]
        assert service.http.delete(f"{path}/{service.token_id}", headers=service.learner.headers).is_success
        assert service.bookmarked(service.learner) == []
    assert service.served_by("replica") - before > 75, "most reads are served by the replica"


@pytest.mark.usefixtures("still")
def test_lagging_replica_serves_no_stale_data(service: Service, standby: Standby) -> None:
    learner = somebody(service.http)
    title = service.rename()
    assert service.title() == title
    bookmark = {"token_id": service.token_id}
    assert service.http.post("/api/mypage/bookmarks", json=bookmark, headers=learner.headers).is_success
    assert service.bookmarked(learner) == [service.token_id]
    complete(service.http, make_job(service.http, learner, service.token_id))
    assert service.completed(learner) == 1
    mine = service.http.get(f"/api/tokens/{service.token_id}", headers=learner.headers).json()["mine"]
    assert (mine["attempts"], mine["bookmarked"]) == (1, True)
    with closing(psycopg2.connect(service.server.env["DATABASE_REPLICA_URL"])) as old, old.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM scripts WHERE title = %s", [title])
        assert cursor.fetchone() == (0,), "the replica itself lags"


@pytest.mark.usefixtures("still")
def test_ended_session_is_refused_while_the_replica_lags(service: Service) -> None:
    learner = somebody(service.http)
    assert service.completed(learner) == 0
    assert service.http.post("/api/auth/logout", headers=learner.headers).is_success
    assert service.http.get("/api/mypage/overview", headers=learner.headers).status_code == 401


def test_an_ended_session_is_refused_while_the_replica_serves(service: Service) -> None:
    learner = somebody(service.http)
    service.catch_up()
    service.http.post("/api/auth/logout", headers=learner.headers)
    assert service.http.get("/api/mypage/overview", headers=learner.headers).status_code == 401


def test_reads_use_the_primary_until_the_replica_returns(service: Service, standby: Standby) -> None:
    service.catch_up()
    standby.kill()
    warned = service.server.log.count(BYPASSED)
    for _ in range(20):
        title = service.rename()
        assert service.title() == title
        assert service.completed(service.learner) == 0
    assert service.http.get("/health/ready").json()["checks"]["database"] == "ok"
    assert service.server.log.count(BYPASSED) <= warned + 1, "the warning is not logged for every read"
    assert BYPASSED in service.server.log
    standby.launch()
    standby.wait_ready()
    service.catch_up()
    assert service.title() == title


def test_hanging_replica_times_out(service: Service, standby: Standby) -> None:
    service.catch_up()
    with standby.frozen():
        begun = time.monotonic()
        title = service.rename()
        assert service.title() == title
        assert service.completed(service.learner) == 0
        assert 2 < time.monotonic() - begun < 10, "one read has waited for the time-out"
        begun = time.monotonic()
        for _ in range(10):
            assert service.title() == title
        assert time.monotonic() - begun < 5
    service.catch_up()


def test_promoted_replica_is_not_read(make: MakeApi, primary: EmbeddedPostgres, tmp_path: Path) -> None:
    with Standby(tmp_path / "promoted", primary) as promoted:
        server = with_replica(make, promoted)
        with httpx.Client(base_url=server.url, timeout=30) as http:
            admin = sign_in(http, ADMIN_EMAIL)
            token = make_token(http, admin)
            service = Service(server, http, admin, admin, token["script_id"], token["id"])
            service.catch_up()
            promoted.query_value("SELECT pg_promote()")
            served = service.served_by("replica")
            for _ in range(5):
                title = service.rename()
                assert service.title() == title
            assert service.served_by("replica") == served
        server.end()


def test_a_replica_of_another_database_is_not_read(
    base_env: dict[str, str], standby: Standby, redis_url: str | None, scratch: Path, tmp_path: Path
) -> None:
    with EmbeddedPostgres(tmp_path / "other", durable=False) as other:
        env = base_env | {"DATABASE_URL": other.url}
        migrate(env)
        with making_apis(env, other, redis_url, scratch) as make:
            server = make(DATABASE_REPLICA_URL=standby.url_of(TEMPLATE))
            with closing(psycopg2.connect(other.url)) as connection, connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
                (position,) = cursor.fetchone() or ("",)
            assert standby.query_value(f"SELECT pg_last_wal_replay_lsn() > '{position}'"), (
                "its WAL position alone would allow reads"
            )
            assert httpx.get(f"{server.url}/api/scripts").json()["items"] == []
            assert read(server.url).get(("yousync_replica_reads_total", "replica"), 0) == 0
            assert "NotThereYetError" in server.log


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        yield server


def test_writes_are_visible_in_another_process_despite_replica_lag(
    make: MakeApi, standby: Standby, valkey: EmbeddedValkey
) -> None:
    """Both processes cache responses, so a stale read would stay visible."""
    server = with_replica(make, standby, REDIS_URL=valkey.url, CACHE_TTL_S="600")
    names = ("DATABASE_URL", "DATABASE_REPLICA_URL", "SPOOL_DIR", "REDIS_URL", "JOB_RETRY_BASE_S", "CACHE_TTL_S")
    second = make(**{name: server.env[name] for name in names})
    with (
        httpx.Client(base_url=server.url, timeout=30) as here,
        httpx.Client(base_url=second.url, timeout=30) as there,
    ):
        admin, learner = sign_in(here, ADMIN_EMAIL), somebody(here)
        token = make_token(here, admin)
        service = Service(server, here, admin, learner, token["script_id"], token["id"])
        elsewhere = Service(second, there, admin, learner, token["script_id"], token["id"])
        wait_until(lambda: there.get("/health/ready").json()["checks"]["events"] == "ok", timeout_s=20)
        elsewhere.title()
        standby.pause_replay()
        try:
            title = service.rename()
            wait_until(lambda: elsewhere.title() == title, timeout_s=0.5)
            complete(here, make_job(there, learner, token["id"]))
            assert elsewhere.completed(learner) == 1
        finally:
            standby.resume_replay()
        assert elsewhere.title() == title
    second.end()
    server.end()
