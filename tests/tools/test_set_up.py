"""`make set-up`: repeats what was interrupted, and says in one line why it stopped."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import ROOT
from tests.support.waiting import wait_until
from tools.locks import read_lines


@pytest.fixture(autouse=True)
def _sigint_is_heeded() -> Iterator[None]:
    """Processes that were started in the background ignore SIGINT, and so would those that they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a set-up in tmp_path/venv with a lock of one small package."""
    lock = tmp_path / "requirements.txt"
    lines = {pin.name: line for pin, line in read_lines(ROOT / "tools" / "requirements-dev.txt")}
    lock.write_text(lines["iniconfig"] + "\n")
    # A make that runs the tests is not that of the set-up.
    kept = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return kept | {"VENV": str(tmp_path / "venv"), "LOCK": str(lock), "PYTHON": sys.executable}


def start(environment: dict[str, str]) -> subprocess.Popen[str]:
    # A group of its own, which Ctrl-C in a terminal signals as a whole.
    return subprocess.Popen(
        ["make", "--no-print-directory", "set-up"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def finish(environment: dict[str, str]) -> tuple[int, str]:
    process = start(environment)
    output, _ = process.communicate(timeout=300)
    if "the package index cannot be reached" in output and "PIP_INDEX_URL" not in environment:
        pytest.skip("no package index can be reached from here")
    return process.returncode, output


def installs(venv: Path) -> bool:
    return subprocess.run([venv / "bin" / "python", "-c", "import iniconfig"], check=False).returncode == 0


@pytest.mark.parametrize(("reached", "number"), [("pyvenv.cfg", signal.SIGINT), ("bin/uv", signal.SIGKILL)])
def test_an_interrupted_set_up_is_repeated(
    reached: str, number: signal.Signals, environment: dict[str, str], tmp_path: Path
) -> None:
    venv = tmp_path / "venv"
    process = start(environment)
    wait_until(lambda: (venv / reached).exists() or process.poll() is not None, 120)
    if process.poll() is not None:
        pytest.skip("no package index can be reached from here")
    os.killpg(process.pid, number)
    process.communicate(timeout=60)
    assert not (venv / ".set-up").exists()

    code, output = finish(environment)
    assert (code, installs(venv)) == (0, True), output
    assert finish(environment) == (0, ""), "a complete environment is left alone"


def test_an_environment_without_pip_is_made_again(environment: dict[str, str], tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    code, output = finish(environment)
    assert (code, installs(venv)) == (0, True), output


def test_without_internet_one_line_says_what_to_do(environment: dict[str, str], closed_port: int) -> None:
    offline = {name: value for name, value in environment.items() if "FIND_LINKS" not in name}
    offline |= {"PIP_INDEX_URL": f"http://127.0.0.1:{closed_port}/simple", "PIP_CONFIG_FILE": os.devnull}
    offline |= {"PIP_NO_CACHE_DIR": "1"}
    code, output = finish(offline)
    said = [line for line in output.splitlines() if not line.startswith(("Setting up in", "make: ***"))]
    assert code != 0
    assert len(said) == 1, output
    assert "the package index cannot be reached. Check the internet connection" in said[0]


def test_a_broken_lock_is_not_called_a_lost_connection(environment: dict[str, str]) -> None:
    lock = Path(environment["LOCK"])
    lock.write_text("iniconfig==2.0.0 --hash=sha256:" + "0" * 64 + "\n")
    code, output = finish(environment)
    assert code != 0
    assert "the packages could not be installed" in output and "internet" not in output, output
