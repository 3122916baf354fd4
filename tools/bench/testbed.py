"""The environment of all measurements: one PostgreSQL, one S3 store, and an analysis server that accepts every job."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rich.console import Console

from core.security import Principal, make_access_token
from core.settings import ROOT, Settings
from local.embedded import EmbeddedBroker, EmbeddedPostgres, EmbeddedS3
from tests.support.server_processes import LIMITS_LIFTED, WEBHOOK_SECRET, free_port
from tools.bench.processes import Server

SECRET_KEY = "secret-of-a-benchmark-run-0123456789-abcdef"  # noqa: S105 - of servers that live for minutes
# All other settings are those of production.
_SETTINGS = {
    **LIMITS_LIFTED,
    "ACCESS_TOKEN_TTL_S": "14400",
    # The analysis server here never reports, and must not be polled for its reports.
    "JOB_REPORT_TIMEOUT_S": "3600",
}


@dataclass
class Testbed:
    """The servers of one run. `is_quick` asks for fewer and shorter measurements."""

    folder: Path
    postgres: EmbeddedPostgres
    s3: EmbeddedS3
    sink: Server
    console: Console
    is_quick: bool
    _stack: ExitStack
    _databases: int = field(default=0)

    @cached_property
    def settings(self) -> Settings:
        return Settings(secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, access_token_ttl_s=14_400)

    @cached_property
    def broker(self) -> EmbeddedBroker:
        """The broker of several processes on one database; started at first use."""
        return self._stack.enter_context(EmbeddedBroker(self.folder))

    @property
    def broker_settings(self) -> dict[str, str]:
        """The variables that several processes on one database need."""
        return self.broker.settings

    def announce(self, text: str) -> None:
        """Prints what is measured next."""
        self.console.print(f"[dim]· {text}[/dim]")

    def database(self) -> str:
        """Creates a database with our tables; returns its URL."""
        self._databases += 1
        url = self.postgres.create_database(f"bench_{self._databases}")
        command = [sys.executable, "-m", "alembic", "upgrade", "head"]
        env = {**os.environ, "DATABASE_URL": url}
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
        return url

    def server(self, app: str, database_url: str, *, spool: str = "", **settings: str) -> Server:
        """A server on this database, started by a `with` block. Servers with the same `spool` share its folder."""
        port = free_port()
        env = {
            **self.s3.account.environment(),
            **_SETTINGS,
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET_KEY,
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
            "TARGET_SERVER_URL": self.sink.url,
            "WEBHOOK_URL": f"http://127.0.0.1:{port}/api/tokens/webhook/analysis-complete",
            "SPOOL_DIR": str(self.folder / "spool" / (spool or str(port))),
            "WEB_DIR": str(self.folder / "no-page"),
            "LOG_LEVEL": "ERROR",
            **settings,
        }
        return Server(app, env, self.folder, port)

    def access_token(self, principal: Principal) -> str:
        return make_access_token(self.settings, principal)


@contextmanager
def start_testbed(console: Console, *, is_quick: bool) -> Iterator[Testbed]:
    """Starts the stores in a temporary folder; stops and removes everything at the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yousync-bench-")))
        postgres = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
        s3 = stack.enter_context(EmbeddedS3(folder / "s3"))
        sink = stack.enter_context(Server("tools.bench.baselines.sink:app", {}, folder))
        yield Testbed(folder, postgres, s3, sink, console, is_quick, stack)
