"""The hook of deploy/blue_green.py without containers: colours are uvicorn processes, the proxy is a real Caddy.

`python tests/support/release_hook.py FOLDER VERB [COLOUR]`; FOLDER/colours.json names ports and environments.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Colours:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told = json.loads((folder / "colours.json").read_text())

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
        words += ["--port", str(self._told["ports"][colour])]
        with (self._folder / f"{colour}.log").open("ab") as log:
            child = subprocess.Popen(
                words, cwd=ROOT, env=self._told["env"][colour], stdout=log, stderr=log, start_new_session=True
            )
        self._pid_file(colour).write_text(str(child.pid))

    def ready(self, colour: str) -> None:
        self._ask(colour, "/health/ready")

    def metrics(self, colour: str) -> None:
        sys.stdout.write(self._ask(colour, "/metrics"))

    def route(self, colour: str) -> None:
        live = self._folder / "live"
        (live / "api.caddy").write_text(f"reverse_proxy 127.0.0.1:{self._told['ports'][colour]}\n")
        words = [self._told["caddy"], "reload", "--config", self._folder / "Caddyfile", "--adapter", "caddyfile"]
        subprocess.run(words, check=True, capture_output=True, timeout=30)
        (live / "colour").write_text(colour)

    def stop(self, colour: str) -> None:
        if not self._pid_file(colour).exists():
            return
        pid = int(self._pid_file(colour).read_text())
        if is_running(pid):
            os.kill(pid, signal.SIGTERM)
        while is_running(pid):
            time.sleep(0.05)
        self._pid_file(colour).unlink()

    def _pid_file(self, colour: str) -> Path:
        return self._folder / f"{colour}.pid"

    def _ask(self, colour: str, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self._told['ports'][colour]}{path}", timeout=10) as answer:
            return str(answer.read().decode())


def is_running(pid: int) -> bool:
    """Not for one that is dead and waits to be noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


if __name__ == "__main__":
    getattr(Colours(Path(sys.argv[1])), sys.argv[2])(*sys.argv[3:])
