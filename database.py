"""The database: declarative base, engines, the scope of one session, and reads without one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg2
from sqlalchemy import Connection, Engine, MetaData, Select, create_engine
from sqlalchemy.dialects.postgresql.psycopg2 import dialect as psycopg2_dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from core.settings import Settings
from core.thread_pool import Threads

# Requests, jobs and hot reads have connections of their own, so that none waits for the other.
# workers × (REQUEST_SESSIONS + JOB_SESSIONS + READ_SESSIONS) has to stay below PostgreSQL's max_connections.
REQUEST_SESSIONS = 15
JOB_SESSIONS = 5
READ_SESSIONS = 8
# Of those, for what everybody reads: it is made once and kept, and threads that wait for each other cost more than
# they bring.
KEPT_READS = 2

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
# Queries of one statement, which run in the session of a transaction as well as without one.
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


def make_engine(settings: Settings) -> Engine:
    """An engine whose pool serves REQUEST_SESSIONS + JOB_SESSIONS connections."""
    return create_engine(
        settings.sqlalchemy_url,
        pool_size=REQUEST_SESSIONS + JOB_SESSIONS,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=_CONNECT_ARGS,
    )


def make_read_engine(url: str, **connect_args: int) -> Engine:
    """An engine for reads alone: a statement is all that goes to the server, without BEGIN, ROLLBACK or ping."""
    return create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=READ_SESSIONS,
        max_overflow=0,
        pool_timeout=5,
        pool_reset_on_return=None,
        skip_autocommit_rollback=True,
        hide_parameters=True,
        connect_args=_CONNECT_ARGS | connect_args,
    )


def autocommit(engine: Engine) -> Engine:
    """The same connections for transactions of one statement each, which need neither BEGIN nor COMMIT."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def allow(_: Connection) -> None:
    """Of what everybody may see."""


class DriverQuery:
    """A query whose rows are the tuples that psycopg2 makes of them; its values are all named by `bindparam`.

    Asking for 21 lines costs 60 µs of CPU so, and 105 with all that SQLAlchemy wraps around it.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._text = str(statement.compile(dialect=psycopg2_dialect()))  # type: ignore[no-untyped-call]

    def __call__(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows. Blocks, and raises what `connection.execute` would."""
        driver: Any = connection.connection.driver_connection
        try:
            with driver.cursor() as cursor:
                cursor.execute(self._text, values)
                rows: list[tuple[Any, ...]] = cursor.fetchall()
                return rows
        except psycopg2.Error as error:
            if driver.closed:
                # It fails again where it is known what has to become of this connection and of the others.
                connection.execute(self._statement, values)
            raise DBAPIError.instance(self._text, None, error, psycopg2.Error, hide_parameters=True) from error


class Reads:
    """Queries that change nothing: each in a thread, with a connection that is taken and given back in it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._own, self._kept = Threads(READ_SESSIONS - KEPT_READS), Threads(KEPT_READS)

    async def in_thread(self, work: Callable[[], Rows]) -> Rows:
        """Work that comes to a query, and holds no connection while it waits for something else."""
        return await self._own.run(work)

    async def for_all(self, work: Callable[[], Rows]) -> Rows:
        """As in_thread, for what is kept and shown to everybody: a few threads make it."""
        return await self._kept.run(work)

    def look_up(self, query: Callable[[Connection], Rows], require: Require = allow) -> Rows:
        """What is only shown: `query`, once `require`, which raises, has decided that it may be. Blocks, as `query`."""

        def look(connection: Connection) -> Rows:
            require(connection)
            return query(connection)

        return self.query(look)

    def query(self, query: Callable[[Connection], Rows]) -> Rows:
        """Blocks. May run twice: that the server has closed a connection is noticed only when it is used."""
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
        self._kept.close()
        self.engine.dispose()


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def session_scope(factory: sessionmaker[Session]) -> Iterator[Session]:
    """One transaction: commits when the block ends well, rolls back when it raises."""
    with factory() as session, session.begin():
        yield session
