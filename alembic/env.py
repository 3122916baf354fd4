"""Runs migrations against DATABASE_URL. A lock time-out ends the run, so that it does not block traffic."""

from logging.config import fileConfig
from typing import Any

from sqlalchemy import create_engine, text

import models  # noqa: F401 - fills Base.metadata
from alembic import context
from core.settings import get_settings
from database import Base

LOCK_TIMEOUT = "5s"
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


def run_online() -> None:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or get_settings().sqlalchemy_url)
    with engine.connect() as connection:
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
