"""The spool: files survive crashes, full disks and other processes."""

import io
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path

import httpx
import pytest

from core.errors import AppError, SpoolFull, SpoolUnavailable
from jobs.spool import Spool
from tests.conftest import MakeApi
from tests.support.audio import encode
from tests.support.factories import (
    ADMIN_EMAIL,
    HUMAN_AUDIO,
    Learner,
    dubbable_line,
    make_job,
    make_token,
    sign_in,
    somebody,
    upload,
)
from tests.support.small_disks import file_size_limit, filled, small_disk
from tests.support.waiting import assert_stays, wait_until


def write(spool: Spool, job_id: uuid.UUID, source: io.BytesIO) -> Path:
    written = spool.write_all({job_id: source})[job_id]
    if isinstance(written, AppError):
        raise written
    return written


def test_a_file_is_complete_once_it_is_written(tmp_path: Path) -> None:
    spool, job_id = Spool(tmp_path), uuid.uuid4()
    source = io.BytesIO(b"voice")
    source.read()
    assert write(spool, job_id, source).read_bytes() == b"voice"
    spool.remove(job_id)
    spool.remove(job_id)
    assert not spool.path(job_id).exists()


@pytest.fixture
def little_room(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 1 MiB; where none can be mounted, a file size limit of 1 MiB."""
    with small_disk(tmp_path / "disk") as is_mounted, nullcontext() if is_mounted else file_size_limit():
        yield tmp_path / "disk"


def test_full_disk_raises_and_leaves_no_partial_file(little_room: Path) -> None:
    spool, kept, job_id = Spool(little_room), uuid.uuid4(), uuid.uuid4()
    write(spool, kept, io.BytesIO(b"k" * 300_000))
    with pytest.raises(SpoolFull):
        write(spool, job_id, io.BytesIO(b"v" * 2_000_000))
    assert {path.name for path in little_room.iterdir()} == {"spool.id", str(kept)}
    assert spool.path(kept).read_bytes() == b"k" * 300_000
    assert write(spool, job_id, io.BytesIO(b"v" * 300_000)).stat().st_size == 300_000


def test_only_files_that_do_not_fit_are_refused(little_room: Path) -> None:
    """The start of the file that does not fit would fit: no part of it may remain as a complete file."""
    spool = Spool(little_room)
    first, too_large, last = (uuid.uuid4() for _ in range(3))
    sizes = {first: 100_000, too_large: 1_040_000, last: 100_000}
    written = spool.write_all({job_id: io.BytesIO(b"v" * size) for job_id, size in sizes.items()})
    kept = {job_id for job_id, path in written.items() if isinstance(path, Path)}
    assert isinstance(written[too_large], SpoolFull)
    assert first in kept
    assert {path.name for path in little_room.iterdir()} == {"spool.id", *map(str, kept)}
    assert all(spool.path(job_id).stat().st_size == sizes[job_id] for job_id in kept)


def test_completely_full_disk_refuses_new_files(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as is_mounted:
        if not is_mounted:
            pytest.skip("no file system can be mounted here")
        spool, job_id = Spool(tmp_path / "disk"), uuid.uuid4()
        with filled(tmp_path / "disk") as give_back:
            with pytest.raises(SpoolFull):
                write(spool, job_id, io.BytesIO(b"voice"))
            assert not spool.path(job_id).exists()
            give_back()
            assert write(spool, job_id, io.BytesIO(b"voice")).read_bytes() == b"voice"


def test_missing_folder_is_not_reported_as_a_full_disk(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    shutil.rmtree(tmp_path / "spool")
    with pytest.raises(SpoolUnavailable):
        write(spool, uuid.uuid4(), io.BytesIO(b"voice"))


def test_upload_to_a_full_disk_is_507_and_a_later_one_is_accepted(make_api: MakeApi, tmp_path: Path) -> None:
    """A refused upload leaves no partial file and no job."""
    take, folder = encode("wav", 20), tmp_path / "disk"  # 640 KB
    with small_disk(folder) as is_mounted, httpx.Client(timeout=30) as client, ExitStack() as limits:
        server = make_api(SPOOL_DIR=str(folder))
        client.base_url = server.url
        who, line = somebody(client), dubbable_line(client)
        if is_mounted:
            give_back = limits.enter_context(filled(folder))
        else:
            take = encode("wav", 60)
            limits.enter_context(file_size_limit(server.pid))
            give_back = limits.close
        for _ in range(3):
            refused = upload(client, who, line, take)
            assert (refused.status_code, refused.json()["code"]) == (507, "spool_full"), refused.text
            assert refused.headers["retry-after"]
        assert {path.name for path in folder.iterdir()} <= {"spool.id", "filler"}
        give_back()
        accepted = upload(client, who, line, take)
        assert accepted.status_code == 202, accepted.text
        heard = _recording(client, who, accepted.json()["result_url"])
        assert heard == take
        assert client.get("/api/mypage/overview", headers=who.headers).json()["totals"]["attempts"] == 1
        server.end()


def test_full_disk_for_large_request_bodies_is_507(make_api: MakeApi, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as is_mounted:
        if not is_mounted:
            pytest.skip("no file system can be mounted here")
        server = make_api(TMPDIR=str(tmp_path / "disk"))
        with httpx.Client(base_url=server.url, timeout=30) as client:
            who, line = somebody(client), dubbable_line(client)
            refused = upload(client, who, line, encode("wav", 100))  # 3.2 MB
            assert (refused.status_code, refused.json()["code"]) == (507, "spool_full"), refused.text
            assert upload(client, who, line).status_code == 202
        server.end()


def _recording(client: httpx.Client, who: Learner, result_url: str) -> bytes:
    url = wait_until(lambda: client.get(result_url, headers=who.headers).json()["user_audio_url"])
    return httpx.get(url).content


def test_spool_id_is_persistent_and_unique(tmp_path: Path) -> None:
    first = Spool(tmp_path / "a")
    assert Spool(tmp_path / "a").id == first.id != Spool(tmp_path / "b").id


def test_old_files_are_listed_and_old_partial_files_deleted(tmp_path: Path) -> None:
    spool, old, new = Spool(tmp_path), uuid.uuid4(), uuid.uuid4()
    half = tmp_path / f"{uuid.uuid4()}.part"
    half.write_bytes(b"vo")
    for job_id in (old, new):
        write(spool, job_id, io.BytesIO(b"voice"))
    for path in (half, spool.path(old), tmp_path / "spool.id"):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    assert list(spool.older_than(3600)) == [old]
    assert not half.exists()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_orphaned_files_are_deleted_and_waiting_ones_kept(make_api: MakeApi) -> None:
    server = make_api(S3_ENDPOINT_URL="http://127.0.0.1:9", CLEAN_INTERVAL_S="0.2", ORPHAN_GRACE_S="1")
    folder = Path(server.env["SPOOL_DIR"])
    with httpx.Client(base_url=server.url, timeout=30) as client:
        line = make_token(client, sign_in(client, ADMIN_EMAIL))["id"]
        waiting = make_job(client, somebody(client), line)
        for name in (str(uuid.uuid4()), f"{uuid.uuid4()}.part"):
            (folder / name).write_bytes(b"left by a crash")
        wait_until(lambda: names_in(folder) == {"spool.id", waiting}, explain=lambda: names_in(folder))
        assert_stays(lambda: (folder / waiting).read_bytes() == HUMAN_AUDIO.read_bytes(), duration_s=1.5)
    server.end()
