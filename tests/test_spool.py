import errno
import io
import os
import shutil
import time
import uuid
from pathlib import Path

import pytest

from errors import SpoolUnavailable
from spool import Spool


def test_a_file_is_complete_or_absent(tmp_path: Path) -> None:
    spool, job_id = Spool(tmp_path), uuid.uuid4()
    source = io.BytesIO(b"voice")
    source.read()
    assert spool.write(job_id, source).read_bytes() == b"voice"
    spool.remove(job_id)
    spool.remove(job_id)
    assert not spool.path(job_id).exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_full_or_broken_disk_is_said_and_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    spool, job_id = Spool(tmp_path), uuid.uuid4()

    def copy_half(source: io.BytesIO, target: io.BytesIO, length: int) -> None:
        target.write(b"vo")
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(shutil, "copyfileobj", copy_half)
    with pytest.raises(SpoolUnavailable):
        spool.write(job_id, io.BytesIO(b"voice"))
    assert [path.name for path in tmp_path.iterdir()] == ["spool.id"]


def test_a_folder_keeps_its_identity_and_two_folders_differ(tmp_path: Path) -> None:
    first = Spool(tmp_path / "a")
    assert Spool(tmp_path / "a").id == first.id != Spool(tmp_path / "b").id


def test_old_files_are_named_and_old_halves_dropped(tmp_path: Path) -> None:
    spool, old, new = Spool(tmp_path), uuid.uuid4(), uuid.uuid4()
    half = tmp_path / f"{uuid.uuid4()}.part"
    half.write_bytes(b"vo")
    for job_id in (old, new):
        spool.write(job_id, io.BytesIO(b"voice"))
    for path in (half, spool.path(old), tmp_path / "spool.id"):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    assert list(spool.older_than(3600)) == [old]
    assert not half.exists()
