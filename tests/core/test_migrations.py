"""The migrations, run on a separate PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

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


def run(server: EmbeddedPostgres, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows of a statement that commits by itself."""
    with closing(psycopg2.connect(server.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def run_alone(server: EmbeddedPostgres, statement: str) -> None:
    """Runs a statement that cannot be in a transaction."""
    with closing(psycopg2.connect(server.url)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


def script_texts(server: EmbeddedPostgres, script_id: int) -> tuple[Any, ...]:
    return run(server, "SELECT title_ko, description_ko, translations FROM scripts WHERE id = %s", script_id)[0]


def token_texts(server: EmbeddedPostgres, token_id: int) -> tuple[Any, ...]:
    return run(server, "SELECT translation, translations FROM tokens WHERE id = %s", token_id)[0]


NEW_SCRIPT = """INSERT INTO scripts (title, category, language, synthetic_voice, created_at, updated_at, {columns})
    VALUES ('T', 'test', 'en-US', false, now(), now(), {values}) RETURNING id"""
NEW_TOKEN = """INSERT INTO tokens (script_id, actor_id, position, text, start_time, end_time, created_at, updated_at,
    {columns}) SELECT %s, (SELECT min(id) FROM actors), 1, 'T', 0, 1, now(), now(), {values} RETURNING id"""


def insert(server: EmbeddedPostgres, statement: str, *before: object, **columns: object) -> int:
    names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
    rows = run(server, statement.format(columns=names, values=places), *before, *columns.values())
    return int(rows[0][0])


KOREAN = {"ko": {"title": "막차", "description": None}}
JAPANESE = {"title": "終電", "description": None}


def test_texts_are_moved_to_their_language_and_back(empty: EmbeddedPostgres) -> None:
    assert alembic(empty, "upgrade", "0004").returncode == 0
    run(empty, "INSERT INTO actors (name, created_at, updated_at) VALUES ('A', now(), now())")
    before = insert(empty, NEW_SCRIPT, title_ko="막차", description_ko=None)
    bare = insert(empty, NEW_SCRIPT, title_ko=None)
    line = insert(empty, NEW_TOKEN, before, translation="늦었어.")
    upgraded = alembic(empty, "upgrade", "head")
    assert upgraded.returncode == 0, upgraded.stderr

    assert script_texts(empty, before) == ("막차", None, KOREAN)
    assert script_texts(empty, bare) == (None, None, {})
    assert token_texts(empty, line) == ("늦었어.", {"ko": "늦었어."})

    assert alembic(empty, "downgrade", "0004").returncode == 0
    assert run(empty, "SELECT title_ko FROM scripts WHERE id = %s", before) == [("막차",)]
    assert run(empty, "SELECT translation FROM tokens WHERE id = %s", line) == [("늦었어.",)]
    assert alembic(empty, "upgrade", "head").returncode == 0
    assert script_texts(empty, before) == ("막차", None, KOREAN)


def test_the_previous_version_and_this_one_see_what_the_other_writes(empty: EmbeddedPostgres) -> None:
    assert alembic(empty, "upgrade", "head").returncode == 0
    run(empty, "INSERT INTO actors (name, created_at, updated_at) VALUES ('B', now(), now())")
    old_script = insert(empty, NEW_SCRIPT, title_ko="막차", description_ko=None)
    old_line = insert(empty, NEW_TOKEN, old_script, translation=None)
    assert script_texts(empty, old_script) == ("막차", None, KOREAN)
    assert token_texts(empty, old_line) == (None, {})

    both = '{"ko": {"title": "막차", "description": null}, "ja": {"title": "終電", "description": null}}'
    new_script = insert(empty, NEW_SCRIPT, translations=both)
    new_line = insert(empty, NEW_TOKEN, new_script, translations='{"ja": "遅い。", "ko": "늦었어."}')
    assert script_texts(empty, new_script)[:2] == ("막차", None)
    assert token_texts(empty, new_line)[0] == "늦었어."

    run(empty, "UPDATE scripts SET description_ko = '설명', title_ko = NULL WHERE id = %s", new_script)
    changed = {"ja": JAPANESE, "ko": {"title": None, "description": "설명"}}
    assert script_texts(empty, new_script) == (None, "설명", changed)
    run(empty, "UPDATE tokens SET translation = NULL WHERE id = %s", new_line)
    assert token_texts(empty, new_line) == (None, {"ja": "遅い。"})
    run(empty, "UPDATE scripts SET translations = translations - 'ko' WHERE id = %s", new_script)
    assert script_texts(empty, new_script) == (None, None, {"ja": JAPANESE})
    run(empty, """UPDATE tokens SET translations = '{"ko": "새로."}' WHERE id = %s""", new_line)
    assert token_texts(empty, new_line) == ("새로.", {"ko": "새로."})


def test_migration_fails_on_a_locked_table_instead_of_blocking_traffic(empty: EmbeddedPostgres) -> None:
    alembic(empty, "upgrade", "head")
    connection = psycopg2.connect(empty.url)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE bookmarks IN ACCESS SHARE MODE")
        refused = alembic(empty, "downgrade", "base")
    connection.close()
    assert refused.returncode != 0
    assert "lock timeout" in refused.stderr


def test_index_left_invalid_by_a_failed_migration_is_created_again(empty: EmbeddedPostgres) -> None:
    alembic(empty, "upgrade", "head")
    assert alembic(empty, "downgrade", "0004").returncode == 0
    with closing(psycopg2.connect(empty.url)) as reader, reader.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM bookmarks")  # a concurrent index waits for this snapshot to end
        assert alembic(empty, "upgrade", "head").returncode != 0
    invalid = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    assert run(empty, invalid) == [("ix_scripts_translated_titles_trgm",)]
    assert alembic(empty, "upgrade", "head").returncode == 0
    assert run(empty, invalid) == []


def test_index_that_an_earlier_version_left_invalid_is_named(empty: EmbeddedPostgres) -> None:
    assert "INVALID" not in alembic(empty, "upgrade", "head").stderr
    run(empty, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_tokens_phones'::regclass")
    told = alembic(empty, "upgrade", "head")
    assert told.returncode == 0 and "run REINDEX INDEX CONCURRENTLY ix_tokens_phones" in told.stderr
    run_alone(empty, "REINDEX INDEX CONCURRENTLY ix_tokens_phones")
    assert "INVALID" not in alembic(empty, "upgrade", "head").stderr
