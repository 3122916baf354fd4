"""Child processes of a local service: how they are stopped."""

import asyncio
import io
import subprocess
from pathlib import Path

from rich.console import Console

from local.embedded.server import process_identity
from local.stack import ANALYSIS_STOP_S, API_STOP_S, STORES_STOP_S
from local.supervisor import DRAIN_S, ChildProcess, Log
from tests.support.waiting import wait_until

IGNORES_SIGTERM = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
descendant = subprocess.Popen(["sleep", "60"], start_new_session=True)
pathlib.Path(sys.argv[1]).write_text(str(descendant.pid))
time.sleep(60)
"""


def test_a_child_that_ignores_sigterm_is_killed_though_a_descendant_keeps_its_pipe_open(tmp_path: Path) -> None:
    written = tmp_path / "pid"

    async def start_and_stop() -> str | None:
        child = ChildProcess("api", ["-c", IGNORES_SIGTERM, str(written)], {}, Log(Console(file=io.StringIO())))
        await child.start()
        await asyncio.to_thread(wait_until, lambda: written.exists() and written.read_text())
        identity = child.identity
        await child.stop(0.1)
        return identity

    identity = asyncio.run(start_and_stop())
    descendant = written.read_text()
    try:
        assert identity and process_identity(int(identity.split("@")[0])) != identity
        assert process_identity(int(descendant)), "stopping waited until the descendant had ended"
    finally:
        subprocess.run(["kill", "-9", descendant], check=True)


def test_everything_that_ignores_sigterm_is_stopped_within_five_seconds() -> None:
    assert API_STOP_S + ANALYSIS_STOP_S + STORES_STOP_S + 2 * DRAIN_S < 4.5  # the rest is for the interpreter's end
