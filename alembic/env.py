"""Runs migrations against DATABASE_URL. A lock time-out ends the run, so that it does not block traffic."""

from logging.config import fileConfig
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError

import models  # noqa: F401 - fills Base.metadata
from alembic import context
from core.settings import get_settings
from database import Base, explain_unusable

LOCK_TIMEOUT = "5s"
CONNECT_TIMEOUT_S = 10
# Columns that the models no longer have, and the previous version still uses: a later release drops them.
RETIRED_COLUMNS = {("scripts", "title_ko"), ("scripts", "description_ko"), ("tokens", "translation")}

if context.config.config_file_name and context.config.attributes.get("configure_logging", True):
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)


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
    engine.dispose()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
