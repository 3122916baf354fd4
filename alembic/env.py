"""Runs migrations against DATABASE_URL. A lock time-out ends the run, so that it does not block traffic.

An interrupted run can be repeated: a migration is one transaction, or all its steps outside of one can run twice.
"""

import logging
from collections.abc import Sequence
from logging.config import fileConfig
from typing import Any

from alembic.operations import MigrateOperation, Operations
from sqlalchemy import Connection, Engine, TextClause, create_engine, text
from sqlalchemy.exc import OperationalError

import models  # noqa: F401 - fills Base.metadata
from alembic import context
from core.settings import get_settings
from database import Base, explain_unusable

log = logging.getLogger("alembic.yousync")

LOCK_TIMEOUT = "5s"
CONNECT_TIMEOUT_S = 10
# Columns that the models no longer have, and the previous version still uses: a later release drops them.
RETIRED_COLUMNS = {("scripts", "title_ko"), ("scripts", "description_ko"), ("tokens", "translation")}

if context.config.config_file_name and context.config.attributes.get("configure_logging", True):
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)


@Operations.register_operation("create_index_concurrently")
@Operations.register_operation("drop_index_concurrently")
class ConcurrentIndexSteps(MigrateOperation):
    """Steps that build and drop an index while the table is in use, to be run in `autocommit_block()`.

    PostgreSQL keeps the index of an interrupted build as INVALID: it slows down writes, serves no query, and
    IF NOT EXISTS takes it for the index.
    """

    @classmethod
    def create_index_concurrently(
        cls, operations: Operations, name: str, table: str, columns: Sequence[str | TextClause], **options: Any
    ) -> None:
        """Builds the index unless a valid one of this name exists; `options` are those of `create_index`."""
        if cls._is_invalid(operations, name):
            cls.drop_index_concurrently(operations, name, table)
        options |= {"postgresql_concurrently": True, "if_not_exists": True}
        operations.create_index(name, table, columns, **options)

    @classmethod
    def drop_index_concurrently(cls, operations: Operations, name: str, table: str) -> None:
        """Drops the index if it exists, valid or not."""
        operations.drop_index(name, table_name=table, postgresql_concurrently=True, if_exists=True)

    @staticmethod
    def _is_invalid(operations: Operations, name: str) -> bool:
        if operations.get_context().as_sql:
            return False
        query = "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid)"
        return bool(operations.get_bind().scalar(text(query), {"name": name}))


def is_compared(name: str | None, kind: str, parents: Any) -> bool:
    """Returns whether `alembic check` compares something in the database with the models."""
    return kind != "column" or (parents["table_name"], name) not in RETIRED_COLUMNS


def run_offline() -> None:
    context.configure(url=get_settings().sqlalchemy_url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def connect(engine: Engine) -> Connection:
    """Opens a connection. Raises SystemExit, which is printed without a traceback, when there is no such database."""
    try:
        return engine.connect()
    except OperationalError as error:
        raise SystemExit(f"the database cannot be used: {explain_unusable(error, engine.url)}") from None


def run_online() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or get_settings().sqlalchemy_url
    engine = create_engine(url, connect_args={"connect_timeout": CONNECT_TIMEOUT_S})
    with connect(engine) as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            include_name=is_compared,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.rollback()
        warn_of_invalid_indexes(connection)
    engine.dispose()


def warn_of_invalid_indexes(connection: Connection) -> None:
    """Names the indexes that an earlier version left INVALID and recorded as built."""
    names = connection.scalars(text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"))
    for name in names.all():
        log.warning("index %s is INVALID and serves no query: run REINDEX INDEX CONCURRENTLY %s", name, name)


if context.is_offline_mode():
    run_offline()
else:
    run_online()
