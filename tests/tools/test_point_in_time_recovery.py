"""Point-in-time recovery with the settings and commands of docs/runbook.md."""

import re
import shlex
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from core.settings import ROOT
from local.embedded import EmbeddedPostgres
from local.embedded.postgres import postgres_binaries
from local.embedded.server import EmbeddedError, run
from tests.conftest import migrate
from tests.support.waiting import wait_until
from tests.tools.test_backup import tables

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8").partition("## Point-in-time recovery")[2]
ARCHIVING, BASE_BACKUP, RECOVERY = re.findall(r"^```\n(.*?)^```$", RUNBOOK, re.MULTILINE | re.DOTALL)
NEW_USERS = """INSERT INTO users (issuer, subject, email, name, created_at, updated_at)
    SELECT 'test', i::text, i || '@yousync.test', '학습자', now(), now() FROM generate_series(%s, %s) AS i"""


class RecoverablePostgres(EmbeddedPostgres):
    """PostgreSQL whose data folder is made by `prepare`, or else by initdb, and whose settings are extended once."""

    def __init__(self, folder: Path, settings: str, prepare: Callable[[Path], None] | None = None) -> None:
        super().__init__(folder, durable=False)
        self._settings = settings
        self._prepare_folder = prepare

    def _initdb(self, folder: Path, password: Path) -> None:
        if self._prepare_folder:
            self._prepare_folder(folder)
        else:
            super()._initdb(folder, password)
        with (folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(self._settings)
        self._change_owner(folder)

    def back_up(self, command: str) -> None:
        """Runs pg_basebackup as in the runbook."""
        program, *arguments = shlex.split(command)
        login = [f"--dbname={self.url_of('postgres')}"]
        done = run([*self._run_as.prefix, str(postgres_binaries() / program), *arguments, *login], self._environment())
        if done.returncode:
            raise EmbeddedError(done.stderr)


def rows(server: EmbeddedPostgres, statement: str, values: Any = None) -> list[Any]:
    with closing(psycopg2.connect(server.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def wait_until_archived(server: EmbeddedPostgres, archive: Path) -> None:
    [(name,)] = rows(server, "SELECT pg_walfile_name(pg_switch_wal())")
    wait_until((archive / name).exists, 60, explain=lambda: server.log_tail)


def test_tables_are_recovered_as_they_were_before_a_mistake(tmp_path: Path) -> None:
    archive, base = tmp_path / "archive", tmp_path / "base"
    archive.mkdir()
    with RecoverablePostgres(tmp_path / "postgres", ARCHIVING.replace("/archive", str(archive))) as server:
        migrate({"DATABASE_URL": server.url})
        rows(server, NEW_USERS, (1, 50))
        server.back_up(BASE_BACKUP.replace("/backups/base-2031-05-01", str(base)))
        rows(server, NEW_USERS, (51, 100))
        rows(server, "UPDATE users SET name = 'changed' WHERE id = 1")
        before = tables({"DATABASE_URL": server.url})
        [(moment,)] = rows(server, "SELECT clock_timestamp()::text")
        rows(server, "DELETE FROM users")
        wait_until_archived(server, archive)
        server.kill()
    shutil.rmtree(server.data_dir / "cluster")
    files = [path for folder in (archive, base) for path in folder.rglob("*") if path.is_file()]
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}

    def copy_base(folder: Path) -> None:
        shutil.copytree(base, folder, dirs_exist_ok=True)
        (folder / "recovery.signal").touch()

    settings = RECOVERY.replace("/archive", str(archive)).replace("2031-05-01 12:00:00+00", moment)
    with RecoverablePostgres(server.data_dir, settings, copy_base) as recovered:
        wait_until(lambda: not rows(recovered, "SELECT pg_is_in_recovery()")[0][0])
        assert len(before["users"]) == 100
        assert tables({"DATABASE_URL": recovered.url}) == before
        rows(recovered, NEW_USERS, (101, 101))  # sequences continue, and it is writable
        assert "archive recovery complete" in recovered.log_path.read_text(encoding="utf-8")
