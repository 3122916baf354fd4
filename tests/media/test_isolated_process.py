"""Processes that decode untrusted files: small, without secrets or our modules, and ended with their parent."""

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from core.settings import ROOT
from media import isolated_process
from media.isolated_process import IsolatedProcess, ProcessFailed
from media.validation import AudioChecker
from tests.support.audio import FORMATS, encode

MAX_MEMORY_KIB = 40 * 1024
SECRETS = ("SECRET_KEY", "WEBHOOK_SECRET", "DATABASE_URL", "REDIS_URL", "AWS_SECRET_ACCESS_KEY")
SCRIPTS = {name: ROOT / "media" / name for name in ("isolated_main.py", "audio_probe.py", "clip_cutting.py")}
LIBRARIES = {"isolated_main.py": set[str](), "audio_probe.py": {"common"}, "clip_cutting.py": {"av", "common", "numpy"}}

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, f"value of {name}")


@pytest.fixture
def checker(secrets: None) -> Iterator[AudioChecker]:
    checker = AudioChecker()
    checker.warm_up()
    yield checker
    checker.close()


def memory_kib(pid: int) -> int:
    """The proportional set size. VmRSS also counts the pages of libraries that the kernel maps around each page fault:
    it was 40 MB on an idle machine and 47 MB on a busy one.
    """
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


def environment(pid: int) -> dict[str, str]:
    entries = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return dict(entry.split("=", 1) for entry in entries if entry)


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


@linux
def test_each_process_stays_within_40_mib_after_all_formats(checker: AudioChecker, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in FORMATS]
    for path in paths:
        path.write_bytes(encode(path.name))
    for pid in checker.pids:
        assert memory_kib(pid) <= MAX_MEMORY_KIB
    checker.check_all(paths * 2)
    for pid in checker.pids:
        assert memory_kib(pid) <= MAX_MEMORY_KIB


@linux
def test_process_with_the_servers_modules_exceeds_40_mib(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    site = next(path for path in sys.path if path.endswith("site-packages"))
    script.write_text(
        f"import sys\nsys.path += [{str(ROOT)!r}, {site!r}]\nimport av, media.validation, jobs.state\n"
        "def handle(request): return b''\n"
    )
    process = IsolatedProcess(script)
    try:
        process.wait_ready()
        assert memory_kib(process.pid) > MAX_MEMORY_KIB
    finally:
        process.close()


@linux
def test_processes_inherit_no_variables_or_files(checker: AudioChecker) -> None:
    for pid in checker.pids:
        assert environment(pid) == {"LANG": "C.UTF-8"}
        files = {
            str(entry.readlink()).partition(":")[0]
            for entry in Path(f"/proc/{pid}/fd").iterdir()
            if int(entry.name) > 2
        }
        assert files <= {"socket"}


@linux
def test_inherited_environment_would_be_detected(secrets: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated_process, "_ENVIRONMENT", dict(os.environ))
    process = IsolatedProcess(SCRIPTS["audio_probe.py"])
    try:
        process.wait_ready()
        assert set(SECRETS) <= environment(process.pid).keys()
    finally:
        process.close()


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_imports_only_its_own_libraries(name: str) -> None:
    assert imported(SCRIPTS[name]) - sys.stdlib_module_names == LIBRARIES[name]


def test_the_server_loads_no_decoder() -> None:
    code = (
        "import sys, container;"
        "print(sorted({'av', 'numpy', 'media.audio_probe', 'media.clip_cutting'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_processes_outlive_the_thread_that_started_them() -> None:
    checker = AudioChecker()
    thread = Thread(target=checker.warm_up)
    thread.start()
    thread.join()
    pids = checker.pids
    checker.warm_up()
    assert checker.pids == pids
    assert all(_is_running(pid) for pid in pids)
    checker.close()
    assert not any(_is_running(pid) for pid in pids)


def test_processes_end_when_their_parent_is_killed() -> None:
    code = (
        "import sys, time; from media.validation import AudioChecker;"
        "checker = AudioChecker(); checker.warm_up(); print(*checker.pids, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
    give_up_at = time.monotonic() + 10
    while any(_is_running(pid) for pid in pids) and time.monotonic() < give_up_at:
        time.sleep(0.02)
    assert len(pids) == 2
    assert not any(_is_running(pid) for pid in pids)


def test_prints_do_not_corrupt_replies_and_crashes_are_reported(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os, sys\n"
        "def handle(request):\n"
        "    print('noise', flush=True); os.write(1, b'noise')\n"
        "    return request.upper() if request != b'crash' else os._exit(1)\n"
    )
    process = IsolatedProcess(script)
    try:
        process.wait_ready()
        process.send(b"word", 5)
        assert process.receive(5) == b"WORD"
        process.send(b"x" * 5000, 5)
        with pytest.raises(ProcessFailed, match="too long"):
            process.receive(5)
        process.send(b"crash", 5)
        with pytest.raises(ProcessFailed):
            for _ in range(2):
                process.receive(5)
    finally:
        process.close()


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
