"""Cleanup of objects without a row, in a separate bucket: rows for objects of other tests are in other databases."""

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from local.embedded import EmbeddedS3
from services.storage_cleanup import MANY
from tests.conftest import MakeApi
from tests.support.factories import HUMAN_AUDIO, dubbable_line, make_job, somebody
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "orphans"


@pytest.fixture(scope="module")
def bucket(s3: EmbeddedS3) -> Iterator["S3Client"]:
    client = s3.account.client()
    client.create_bucket(Bucket=BUCKET)
    yield client
    client.close()


def keys(bucket: "S3Client") -> set[str]:
    return {item["Key"] for item in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def put(bucket: "S3Client", *names: str) -> set[str]:
    for name in names:
        bucket.put_object(Bucket=BUCKET, Key=name, Body=b"voice")
    return set(names)


def recording() -> str:
    return f"recordings/1/{uuid.uuid4()}.webm"


def wait_for(server: ServerProcess, word: str) -> None:
    wait_until(lambda: not word not in server.log, explain=lambda: server.log[-2000:])


def test_only_orphaned_objects_are_deleted_after_the_grace_period(make_api: MakeApi, bucket: "S3Client") -> None:
    server = make_api(S3_BUCKET_NAME=BUCKET, CLEAN_INTERVAL_S="0.3", ORPHAN_GRACE_S="3")
    with httpx.Client(base_url=server.url, timeout=30) as client:
        who, line = somebody(client), dubbable_line(client)
        job_id = make_job(client, who, line)
        wait_until(lambda: any(job_id in key for key in keys(bucket)))
        owned = keys(bucket)
        strange = put(
            bucket, "recordings/readme.txt", "recordings/1/notes.txt", "backup/recordings.tar", "reference/x/y"
        )
        orphans = put(
            bucket, recording(), f"recordings/1/{job_id}.mp3", "reference/999999/abc.flac", f"scenes/{uuid.uuid4()}"
        )
        assert orphans <= keys(bucket)
        wait_for(server, "objects below reference/ had no row and are deleted")
        wait_for(server, "objects below scenes/ had no row and are deleted")
        wait_for(server, "objects below recordings/ had no row and are deleted")
        young = put(bucket, recording())
        assert keys(bucket) == owned | strange | young
        heard = client.get(
            client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json()["user_audio_url"]
        )
        assert heard.content == HUMAN_AUDIO.read_bytes()
        assert client.get(f"/api/tokens/{line}/audio", follow_redirects=True).content == HUMAN_AUDIO.read_bytes()
    server.end()


def test_bucket_with_too_many_orphans_is_not_cleaned(make_api: MakeApi, bucket: "S3Client") -> None:
    """Many objects without rows indicate a wrong database or an old backup, so nothing is deleted."""
    strangers = put(bucket, *(recording() for _ in range(MANY + 1)))
    server = make_api(S3_BUCKET_NAME=BUCKET, CLEAN_INTERVAL_S="0.3", ORPHAN_GRACE_S="0.5")
    wait_for(server, "have no row: nothing deleted")
    assert strangers <= keys(bucket)
    server.end()
