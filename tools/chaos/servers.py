"""One server of each kind on this machine, with the proxy in front of the API's webhook."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from core.settings import ROOT
from local.embedded import EmbeddedPostgres, EmbeddedS3
from local.embedded.server import EmbeddedServer
from tests.support.factories import Learner, make_token, sign_in
from tests.support.server_processes import LIMITS_LIFTED, WEBHOOK_SECRET, CeleryProcess, ServerProcess
from tools.chaos.hazards import Hazards, NoHazards
from tools.chaos.proxy import FAULT_PERCENT, WebhookProxy

SPEECH = ROOT / "analysis" / "tests" / "data" / "speech"
LEARNERS = 25
ADMIN_EMAIL = "admin@chaos.test"
# Small enough for a burst to fill it; all other settings are the defaults.
QUEUE_SIZE = 6
ORPHAN_GRACE_S = 20
# Lines of the length usual in films, so that two cores can analyse all jobs in time.
LONGEST_S = 6.0


@dataclass(frozen=True)
class Recording:
    """A line of the catalogue and a recording of it."""

    token_id: int
    audio: bytes


@dataclass(frozen=True)
class Servers:
    """All servers of a run. `url` is the API's address; stores and processes by name, in the order of their start."""

    url: str
    postgres: EmbeddedPostgres
    s3: EmbeddedS3
    stores: Mapping[str, EmbeddedServer]
    processes: Mapping[str, ServerProcess | CeleryProcess]
    proxy: WebhookProxy
    spools: Sequence[Path]
    hazards: NoHazards
    temporary: Sequence[Path] = ()

    @property
    def log(self) -> str:
        """The logs of all processes."""
        return "".join(process.log for process in self.processes.values())


@contextmanager
def start_servers(folder: Path, rng: random.Random, *, is_calm: bool = False) -> Iterator[Servers]:
    """Starts everything in `folder`; stops everything at the end. Calm servers have no hazards and no lost webhooks."""
    temporary = [folder / "temporary-of-analysis", folder / "temporary-of-api"]
    for path in temporary:
        path.mkdir()
    with ExitStack() as stack:
        hazards = NoHazards() if is_calm else Hazards(folder, stack)
        postgres, s3 = start_stores(folder, hazards, stack)
        analysis_env = {
            **hazards.clock("analysis server"),
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
            "ANALYSIS_QUEUE_SIZE": str(QUEUE_SIZE),
            "MALLOC_ARENA_MAX": "2",
            "TMPDIR": str(temporary[0]),
        }
        analysis = ServerProcess("analysis.app:app", analysis_env, folder / "analysis.log")
        api = ServerProcess("main:app", {}, folder / "api.log")
        proxy = stack.enter_context(WebhookProxy(api.url, rng, {} if is_calm else FAULT_PERCENT))
        hazards.connect({"PostgreSQL": postgres.port, "S3 store": s3.port, "analysis server": analysis.port})
        api.env = {
            **api_environment(postgres, s3, analysis.url, proxy.url, hazards),
            **hazards.clock("API server"),
            "SPOOL_DIR": str(folder / "spool"),
            "TMPDIR": str(temporary[1]),
        }
        migrate(api.env)
        processes = {"analysis server": analysis, "API server": api}
        for process in processes.values():
            stack.callback(process.kill)
            process.start(timeout_s=90)
        stores = {"PostgreSQL": postgres, "S3 store": s3}
        yield Servers(api.url, postgres, s3, stores, processes, proxy, [folder / "spool"], hazards, temporary)


def start_stores(folder: Path, hazards: NoHazards, stack: ExitStack) -> tuple[EmbeddedPostgres, EmbeddedS3]:
    postgres = stack.enter_context(hazards.postgres(folder / "postgres"))
    hazards.limit_disk("S3 store", folder / "s3" / "data")
    return postgres, stack.enter_context(EmbeddedS3(folder / "s3", log_path=folder / "s3.log"))


def api_environment(
    postgres: EmbeddedPostgres, s3: EmbeddedS3, analysis_url: str, webhooks_url: str, hazards: NoHazards
) -> dict[str, str]:
    """The environment that all API servers and workers of a run share."""
    return {
        **s3.account.environment(),
        "S3_ENDPOINT_URL": hazards.through(s3.account.endpoint_url),
        "DATABASE_URL": hazards.through(postgres.url),
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        "SECRET_KEY": "secret-of-a-run-of-chaos-0123456789-abcdef",
        "ADMIN_EMAILS": ADMIN_EMAIL,
        "TARGET_SERVER_URL": hazards.through(analysis_url),
        "WEBHOOK_URL": f"{webhooks_url}/api/tokens/webhook/analysis-complete",
        **LIMITS_LIFTED,
        "STREAMS_PER_USER_MAX": "1000",
        "ORPHAN_GRACE_S": str(ORPHAN_GRACE_S),
        # As in the images.
        "MALLOC_ARENA_MAX": "2",
        "CLEAN_INTERVAL_S": "10",
    }


def migrate(env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=True, capture_output=True)


def seed(client: httpx.Client) -> tuple[list[Learner], list[Recording]]:
    """Creates learners, and lines with real recordings: the actor's own voice, and one recording of another line."""
    admin = sign_in(client, ADMIN_EMAIL)
    recordings = []
    for entry in json.loads((SPEECH / "index.json").read_text(encoding="utf-8")):
        if entry["seconds"] > LONGEST_S:
            continue
        token = make_token(client, admin, text=entry["text"], end_time=entry["seconds"])
        audio = (SPEECH / entry["file"]).read_bytes()
        files = {"audio_file": audio}
        client.put(f"/api/tokens/{token['id']}/audio", files=files, headers=admin.headers).raise_for_status()
        recordings.append(Recording(token["id"], audio))
    recordings.append(Recording(recordings[0].token_id, recordings[1].audio))
    return [sign_in(client, f"learner-{number}@chaos.test") for number in range(LEARNERS)], recordings
