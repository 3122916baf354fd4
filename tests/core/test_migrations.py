"""The migrations, run on a separate PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg2
import pytest

from core.settings import ROOT
from local.embedded import EmbeddedPostgres


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("empty"), durable=False) as server:
        yield server


def alembic(server: EmbeddedPostgres, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DATABASE_URL": server.url}
    return subprocess.run([sys.executable, "-m", "alembic", *words], cwd=ROOT, env=env, capture_output=True, text=True)


def tables(server: EmbeddedPostgres) -> set[str]:
    connection = psycopg2.connect(server.url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {row[0] for row in cursor.fetchall()}
    connection.close()
    return found


def test_upgrade_downgrade_upgrade_matches_the_models(empty: EmbeddedPostgres) -> None:
    assert alembic(empty, "upgrade", "head").returncode == 0
    full = tables(empty)
    assert full >= {"users", "scripts", "actors", "tokens", "analysis_results", "bookmarks", "refresh_tokens"}
    assert alembic(empty, "downgrade", "base").returncode == 0
    assert tables(empty) == {"alembic_version"}
    assert alembic(empty, "upgrade", "head").returncode == 0
    assert tables(empty) == full
    checked = alembic(empty, "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_migration_fails_on_a_locked_table_instead_of_blocking_traffic(empty: EmbeddedPostgres) -> None:
    alembic(empty, "upgrade", "head")
    connection = psycopg2.connect(empty.url)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE bookmarks IN ACCESS SHARE MODE")
        refused = alembic(empty, "downgrade", "base")
    connection.close()
    assert refused.returncode != 0
    assert "lock timeout" in refused.stderr
