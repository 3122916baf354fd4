"""Servers with a fast start: forked from a process that has imported their libraries.

A start of the API server spends most of its CPU on imports, and the suite starts some 200. A fork server of
multiprocessing imports everything but `main` once; each server is then a separate process with its own environment,
log, port and signals, and imports `main`, which reads the settings. Starts by command are shown by
tests/deploy/test_entry_points.py.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from uvicorn.main import main as uvicorn_command

from core.settings import ROOT
from tests.support.server_processes import RunningProcess, ServerProcess

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.support.preload"])
# Libraries read these at import, so a server with one of them is started by command.
_READ_AT_IMPORT = ("OTEL_", "PROMETHEUS_")


class PreloadedServer(ServerProcess):
    """A ServerProcess that is forked instead of started by command where both are equivalent."""

    def _start(self, environment: Mapping[str, str]) -> RunningProcess:
        if any(name.startswith(_READ_AT_IMPORT) for name in environment):
            return super()._start(environment)
        arguments = self._words[self._words.index("uvicorn") + 1 :]
        return _ForkedProcess(arguments, environment, self._log_path)


class _ForkedProcess:
    """A RunningProcess that the fork server has made."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log_path: Path) -> None:
        process = _CONTEXT.Process(target=_serve, args=(arguments, dict(environment), str(log_path)), daemon=True)
        process.start()
        self._process: BaseProcess = process
        self.pid = process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Returns the exit code, negative for a signal; raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
        return self._process.exitcode

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)


def _serve(arguments: Sequence[str], environment: Mapping[str, str], log_path: str) -> None:
    """Runs uvicorn in this forked process as its command would."""
    with Path(log_path).open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    uvicorn_command(args=list(arguments), prog_name="uvicorn")
