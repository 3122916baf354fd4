"""Every migration, interrupted at every statement on a database with data, and run again."""

import contextlib
import json
import subprocess
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import psycopg2
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError, PendingRollbackError

from alembic import command
from core.settings import ROOT
from local.embedded import EmbeddedPostgres
from local.embedded.postgres import postgres_binaries

LOCK_TIMEOUT = "50ms"
# Rows of all tables, with ids that a migration in batches of thousands reaches in several batches.
FAR_ID = 12_001
ROWS = """
INSERT INTO users (id, issuer, subject, email, name, created_at, updated_at)
    SELECT i, 'test', i::text, i || '@yousync.test', 'N', now(), now() FROM unnest(%(ids)s) AS i;
INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, created_at, family_expires_at)
    SELECT i, i, gen_random_uuid(), i::text::bytea, now(), now() FROM unnest(%(ids)s) AS i;
INSERT INTO actors (id, name, created_at, updated_at) SELECT i, 'A' || i, now(), now() FROM unnest(%(ids)s) AS i;
INSERT INTO scripts (id, title, title_ko, category, language, synthetic_voice, created_at, updated_at)
    SELECT i, 'Last train', '막차', 'drama', 'en-US', false, now(), now() FROM unnest(%(ids)s) AS i;
INSERT INTO tokens (id, script_id, actor_id, position, text, translation, start_time, end_time, s3_url,
    reference_features, created_at, updated_at)
    SELECT i, i, i, 1, 'Late.', '늦었어.', 0, 1, 'scenes/' || i, %(features)s, now(), now() FROM unnest(%(ids)s) AS i;
INSERT INTO analysis_results (id, user_id, token_id, job_id, status, progress, stage, version, user_audio_s3_url,
    audio_type, spool_id, attempts, next_attempt_at, created_at, updated_at)
    SELECT i, i, i, gen_random_uuid(), 'processing', 10, 'stored', 1, 'recordings/' || i, 'audio/webm',
        gen_random_uuid(), 1, now(), now(), now() FROM unnest(%(ids)s) AS i;
INSERT INTO bookmarks (id, user_id, token_id, created_at) SELECT i, i, i, now() FROM unnest(%(ids)s) AS i;
"""
FEATURES = json.dumps({"words": [{"phones": [{"phone": "L"}, {"phone": "EY"}]}]})
INVALID = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
# A killed run leaves no connection, but the exception of an interrupted one may still hold its own.
CLOSE_OTHERS = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""

CONFIG = Config(str(ROOT / "alembic.ini"))
REVISIONS = [script.revision for script in ScriptDirectory.from_config(CONFIG).walk_revisions()][::-1]


class Interrupted(BaseException):
    """A stand-in for Ctrl-C and for a lost connection: the open transaction is rolled back."""


