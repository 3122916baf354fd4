"""The target of the attacks: a real API server with its own database and store."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from core.settings import ROOT
from local.embedded import EmbeddedPostgres, EmbeddedS3
from tests.support.factories import ADMIN_EMAIL
from tests.support.server_processes import LIMITS_LIFTED, WEBHOOK_SECRET, ServerProcess, free_port

ROTATED_SECRET = "whsec_cm90YXRlZC1zZWNyZXQtcm90YXRlZC1zZWNyZXQtMDE="


@dataclass(frozen=True)
class Target:
    """The server under attack, and a client for it."""

    server: ServerProcess
    client: httpx.Client
    webhook_secrets: tuple[str, ...] = (WEBHOOK_SECRET,)


@contextmanager
def target() -> Iterator[Target]:
    """Starts an API server without an analysis server, so that only the attack changes jobs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yousync-fuzz-")))
        postgres = stack.enter_context(EmbeddedPostgres(folder / "postgres", durable=False))
        store = stack.enter_context(EmbeddedS3(folder / "s3"))
        port = free_port()
        env = {
            **store.account.environment(),
            "DATABASE_URL": postgres.url,
            "WEBHOOK_SECRET": f"{WEBHOOK_SECRET} {ROTATED_SECRET}",
            "SECRET_KEY": "secret-of-the-fuzz-run-0123456789-abcdef",
            "ADMIN_EMAILS": ADMIN_EMAIL,
            "TARGET_SERVER_URL": "http://127.0.0.1:9",
            "WEBHOOK_URL": f"http://127.0.0.1:{port}/api/tokens/webhook/analysis-complete",
            "SPOOL_DIR": str(folder / "spool"),
            "JOB_RETRY_BASE_S": "30",
            **LIMITS_LIFTED,
            "STREAM_LIFETIME_S": "0.05",
            "STREAM_HEARTBEAT_S": "0.05",
        }
        command = [sys.executable, "-m", "alembic", "upgrade", "head"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=True, capture_output=True)
        server = ServerProcess("main:app", env, folder / "api.log", port).start()
        stack.callback(server.end)
        client = stack.enter_context(httpx.Client(base_url=server.url, timeout=60))
        yield Target(server, client, (WEBHOOK_SECRET, ROTATED_SECRET))
