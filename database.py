"""The database: declarative base, engine, and the scope of one session."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, MetaData, create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from settings import Settings

# Requests and jobs have connections of their own, so that neither waits for the other.
# workers × (REQUEST_SESSIONS + JOB_SESSIONS) has to stay below PostgreSQL's max_connections.
REQUEST_SESSIONS = 15
JOB_SESSIONS = 5


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
        connect_args={
            "connect_timeout": 3,
            # A database machine that vanished is noticed in seconds, not in the kernel's two hours.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
            "application_name": "yousync",
            "options": "-c statement_timeout=10000 -c lock_timeout=5000 -c timezone=UTC",
        },
    )


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def session_scope(factory: sessionmaker[Session]) -> Iterator[Session]:
    """One transaction: commits when the block ends well, rolls back when it raises."""
    with factory() as session, session.begin():
        yield session
