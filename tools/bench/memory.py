"""Memory of the processes that open uploaded audio, beside those of build c89677e."""

import subprocess
import sys
from pathlib import Path

from core.settings import ROOT
from tests.support.audio import encode
from tools.bench.load_client import Load, run_load
from tools.bench.processes import Memory, command_line, memory
from tools.bench.results import SectionResults, Table, at_most
from tools.bench.seed_data import seed
from tools.bench.testbed import Testbed
from tools.bench.uploads import form, heads
from tools.chaos.processes import process_tree

_GOAL_MB, _GOAL_RATIO = 40, 0.5
# More than there are processes, so that each has opened a recording.
_UPLOADS = 40


def measure(testbed: Testbed) -> SectionResults:
    """Measures the API server's audio processes and the old ones, each after they have opened a WebM recording."""
    recording = testbed.folder / "line.webm"
    recording.write_bytes(encode("webm"))
    old, new = _measure_spawned(testbed, recording), _measure_server(testbed, recording)
    rows = [
        (name, str(number), f"{process.pss / 1e6:.1f}", f"{process.rss / 1e6:.1f}")
        for name, processes in (("build c89677e", old), ("**YouSync**", new))
        for number, process in enumerate(processes, 1)
    ]
    note = "Each process has opened a line of speech in WebM. PSS divides shared pages among their users; RSS does not."
    largest, largest_old = (max(process.rss for process in processes) for processes in (new, old))
    return SectionResults(
        [Table("Processes that open uploaded audio", ("server", "process", "PSS, MB", "RSS, MB"), rows, note)],
        [
            at_most("RSS of each process that opens audio", largest / 1e6, _GOAL_MB, " MB"),
            at_most("the same, relative to build c89677e", largest / largest_old, _GOAL_RATIO, "×"),
        ],
    )


def _measure_spawned(testbed: Testbed, recording: Path) -> list[Memory]:
    testbed.announce("audio processes of build c89677e")
    command = [sys.executable, "-m", "tools.bench.baselines.spawned_probe", str(recording)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        return [memory(int(pid)) for pid in process.stdout.readline().split()]


def _measure_server(testbed: Testbed, recording: Path) -> list[Memory]:
    """All descendants of an API server; multiprocessing's resource tracker opens no audio."""
    testbed.announce("audio processes of the API server")
    url = testbed.database()
    data = seed(url)
    body = form(recording.read_bytes())
    with testbed.server("main:app", url) as server:
        run_load(Load(server.port, heads(testbed, data, len(body)), body, connections=8, count=_UPLOADS, seconds=30))
        children = [pid for pid in process_tree(server.pid)[1:] if "resource_tracker" not in command_line(pid)]
        return [memory(pid) for pid in children]
