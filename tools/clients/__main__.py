"""Tries clients of others on one running service: `python -m tools.clients [--only WORD]`, `make test-clients`.

Prints one line for each client; the exit code is 1 when one of them failed.
"""

import argparse
import json
import os
import secrets
import shutil
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.settings import ROOT
from tests.support.factories import HUMAN_AUDIO
from tools.clients import preflight, raw_requests, streams, webhooks
from tools.clients.learner import Learner, new_email, require_completed
from tools.clients.stand_in import SCORE, StandIn
from tools.clients.toolbox import ClientFailed, Toolbox, run
from tools.field.service import on_new_service

UPLOADS = {
    "requests": "uploads.py",
    "requests-unnamed": "uploads.py",
    "httpx": "uploads.py",
    "httpx-unnamed": "uploads.py",
    "aiohttp": "uploads.py",
    "fetch": "uploads.mjs",
    "axios": "uploads.mjs",
    "axios-object": "uploads.mjs",
    "axios-unnamed": "uploads.mjs",
}

TSC = ROOT / "web" / "node_modules" / "typescript" / "bin" / "tsc"
STRICT = [
    *("--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom,dom.asynciterable", "--types", "node"),
    *("--module", "nodenext", "--moduleResolution", "nodenext"),
]


@dataclass
class Trial:
    """One run of all clients; counts those that failed."""

    url: str
    stand_in: StandIn
    secret: str
    toolbox: Toolbox
    only: str
    failed: int = 0
    passed: int = 0

    def __post_init__(self) -> None:
        self.audio = HUMAN_AUDIO.read_bytes()
        self.line = Learner(self.url).line()

    def check(self, name: str, action: Callable[[], None]) -> None:
        """Runs one check, if its name has the word of `--only`, and prints its line."""
        if self.only not in name:
            return
        started_at = time.monotonic()
        try:
            action()
        except Exception as error:  # whatever a client does must not end the run
            return self.tell(name, str(error) or type(error).__name__)
        self.tell(f"{name} ({time.monotonic() - started_at:.1f} s)", None)

    def tell(self, name: str, reason: str | None) -> None:
        """Prints the line of one client; `reason` is None where it works."""
        self.failed += reason is not None
        self.passed += reason is None
        sys.stdout.write(f"{'ok  ' if reason is None else 'FAIL'}  {name}\n" + (f"      {reason}\n" if reason else ""))
        sys.stdout.flush()

    def run_program(self, program: str, *words: str) -> str:
        """Returns the standard output of a program of programs/. Raises ClientFailed."""
        command = [*self.toolbox.command(program), *words]
        return run(command, env=streams.environment(self.toolbox), cwd=self.toolbox.folder)


def try_own_clients(trial: Trial) -> None:
    """Type-checks the programs of both client packages and runs them."""
    programs, node = trial.toolbox.programs, trial.toolbox.command("uploads.mjs")[0]
    mypy = [sys.executable, "-m", "mypy", "--strict", "tools/clients/programs/python_client.py"]
    tsc = [node, str(TSC), *STRICT, str(programs / "typescript_client.ts")]
    trial.check("types of the Python client", partial(_succeed, mypy, ROOT))
    trial.check("types of the TypeScript client", partial(_succeed, tsc, trial.toolbox.folder))
    for name, program in {"Python": "python_client.py", "TypeScript": "typescript_client.ts"}.items():
        trial.check(f"main job by the {name} client", partial(_main_job, trial, program))


def _succeed(words: list[str], folder: Path) -> None:
    run(words, cwd=folder)


def _main_job(trial: Trial, program: str) -> None:
    said = json.loads(trial.run_program(program, trial.url, new_email(), str(HUMAN_AUDIO)))
    if said["statuses"][-1:] != ["completed"] or (said["status"], said["score"]) != ("completed", SCORE):
        raise ClientFailed(f"it read {said}")


def try_uploads(trial: Trial) -> None:
    """Signs in and uploads: raw bytes, then the real programs."""
    for name, client in raw_requests.RAW_CLIENTS.items():
        trial.check(f"upload by the bytes of {name}", partial(_raw_upload, trial, client))
    if shutil.which("java"):
        trial.check("upload by Java HttpClient", partial(_upload, trial, "Upload.java"))
    if shutil.which("curl"):
        trial.check("upload by curl --http2", partial(_curl, trial))
    for name, program in UPLOADS.items():
        trial.check(f"upload by {name}", partial(_upload, trial, program, name))


