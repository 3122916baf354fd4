"""The whole service as `make run` starts it, with separate data."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from core.settings import ROOT
from tests.support.server_processes import free_port
from tests.support.waiting import wait_until

START_PATIENCE_S = 300


class Service:
    """`python -m local` on free ports, with its output in `log`; `settings` are added to its environment.

    `checkout` may be that of an earlier version, which was started by `local.py`.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None, checkout: Path = ROOT) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log_path = folder / "log.txt"
        env = {
            **os.environ,
            "PORT": str(self.port),
            "ANALYSIS_PORT": str(free_port()),
            "YOUSYNC_DATA_DIR": str(folder / "data"),
            **(settings or {}),
        }
        entry = ["local.py"] if (checkout / "local.py").is_file() else ["-m", "local"]
        with self._log_path.open("wb") as log:
            self._process = subprocess.Popen([sys.executable, *entry], cwd=checkout, env=env, stdout=log, stderr=log)
        self._wait_ready()

    @property
    def log(self) -> str:
        return self._log_path.read_text(errors="replace")

    def _wait_ready(self) -> None:
        def is_ready() -> bool:
            assert self._process.poll() is None, self.log
            return "YouSync is ready" in self.log

        wait_until(is_ready, START_PATIENCE_S, explain=lambda: self.log)
        assert "the page could not be built" not in self.log, self.log

    @contextmanager
    def stalled_analysis(self) -> Iterator[None]:
        """Stops all processes of the analysis server for the block, as on an overloaded machine."""
        group = self._group_of("analysis.app:app")
        os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    def _group_of(self, word: str) -> int:
        run = json.loads((self.folder / "data" / "run.json").read_text())
        for identity in run["children"]:
            pid = int(identity.partition("@")[0])
            if word in Path(f"/proc/{pid}/cmdline").read_text():
                return os.getpgid(pid)
        raise AssertionError(f"no child runs {word}")

    def line(self, text: str) -> int:
        """Returns the id of the demo line that contains these words."""
        return int(self._first_with("tokens", text)["id"])

    def scene(self, text: str) -> int:
        """Returns the id of the demo scene that contains these words."""
        return int(self._first_with("scripts", text)["id"])

    def _first_with(self, kind: str, text: str) -> dict[str, Any]:
        found = httpx.get(f"{self.url}/api/{kind}", params={"q": text}).json()["items"]
        assert found, text
        return dict(found[0])

    def end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)
