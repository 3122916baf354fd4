"""The disk of the store or of PostgreSQL is full: recordings wait or are refused with 503, and none is lost."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local.embedded import EmbeddedPostgres, EmbeddedS3
from tests.conftest import MakeApi, migrate
from tests.support.factories import dubbable_line, somebody, upload, wait_for_end
from tests.support.server_processes import ServerProcess
from tests.support.small_disks import filled, small_disk
from tests.support.waiting import wait_until

DISK_BYTES = 256 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "server" / "data"
    with small_disk(folder, DISK_BYTES) as is_mounted:
        if not is_mounted:
            pytest.skip("no file system can be mounted here")
        yield folder


def test_a_recording_waits_while_the_store_is_full(
    make_api: MakeApi, analysis: ServerProcess, disk: Path, tmp_path: Path
) -> None:
    with EmbeddedS3(disk.parent, log_path=tmp_path / "s3.log") as store:
        server = make_api(analysis.url, **store.account.environment())
        with httpx.Client(base_url=server.url, timeout=30) as client:
            who, line = somebody(client), dubbable_line(client)
            with filled(disk):
                accepted = upload(client, who, line)
                assert accepted.status_code == 202, accepted.text
                job_id = accepted.json()["job_id"]
                wait_until(lambda: f"job {job_id} waits" in server.log, timeout_s=60)
            result = wait_for_end(client, who, job_id, timeout_s=240)
            assert result["status"] == "completed"
            assert httpx.get(result["user_audio_url"]).is_success
        server.end()


def test_uploads_are_503_while_postgresql_is_full_and_are_accepted_later(
    make_api: MakeApi, base_env: dict[str, str], disk: Path, tmp_path: Path
) -> None:
    with EmbeddedPostgres(disk, log_path=tmp_path / "postgres.log", durable=False) as postgres:
        migrate(base_env | {"DATABASE_URL": postgres.url})
        server = make_api(DATABASE_URL=postgres.url)
        with httpx.Client(base_url=server.url, timeout=30) as client:
            who, line, keys = somebody(client), dubbable_line(client), []
            with filled(disk):
                while (answer := upload(client, who, line, key=(key := uuid.uuid4().hex))).status_code == 202:
                    keys.append((key, answer.json()["job_id"]))
                assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable"), answer.text
                assert answer.headers["retry-after"]
                assert client.get("/api/scripts").is_success
            wait_until(lambda: upload(client, who, line, key=key).status_code == 202)
            for known, job_id in keys:
                assert upload(client, who, line, key=known).json()["job_id"] == job_id
        server.end()
