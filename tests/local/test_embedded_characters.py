"""Letters of the embedded PostgreSQL: trigram indexes find Hangul, and older databases are moved with all data."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from local.embedded import EmbeddedError, EmbeddedPostgres, postgres
from tests.conftest import clone_database

LINES = 20_000
# A script with lines of twelve syllables, each another one.
FILL = f"""
INSERT INTO actors (name, created_at, updated_at) VALUES ('배우', now(), now());
INSERT INTO scripts (title, category, language, synthetic_voice, created_at, updated_at)
    VALUES ('막차', 'drama', 'ko-KR', false, now(), now());
INSERT INTO tokens (script_id, actor_id, position, text, start_time, end_time, created_at, updated_at)
    SELECT s.id, a.id, i, line, 0, 1, now(), now() FROM scripts s, actors a, generate_series(1, {LINES}) AS i,
    LATERAL (SELECT string_agg(chr(44032 + (hashint4(i * 12 + k) & 65535) % 11172), '') AS line
        FROM generate_series(0, 11) AS k) AS lines
"""


def rows(url: str, statement: str, values: Any = None) -> list[Any]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def test_search_for_five_syllables_reads_few_rows_by_the_index(
    postgres: EmbeddedPostgres, base_env: dict[str, str]
) -> None:
    url = clone_database(postgres, "hangul")
    rows(url, FILL)
    rows(url, "VACUUM ANALYZE tokens")
    [(part,)] = rows(url, "SELECT substr(text, 4, 5) FROM tokens WHERE position = 777")
    query = "EXPLAIN (ANALYZE, FORMAT JSON) SELECT id FROM tokens WHERE text ILIKE %s ESCAPE '/'"
    [(plans,)] = rows(url, query, [f"%{part}%"])
    read = {node.get("Index Name"): node["Actual Rows"] for node in nodes(plans[0]["Plan"])}
    assert 1 <= read.get("ix_tokens_text_trgm", LINES) < LINES / 1000, json.dumps(plans, indent=1)


@contextmanager
def old_cluster(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedPostgres]:
    """A running cluster as earlier versions made it, with rows, a sequence and a trigram index."""
    with monkeypatch.context() as earlier:
        earlier.setattr(postgres, "CHARACTER_TYPES", "C")
        with EmbeddedPostgres(folder, durable=False) as server:
            rows(server.url, "CREATE EXTENSION pg_trgm; CREATE TABLE kept (id serial PRIMARY KEY, text text)")
            rows(server.url, "CREATE INDEX kept_trgm ON kept USING gin (text gin_trgm_ops)")
            rows(server.url, "INSERT INTO kept (text) VALUES ('막차는 늦었어'), ('bytes \\ and ''quotes''')")
            assert rows(server.url, "SELECT show_trgm('막차')") == [([],)]
            yield server


def assert_moved(server: EmbeddedPostgres) -> None:
    assert rows(server.url, "SELECT id, text FROM kept ORDER BY id") == [
        (1, "막차는 늦었어"),
        (2, "bytes \\ and 'quotes'"),
    ]
    assert rows(server.url, "INSERT INTO kept (text) VALUES ('new') RETURNING id") == [(3,)]
    [(trigrams,)] = rows(server.url, "SELECT show_trgm('막차')")
    assert len(trigrams) == 3
    assert rows(server.url, "SELECT indexname FROM pg_indexes WHERE indexname = 'kept_trgm'")
    names = [name for (name,) in rows(server.url, "SELECT datname FROM pg_database")]
    assert sorted(names) == ["postgres", "template0", "template1", "yousync"]
    assert not list(server.data_dir.glob("*.dump"))


def test_database_of_an_earlier_version_is_moved_with_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with old_cluster(tmp_path, monkeypatch):
        pass
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert_moved(server)


def test_move_interrupted_before_its_copy_was_complete_is_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with old_cluster(tmp_path, monkeypatch) as server:
        rows(server.url, "CREATE DATABASE yousync_moved")
        rows(server.url_of("yousync_moved"), "CREATE TABLE kept (id int)")
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert_moved(server)


def test_move_interrupted_before_the_old_database_was_dropped_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with old_cluster(tmp_path, monkeypatch):
        pass
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        rows(server.url, "CREATE DATABASE yousync_replaced")
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert_moved(server)


def test_failed_move_is_told_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with old_cluster(tmp_path, monkeypatch) as server:
        # A row that contradicts a constraint cannot be restored.
        rows(server.url, "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        rows(server.url, "CREATE TABLE broken (n int CHECK (n = one())); INSERT INTO broken VALUES (1)")
        rows(server.url, "CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 2'")
    new = EmbeddedPostgres(tmp_path, durable=False)
    with pytest.raises(EmbeddedError, match=r"(?s)has to be copied, which failed\. It is unchanged.*broken"):
        new.start()
    assert not new.is_running
    with monkeypatch.context() as earlier:
        earlier.setattr(postgres.EmbeddedPostgres, "_move_database", lambda self: None)
        with EmbeddedPostgres(tmp_path, durable=False) as server:
            assert rows(server.url, "SELECT count(*) FROM kept") == [(2,)]