@dataclass
class Watch:
    """Notes the statements and commits of one run of alembic."""

    texts: list[str] = field(default_factory=list)
    outside_transactions: list[int] = field(default_factory=list)

    def before_cursor_execute(self, _connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if cursor.connection.autocommit:
            self.outside_transactions.append(len(self.texts))
        self.note(statement, cursor)

    def after_cursor_execute(self, *_: object) -> None:
        pass

    def commit(self, _connection: Any) -> None:
        self.note("COMMIT", None)

    def note(self, statement: str, _cursor: Any) -> None:
        self.texts.append(statement)


@dataclass
class Stop(Watch):
    """Interrupts the run before one statement or commit."""

    at: int = 0

    def note(self, statement: str, cursor: Any) -> None:
        super().note(statement, cursor)
        if len(self.texts) - 1 == self.at:
            raise Interrupted


@dataclass
class Block(Watch):
    """Lets a transaction of another session be open during the statements with these numbers, or these words in them.

    It has an old snapshot, for which concurrent builds wait, has read all tables, and has locked their last rows.
    """

    url: str = ""
    numbers: Collection[int] = ()
    words: str | None = None
    others: list[Any] = field(default_factory=list)

    def note(self, statement: str, cursor: Any) -> None:
        super().note(statement, cursor)
        if cursor and (len(self.texts) - 1 in self.numbers or (self.words and self.words in statement)):
            self.others.append(other := psycopg2.connect(self.url))
            with other.cursor() as reader:
                reader.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'; BEGIN ISOLATION LEVEL REPEATABLE READ")
                for table in ("users", "scripts", "tokens", "analysis_results", "bookmarks"):
                    reader.execute(f"SELECT FROM {table} WHERE id = {FAR_ID} FOR UPDATE")
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")

    def after_cursor_execute(self, *_: object) -> None:
        while self.others:
            self.others.pop().close()


def rows(url: str, statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


def migrate(url: str, target: str, watch: Watch | None = None) -> Watch:
    """Runs `alembic upgrade` in this process."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("sqlalchemy.url", url.replace("postgresql://", "postgresql+psycopg2://"))
    config.attributes["configure_logging"] = False
    watch = watch or Watch()
    events = {name: getattr(watch, name) for name in ("before_cursor_execute", "after_cursor_execute", "commit")}
    for name, listener in events.items():
        event.listen(Engine, name, listener)
    try:
        command.upgrade(config, target)
    finally:
        for name, listener in events.items():
            event.remove(Engine, name, listener)
        watch.after_cursor_execute()
        rows(url, CLOSE_OTHERS)
    return watch


def whole(url: str) -> dict[str, Any]:
    """Returns the schema as pg_dump writes it, the INVALID indexes, which it leaves out, and all rows of all tables."""
    words = [str(postgres_binaries() / "pg_dump"), "--schema-only", "--restrict-key=none", url]
    schema = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    tables = [name for (name,) in rows(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    queries = [f"SELECT '{name}' AS name, row_to_json(t)::text AS row FROM {name} t" for name in tables]
    found = rows(url, " UNION ALL ".join(["SELECT '' AS name, '' AS row", *queries]) + " ORDER BY name, row")
    return {"schema": schema, "invalid": rows(url, INVALID), "rows": found}


class Databases:
    """A server with one database for each revision, in the state before it, with rows except before the first."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._server.create_database(f"before_{REVISIONS[0]}")
        for revision, following in pairwise(REVISIONS):
            url = self._copy(f"before_{revision}", f"before_{following}")
            migrate(url, revision)
            if revision == REVISIONS[0]:
                rows(url, ROWS, {"ids": [1, FAR_ID], "features": FEATURES})

    @contextmanager
    def before(self, revision: str) -> Iterator[str]:
        """Yields the URL of a new database in the state before that revision."""
        try:
            yield self._copy(f"before_{revision}", "tried")
        finally:
            rows(self._server.url, "DROP DATABASE tried WITH (FORCE)")

    def _copy(self, template: str, name: str) -> str:
        rows(self._server.url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._server.url_of(name)


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("interrupted"), durable=False) as server:
        yield Databases(server)


each_migration = pytest.mark.parametrize("revision", REVISIONS)


@each_migration
def test_migration_stopped_at_any_statement_can_be_repeated(databases: Databases, revision: str) -> None:
    with databases.before(revision) as url:
        before = whole(url)
        count = len(migrate(url, revision).texts)
        expected = whole(url)
    number = 0
    while number < count:
        with databases.before(revision) as url:
            while number < count and whole(url) == before:  # a transaction has left nothing: go on in this database
                watch = Stop(at=number)
                with pytest.raises((Interrupted, PendingRollbackError)):
                    migrate(url, revision, watch)
                number += 1
            migrate(url, revision)
            assert whole(url) == expected, watch.texts[-1]


@each_migration
def test_migration_that_waits_in_vain_for_an_open_transaction_can_be_repeated(
    databases: Databases, revision: str
) -> None:
    with databases.before(revision) as url:
        exposed = migrate(url, revision).outside_transactions
        expected = whole(url)
    for number in exposed:
        with databases.before(revision) as url:
            watch = Block(url=url, numbers=[number])
            with contextlib.suppress(OperationalError):  # some statements wait for nobody
                migrate(url, revision, watch)
            # The repeated run first drops an INVALID index, and may be interrupted itself.
            with contextlib.suppress(OperationalError):
                migrate(url, revision, Block(url=url, words="DROP INDEX"))
            migrate(url, revision)
            assert whole(url) == expected, watch.texts[-1]
