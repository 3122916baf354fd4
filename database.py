"""The database: declarative base, engines, the scope of one session, and reads without a session."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg2
import psycopg2.extensions
from sqlalchemy import URL, Connection, Engine, MetaData, Select, create_engine, event
from sqlalchemy.dialects.postgresql.psycopg2 import dialect as psycopg2_dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from core.settings import Settings
from core.thread_pool import Threads

# Requests, jobs and frequent reads have separate connections, so that none waits for the others.
# workers × (REQUEST_SESSIONS + JOB_SESSIONS + READ_SESSIONS) has to stay below PostgreSQL's max_connections.
REQUEST_SESSIONS = 15
JOB_SESSIONS = 5
READ_SESSIONS = 8
# Of those, the threads that compute cached responses: each is computed once, and more threads would only wait for each
# other.
CACHE_READS = 2
# A backend of PostgreSQL keeps the plans and catalogue entries of all that it ever ran, and open files of all tables:
# each is replaced after a quarter to half an hour, not all at the same moment.
CONNECTION_AGE_MAX_S = 1800

_CONNECT_ARGS = {
    "connect_timeout": 3,
    # A database machine that vanished is noticed in seconds, not in the kernel's two hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "yousync",
    "options": "-c statement_timeout=10000 -c lock_timeout=5000 -c timezone=UTC",
}

Rows = TypeVar("Rows")
# Queries of one statement run in a session's transaction as well as without one.
Reader = Connection | Session
Require = Callable[[Connection], None]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class PooledConnection(psycopg2.extensions.connection):
    """A connection that changes between transactions and autocommit without a statement to the server.

    SQLAlchemy does so while it returns a connection to the pool, and psycopg2 would send a SET. Where that failed, the
    pool never got its place back, and the caller an error of the driver.
    """

    def set_isolation_level(self, level: int | None) -> None:
        """Enters or leaves autocommit; transactions have the isolation level that the server gives them."""
        if not self.closed:
            self.autocommit = level == psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT


def make_engine(settings: Settings) -> Engine:
    """Returns an engine with a pool of REQUEST_SESSIONS + JOB_SESSIONS connections."""
    engine = create_engine(
        settings.sqlalchemy_url,
        pool_size=REQUEST_SESSIONS + JOB_SESSIONS,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=CONNECTION_AGE_MAX_S,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={**_CONNECT_ARGS, "connection_factory": PooledConnection},
    )
    event.listen(engine, "connect", _shorten_life)
    return engine


def make_read_engine(url: str, **connect_args: int) -> Engine:
    """Returns an engine for reads: it sends the statement only, without BEGIN, ROLLBACK or ping."""
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=READ_SESSIONS,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=CONNECTION_AGE_MAX_S,
        pool_reset_on_return=None,
        skip_autocommit_rollback=True,
        hide_parameters=True,
        connect_args=_CONNECT_ARGS | connect_args,
    )
    event.listen(engine, "connect", _shorten_life)
    return engine


def _shorten_life(_: object, record: Any) -> None:
    """Takes up to half of its life from a new connection, at random: those opened together are not replaced together.

    `pool_recycle` compares with `starttime`, which SQLAlchemy sets before this event.
    """
    record.starttime -= random.uniform(0, CONNECTION_AGE_MAX_S / 2)  # noqa: S311 - no secret


def autocommit(engine: Engine) -> Engine:
    """Returns an engine on the same pool for single statements, which need neither BEGIN nor COMMIT."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def explain_unusable(error: DBAPIError, url: URL) -> str:
    """A text for operators about a database that cannot be opened: the driver's message and the remedy, no password."""
    place = f"{url.host or 'this machine'}:{url.port or 5432}/{url.database or url.username or ''}"
    said = " ".join(str(error.orig or error).split())
    return (
        f"{place}: {said} - check that PostgreSQL runs there, and that DATABASE_URL names the right host, port, user, "
        "password and database."
    )


def allow(_: Connection) -> None:
    """Permits the read of data that everyone may see."""


class DriverQuery:
    """A query that returns the tuples of psycopg2 itself; all its values are named by `bindparam`.

    Reading 21 lines costs 60 µs of CPU this way, and 105 µs through SQLAlchemy.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._text = str(statement.compile(dialect=psycopg2_dialect()))  # type: ignore[no-untyped-call]

    def __call__(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Returns all rows; raises what `connection.execute` would. Blocks."""
        driver: Any = connection.connection.driver_connection
        try:
            with driver.cursor() as cursor:
                cursor.execute(self._text, values)
                rows: list[tuple[Any, ...]] = cursor.fetchall()
                return rows
        except psycopg2.Error as error:
            if driver.closed:
                # Fails again in SQLAlchemy, which then invalidates this connection and the pool.
                connection.execute(self._statement, values)
            raise DBAPIError.instance(self._text, None, error, psycopg2.Error, hide_parameters=True) from error


class Reads:
    """Runs read-only queries in threads; each takes and returns its connection there."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._own, self._cache = Threads(READ_SESSIONS - CACHE_READS), Threads(CACHE_READS)

    async def in_thread(self, work: Callable[[], Rows]) -> Rows:
        """Runs work that ends with a query, and that holds no connection while it waits for anything else."""
        return await self._own.run(work)

    async def for_all(self, work: Callable[[], Rows]) -> Rows:
        """Runs work as in_thread does, in the few threads that compute cached responses."""
        return await self._cache.run(work)

    def look_up(self, query: Callable[[Connection], Rows], require: Require = allow) -> Rows:
        """Runs `query` for data that is only shown, after `require` has permitted it or raised. Blocks."""

        def look(connection: Connection) -> Rows:
            require(connection)
            return query(connection)

        return self.query(look)

    def query(self, query: Callable[[Connection], Rows]) -> Rows:
        """Runs a query, a second time if the server had closed the connection, which only its use reveals. Blocks."""
        try:
            with self.engine.connect() as connection:
                return query(connection)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        with self.engine.connect() as connection:
            return query(connection)

    def close(self) -> None:
        self._own.close()
        self._cache.close()
        self.engine.dispose()


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def session_scope(factory: sessionmaker[Session]) -> Iterator[Session]:
    """Opens one transaction: commits when the block succeeds, rolls back when it raises."""
    with factory() as session, session.begin():
        yield session
