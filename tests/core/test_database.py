"""Queries sent to the driver without SQLAlchemy: rows, replaced connections and errors."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import psycopg2
import pytest
from psycopg2.errors import QueryCanceled
from sqlalchemy import (
    Connection,
    Engine,
    Float,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    text,
)
from sqlalchemy.exc import OperationalError

from core.settings import Settings
from database import CONNECTION_AGE_MAX_S, READ_SESSIONS, DriverQuery, Reads, autocommit, make_engine, make_read_engine
from local.embedded import EmbeddedPostgres
from tests.conftest import clone_database

NUMBER = literal_column("number", Integer)
STATEMENT = (
    select(
        NUMBER,
        cast(bindparam("said"), Text),
        cast(bindparam("said"), Text).ilike(bindparam("part"), escape="/"),
        cast(NUMBER, Float) * literal_column("0.1"),
        null(),
    )
    .select_from(text("generate_series(1, :rows) AS number"))
    .order_by(NUMBER)
)
VALUES = {"rows": 3, "said": "“It's 50 % off”, %s 자막", "part": "%50 /% OFF%"}


@pytest.fixture(scope="module")
def reads(base_env: dict[str, str], postgres: EmbeddedPostgres) -> Iterator[Reads]:
    settings = Settings(_env_file=None, database_url=clone_database(postgres, "reads"))
    reads = Reads(make_read_engine(settings.sqlalchemy_url))
    yield reads
    reads.close()


def test_driver_query_returns_the_same_rows_as_sqlalchemy(reads: Reads) -> None:
    query = DriverQuery(STATEMENT)
    rows = reads.query(lambda connection: query(connection, VALUES))
    assert len(rows) == 3
    assert rows == [tuple(row) for row in reads.query(lambda connection: connection.execute(STATEMENT, VALUES).all())]


def test_terminated_connections_are_all_replaced_at_once(reads: Reads, postgres: EmbeddedPostgres) -> None:
    query = DriverQuery(select(bindparam("number", type_=Integer)))

    def pids() -> set[int]:
        with ExitStack() as stack:
            held = [stack.enter_context(reads.engine.connect()) for _ in range(READ_SESSIONS)]
            return {connection.execute(text("SELECT pg_backend_pid()")).scalar_one() for connection in held}

    ended = pids()
    with closing(psycopg2.connect(postgres.url_of("postgres"))) as operator, operator.cursor() as cursor:
        cursor.execute("SELECT count(pg_terminate_backend(pid, 5000)) FROM unnest(%s) AS pid", (list(ended),))
        assert cursor.fetchone() == (READ_SESSIONS,)
    for _ in range(READ_SESSIONS):
        assert reads.query(lambda connection: query(connection, {"number": 7})) == [(7,)]
    assert not ended & pids()


def test_query_errors_are_raised_as_by_sqlalchemy_without_retry(reads: Reads) -> None:
    asked = []
    slow = DriverQuery(select(func.pg_sleep(bindparam("seconds"))))

    def sleep(connection: Connection) -> None:
        asked.append(connection)
        connection.execute(text("SET statement_timeout = 100"))
        try:
            slow(connection, {"seconds": 5})
        finally:
            connection.execute(text("RESET statement_timeout"))

    with pytest.raises(OperationalError) as refusal:
        reads.query(sleep)
    assert isinstance(refusal.value.orig, QueryCanceled)
    assert not refusal.value.connection_invalidated
    assert len(asked) == 1
    assert reads.query(lambda connection: DriverQuery(select(bindparam("number")))(connection, {"number": 7})) == [(7,)]


@pytest.fixture(scope="module")
def engine(postgres: EmbeddedPostgres) -> Iterator[Engine]:
    engine = make_engine(Settings(_env_file=None, database_url=clone_database(postgres, "pooled_connections")))
    yield engine
    engine.dispose()


def end_backend(postgres: EmbeddedPostgres, connection: Connection) -> None:
    """Ends the backend of a connection, which learns of it at its next statement."""
    pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    with closing(psycopg2.connect(postgres.url_of("postgres"))) as other, other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def test_a_connection_that_breaks_after_its_last_statement_gives_its_place_back(
    postgres: EmbeddedPostgres, engine: Engine
) -> None:
    for _ in range(3):
        with autocommit(engine).connect() as connection:
            connection.execute(text("SELECT 1"))
        with autocommit(engine).connect() as connection:
            connection.execute(text("SELECT 1"))
            end_backend(postgres, connection)
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_a_connection_has_transactions_again_after_autocommit(engine: Engine) -> None:
    with autocommit(engine).connect() as connection:
        connection.execute(text("CREATE TABLE kept AS SELECT 1 AS number"))
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO kept VALUES (2)"))
        connection.rollback()
    with autocommit(engine).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept")) == 1
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"


@pytest.mark.parametrize("make", [make_engine, lambda settings: make_read_engine(settings.sqlalchemy_url)])
def test_connections_are_replaced_at_different_moments_within_half_an_hour(
    base_env: dict[str, str], make: Callable[[Settings], Engine]
) -> None:
    engine = make(Settings(_env_file=None, database_url=base_env["DATABASE_URL"]))
    random.seed(1)

    def backends(seconds_later: float) -> set[int]:
        with ExitStack() as stack:
            connections = [stack.enter_context(engine.connect()) for _ in range(READ_SESSIONS)]
            for connection in connections:
                record = connection.connection._connection_record
                assert record is not None
                record.starttime -= seconds_later
            return {int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one()) for connection in connections}

    first = backends(CONNECTION_AGE_MAX_S / 2 - 60)
    assert backends(CONNECTION_AGE_MAX_S / 4 + 60) == first
    some_left = backends(CONNECTION_AGE_MAX_S / 4 + 60) & first
    assert 0 < len(some_left) < READ_SESSIONS
    assert not backends(0) & first
    engine.dispose()
