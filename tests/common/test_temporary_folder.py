"""The temporary folders of processes: kept while their process lives, deleted after it was killed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from common.temporary_folder import open_temporary_folder, temporary_file
from core.settings import ROOT

_PROCESS = """
import sys
from common.temporary_folder import open_temporary_folder, temporary_file
with temporary_file() as file:
    file.write(b"voice")
    file.flush()
    print(open_temporary_folder(), flush=True)
    sys.stdin.read()
"""


@contextmanager
def process_with_a_file(parent: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Runs a process that holds a temporary file until its standard input ends; yields it and its folder."""
    environment = {**os.environ, "TMPDIR": str(parent)}
    command = [sys.executable, "-c", _PROCESS]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_files_of_a_killed_process_are_deleted_by_the_next_one(tmp_path: Path) -> None:
    with process_with_a_file(tmp_path) as (killed, folder):
        killed.kill()
        killed.wait()
        (left,) = folder.iterdir()
        assert left.read_bytes() == b"voice"
        with process_with_a_file(tmp_path):
            assert not folder.exists()


def test_a_folder_that_somebody_has_deleted_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shutil.rmtree(open_temporary_folder(), ignore_errors=True)
    with temporary_file() as file:
        assert Path(file.name).is_relative_to(tmp_path)


def test_files_of_a_living_process_stay(tmp_path: Path) -> None:
    with process_with_a_file(tmp_path) as (_, folder), process_with_a_file(tmp_path) as (_, other):
        assert [path.read_bytes() for path in folder.iterdir()] == [b"voice"]
        assert other != folder


def test_a_process_that_ends_deletes_its_own_folder_and_nothing_else(tmp_path: Path) -> None:
    elsewhere = tmp_path / "yousync-bench-1"
    elsewhere.mkdir()
    with process_with_a_file(tmp_path) as (process, folder):
        process.communicate("")
        assert process.returncode == 0
        assert not folder.exists()
    assert list(tmp_path.iterdir()) == [elsewhere]


def test_a_link_in_the_place_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "of somebody else"
    target.mkdir()
    (target / "file").write_bytes(b"kept")
    (tmp_path / "yousync-files-link").symlink_to(target)
    with process_with_a_file(tmp_path):
        assert (target / "file").read_bytes() == b"kept"
