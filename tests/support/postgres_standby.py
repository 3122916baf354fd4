"""A real streaming replica of an embedded PostgreSQL."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from local.embedded import EmbeddedPostgres
from local.embedded.postgres import postgres_binaries
from local.embedded.server import EmbeddedError, run


class Standby(EmbeddedPostgres):
    """A replica created by pg_basebackup, which then streams from its primary."""

    name = "standby"

    def __init__(self, data_dir: Path, primary: EmbeddedPostgres) -> None:
        super().__init__(data_dir, durable=False)
        self._primary = primary

    def url_of(self, database: str) -> str:
        return self._primary.url_of(database).replace(f":{self._primary.port}/", f":{self.port}/")

    def query_value(self, statement: str) -> object:
        """Returns the first column of the first row."""
        with closing(psycopg2.connect(self.url_of("postgres"), connect_timeout=2)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                row: tuple[object, ...] | None = cursor.fetchone()
        return row[0] if row else None

    def pause_replay(self) -> None:
        """Pauses replay: the replica still receives WAL, but does not apply it."""
        self.query_value("SELECT pg_wal_replay_pause()")

    def resume_replay(self) -> None:
        self.query_value("SELECT pg_wal_replay_resume()")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Suspends the server for the block: connections are accepted, but no statement is answered."""
        with closing(psycopg2.connect(self.url_of("postgres"))) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'yousync'")
            pids = [int(pid) for (pid,) in cursor.fetchall()]
        pids.append(int((self._cluster / "postmaster.pid").read_text().split()[0]))
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def set_replay_delay_ms(self, delay_ms: int) -> None:
        """Delays the replay of each later commit."""
        with closing(psycopg2.connect(self.url_of("postgres"), connect_timeout=2)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER SYSTEM SET recovery_min_apply_delay = {delay_ms}")
                cursor.execute("SELECT pg_reload_conf()")

    def _initdb(self, folder: Path, password: Path) -> None:
        primary = self._primary.url_of("postgres")
        words = [str(postgres_binaries() / "pg_basebackup"), "-D", str(folder), "-d", primary]
        # -R writes the connection settings for streaming, the password included.
        words += ["-R", "-X", "stream", "-c", "fast", "--no-sync"]
        done = run([*self._run_as.prefix, *words], self._environment())
        if done.returncode:
            raise EmbeddedError(f"the standby could not be copied:\n{done.stderr.strip()}")

    def _complete_start(self) -> bool:
        try:
            return bool(self.query_value("SELECT pg_is_in_recovery()"))
        except psycopg2.OperationalError:
            return False
