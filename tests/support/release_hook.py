"""A hook for deploy/blue_green.py without containers: uvicorn processes behind a real Caddy.

`python -m tests.support.release_hook FOLDER VERB [COLOUR]`; FOLDER/hook.json holds ports and environments by colour.
Run it from the root of the repository. It imports little, since a release calls it often.
"""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.support.waiting import wait_until


class ReleaseHook:
    """The verbs of the hook as public methods."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._config = json.loads((folder / "hook.json").read_text())

    def live(self) -> None:
        sys.stdout.write((self._folder / "live" / "colour").read_text())

    def migrate(self) -> None:
        with (self._folder / "verbs").open("a") as verbs:
            verbs.write("migrate\n")

    def settle(self, colour: str) -> None:
        with (self._folder / "verbs").open("a") as verbs:
            verbs.write(f"settle {colour}\n")

    def start(self, colour: str) -> None:
        words = [sys.executable, "-m", "uvicorn", "main:app", "--host", "127.0.0.1", "--no-proxy-headers"]
        words += ["--port", str(self._config["ports"][colour])]
        with (self._folder / f"{colour}.log").open("ab") as log:
            child = subprocess.Popen(
                words, env=self._config["env"][colour], stdout=log, stderr=log, start_new_session=True
            )
        self._pid_file(colour).write_text(str(child.pid))

    def ready(self, colour: str) -> None:
        self._ask(colour, "/health/ready")

    def metrics(self, colour: str) -> None:
        sys.stdout.write(self._ask(colour, "/metrics"))

    def route(self, colour: str) -> None:
        live = self._folder / "live"
        (live / "api.caddy").write_text(f"reverse_proxy 127.0.0.1:{self._config['ports'][colour]}\n")
        words = [self._config["caddy"], "reload", "--config", self._folder / "Caddyfile", "--adapter", "caddyfile"]
        subprocess.run(words, check=True, capture_output=True, timeout=30)
        (live / "colour").write_text(colour)

    def stop(self, colour: str) -> None:
        if not self._pid_file(colour).exists():
            return
        pid = int(self._pid_file(colour).read_text())
        if is_running(pid):
            os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not is_running(pid))
        self._pid_file(colour).unlink()

    def _pid_file(self, colour: str) -> Path:
        return self._folder / f"{colour}.pid"

    def _ask(self, colour: str, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self._config['ports'][colour]}{path}", timeout=10) as answer:
            return str(answer.read().decode())


def is_running(pid: int) -> bool:
    """Returns False for a zombie, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


if __name__ == "__main__":
    getattr(ReleaseHook(Path(sys.argv[1])), sys.argv[2])(*sys.argv[3:])