def _raw_upload(trial: Trial, client: raw_requests.RawClient) -> None:
    require_completed(trial.url, raw_requests.main_job(trial.url, client, new_email(), trial.line, trial.audio))


def _upload(trial: Trial, program: str, *name: str) -> None:
    said = trial.run_program(program, *name, trial.url, new_email(), str(trial.line), str(HUMAN_AUDIO))
    require_completed(trial.url, json.loads(said.splitlines()[-1]))


def _curl(trial: Trial) -> None:
    curl = ["curl", "--http2", "--silent", "--show-error", "--fail-with-body", "--noproxy", "*"]
    credentials = ["--json", json.dumps({"email": new_email()})]
    session = json.loads(run([*curl, *credentials, f"{trial.url}/api/auth/dev"]))
    header = ["-H", f"Authorization: Bearer {session['access_token']}", "-F", f"audio_file=@{HUMAN_AUDIO}"]
    job = json.loads(run([*curl, *header, f"{trial.url}/api/tokens/{trial.line}/upload-audio"]))
    require_completed(trial.url, {**job, "access_token": session["access_token"]})


def try_webhooks(trial: Trial) -> None:
    """Verifies and signs by the packages of both languages."""
    for language, program in webhooks.PROGRAMS.items():
        trial.check(f"Standard Webhooks of {language}", partial(_webhooks, trial, program))
    trial.check(
        "webhook that offers an upgrade to HTTP/2", partial(_webhooks, trial, "webhooks.py", offers_upgrade=True)
    )


def _webhooks(trial: Trial, program: str, *, offers_upgrade: bool = False) -> None:
    held = webhooks.WebhookTrial(trial.toolbox, trial.url, trial.stand_in, trial.secret, trial.audio)
    held.verify(program)
    webhooks.require_taken(held, program, offers_upgrade=offers_upgrade)


def try_preflights(trial: Trial) -> None:
    """Asks as a page on localhost:3000 for each operation."""

    def ask() -> None:
        if refused := preflight.refused(trial.url, Learner(trial.url).document()):
            raise ClientFailed("\n      ".join(refused[:5]) + f"\n      {len(refused)} operations in all")

    trial.check(f"preflight of each operation from {preflight.ORIGIN}", ask)


def try_streams(trial: Trial) -> None:
    """Follows jobs over a cut connection."""
    if any(trial.only in f"stream by {name}" for name in streams.CLIENTS):
        found: Mapping[str, str | None] = streams.follow_over_a_cut(
            trial.toolbox, trial.url, trial.stand_in, trial.audio
        )
        for name, reason in found.items():
            trial.tell(f"stream by {name}, connected again after {streams.CUT_AFTER_S:.0f} s", reason)


def main() -> int:
    """Starts the service, tries everything, and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.clients", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", metavar="WORD", help="clients whose line has this word")
    only = parser.parse_args().only
    toolbox = Toolbox(ROOT / ".data" / "clients")
    sys.stdout.write("Installing the clients ...\n")
    toolbox.set_up()
    secret = "whsec_" + b64encode(secrets.token_bytes(32)).decode()
    trials: list[Trial] = []
    with StandIn(secret) as stand_in, tempfile.TemporaryDirectory(prefix="yousync-clients-") as folder:
        os.environ.update(TARGET_SERVER_URL=stand_in.url, WEBHOOK_SECRET=secret)

        def work(url: str) -> None:
            trials.append(trial := Trial(url, stand_in, secret, toolbox, only))
            for part in (try_own_clients, try_uploads, try_webhooks, try_preflights, try_streams):
                part(trial)

        sys.stdout.write("Starting the service ...\n")
        sys.stdout.flush()
        on_new_service(work, Path(folder) / "service.log")
    passed, failed = sum(trial.passed for trial in trials), sum(trial.failed for trial in trials)
    sys.stdout.write(f"{passed} checks passed, {failed} failed\n")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
