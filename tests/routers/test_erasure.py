"""Erasure of accounts while the store is down, and after permissions to upload were given."""

import contextlib
import os
import signal
import struct
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest

from local.embedded import EmbeddedPostgres, EmbeddedS3, EmbeddedValkey
from tests.conftest import MakeApi
from tests.support.factories import HUMAN_AUDIO, Learner, complete, dubbable_line, make_job, somebody
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until
from tools.chaos.processes import process_tree

VOICE = HUMAN_AUDIO.read_bytes()


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


def keys_of(store: EmbeddedS3, who: Learner) -> list[str]:
    client, user_id = store.account.client(), who.user["id"]
    keys = []
    for prefix in (f"recordings/{user_id}/", f"uploads/{user_id}/"):
        listed = client.list_objects_v2(Bucket=store.account.bucket, Prefix=prefix).get("Contents", [])
        keys += [item["Key"] for item in listed]
    return keys


def parts_of(store: EmbeddedS3, who: Learner) -> int:
    listed = store.account.client().list_multipart_uploads(
        Bucket=store.account.bucket, Prefix=f"uploads/{who.user['id']}/"
    )
    return len(listed.get("Uploads", []))


def test_recordings_are_deleted_once_the_store_is_back(make_api: MakeApi, own_s3: EmbeddedS3) -> None:
    server = make_api(**own_s3.account.environment())
    with httpx.Client(base_url=server.url, timeout=60) as client:
        who, line = somebody(client), dubbable_line(client)
        make_job(client, who, line)
        wait_until(lambda: keys_of(own_s3, who))
        own_s3.stop()
        try:
            assert client.delete("/api/auth/me", headers=who.headers).status_code == 204
            assert client.get("/api/auth/me", headers=who.headers).status_code == 401
            assert "objects of an erased account are deleted later" in server.log
            server.kill()
        finally:
            own_s3.start()
        assert keys_of(own_s3, who)
        server.start()
        wait_until(lambda: not keys_of(own_s3, who))


def test_permissions_given_before_the_erasure_leave_nothing(make_api: MakeApi, own_s3: EmbeddedS3) -> None:
    server = make_api(UPLOAD_TTL_S="5", **own_s3.account.environment())
    with httpx.Client(base_url=server.url, timeout=60) as client:
        who, line = somebody(client), dubbable_line(client)
        form, parts = (
            client.post(f"/api/tokens/{line}/uploads", json=body, headers=who.headers).json()
            for body in ({}, {"in_parts": True, "size": len(VOICE)})
        )
        assert client.delete("/api/auth/me", headers=who.headers).status_code == 204
        assert parts["parts"] and parts_of(own_s3, who) == 0
        late = httpx.post(form["url"], data=form["fields"], files={"file": ("blob", VOICE, "audio/flac")}, timeout=60)
        assert late.is_success, "the permission is still valid: this shows nothing otherwise"
        assert keys_of(own_s3, who)
        wait_until(lambda: not keys_of(own_s3, who))


def test_a_recording_that_waits_on_the_disk_of_another_machine_is_deleted_there(
    make_api: MakeApi, own_s3: EmbeddedS3, valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    first = make_api(REDIS_URL=valkey.url, **own_s3.account.environment())
    second = make_api(
        DATABASE_URL=first.env["DATABASE_URL"],
        REDIS_URL=valkey.url,
        SPOOL_DIR=str(tmp_path / "spool"),
        **own_s3.account.environment(),
    )
    with httpx.Client(base_url=first.url, timeout=60) as client, httpx.Client(base_url=second.url, timeout=60) as there:
        who, line = somebody(client), dubbable_line(client)
        own_s3.stop()
        try:
            waiting = tmp_path / "spool" / make_job(there, who, line)
            assert waiting.read_bytes()
            assert client.delete("/api/auth/me", headers=who.headers).status_code == 204
            wait_until(lambda: not waiting.exists())
        finally:
            own_s3.start()


def test_a_completion_that_was_killed_leaves_nothing_on_disk(
    make_api: MakeApi, own_s3: EmbeddedS3, tmp_path: Path
) -> None:
    files = tmp_path / "tmp"
    files.mkdir()
    server = make_api(TMPDIR=str(files), **own_s3.account.environment())
    with httpx.Client(base_url=server.url, timeout=60) as client:
        who, line = somebody(client), dubbable_line(client)
        offer = client.post(f"/api/tokens/{line}/uploads", json={}, headers=who.headers).json()
        assert httpx.post(offer["url"], data=offer["fields"], files={"file": ("blob", VOICE, "audio/flac")}).is_success
        kill_during_completion(server, who, offer, VOICE, files)
        server.start()
        assert holders_of(VOICE, files) == []


def test_nothing_of_an_erased_learner_is_left_anywhere(
    make_api: MakeApi, own_s3: EmbeddedS3, own_postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    files, voice = tmp_path / "tmp", unique_recording()
    files.mkdir()
    server = make_api(
        DATABASE_URL=own_postgres.url, TMPDIR=str(files), UPLOAD_TTL_S="10", **own_s3.account.environment()
    )
    places = (files, Path(server.env["SPOOL_DIR"]))
    with httpx.Client(base_url=server.url, timeout=60) as client:
        who, other, line = somebody(client), somebody(client), dubbable_line(client)
        kept = make_job(client, other, line)
        job_id = upload_voice(client, who, line, voice)
        wait_until(lambda: keys_of(own_s3, who))
        complete(client, job_id)
        client.post("/api/mypage/bookmarks", json={"token_id": line}, headers=who.headers).raise_for_status()
        offer, parts = (
            client.post(f"/api/tokens/{line}/uploads", json=body, headers=who.headers).json()
            for body in ({}, {"in_parts": True, "size": len(voice)})
        )
        httpx.put(parts["parts"][0]["url"], content=voice).raise_for_status()
        form = {"data": offer["fields"], "files": {"file": ("blob", voice, "audio/wav")}}
        httpx.post(offer["url"], **form).raise_for_status()
        kill_during_completion(server, who, offer, voice, files)
        server.start()
        own_s3.stop()
        try:
            waiting = upload_voice(client, who, line, voice)
            assert holders_of(voice, *places)
            assert client.delete("/api/auth/me", headers=who.headers).status_code == 204
        finally:
            own_s3.start()
        wait_until(lambda: not keys_of(own_s3, who) and not parts_of(own_s3, who))
        wait_until(lambda: erasures_in(own_postgres) == 0)
    assert holders_of(voice, *places) == []
    assert objects_with(voice, own_s3) == []
    words = (who.user["email"], job_id, waiting, f"recordings/{who.user['id']}/")
    assert rows_with(words, own_postgres) == []
    assert rows_with((other.user["email"], kept), own_postgres), "the rows of others stay, and are found"


def unique_recording() -> bytes:
    """A second of noise that no other file has, in a WAV without a length, which another process has to check."""
    unknown = 0xFFFFFFFF
    form = struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)
    head = struct.pack("<4sI8s", b"RIFF", unknown, b"WAVEfmt ") + form + struct.pack("<4sI", b"data", unknown)
    return head + os.urandom(32_000)


def upload_voice(client: httpx.Client, who: Learner, line: int, voice: bytes) -> str:
    answer = client.post(
        f"/api/tokens/{line}/upload-audio", files={"audio_file": ("take.wav", voice)}, headers=who.headers
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def kill_during_completion(
    server: ServerProcess, who: Learner, offer: dict[str, Any], voice: bytes, files: Path
) -> None:
    """Kills the server while another process of it checks a recording."""

    def complete_in_vain() -> None:
        with contextlib.suppress(httpx.HTTPError):
            httpx.post(server.url + offer["complete_url"], headers=who.headers, timeout=60)

    for pid in process_tree(server.pid)[1:]:
        os.kill(pid, signal.SIGSTOP)
    completing = threading.Thread(target=complete_in_vain)
    completing.start()
    wait_until(lambda: holders_of(voice, files))
    server.kill()
    completing.join()
    assert holders_of(voice, files), "the copy that was checked is left: the test shows nothing otherwise"


def holders_of(voice: bytes, *folders: Path) -> list[Path]:
    """The files that contain a piece of a recording."""
    piece = voice[len(voice) // 2 :][:256]
    found = []
    for path in (path for folder in folders for path in folder.rglob("*")):
        with contextlib.suppress(OSError):  # a folder, or deleted meanwhile
            if piece in path.read_bytes():
                found.append(path)
    return found


def objects_with(voice: bytes, store: EmbeddedS3) -> list[str]:
    """The keys of all objects of the bucket that contain a piece of a recording."""
    client, bucket = store.account.client(), store.account.bucket
    piece = voice[len(voice) // 2 :][:256]
    found = []
    for item in client.list_objects_v2(Bucket=bucket).get("Contents", []):
        with contextlib.suppress(client.exceptions.NoSuchKey):  # deleted meanwhile
            if piece in client.get_object(Bucket=bucket, Key=item["Key"])["Body"].read():
                found.append(item["Key"])
    return found


def rows_with(words: Sequence[str], postgres: EmbeddedPostgres) -> list[str]:
    """The rows of all tables that contain one of the words."""
    found: list[str] = []
    with contextlib.closing(psycopg2.connect(postgres.url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [row for (row,) in cursor.fetchall() if any(word in row for word in words)]
    return found


def erasures_in(postgres: EmbeddedPostgres) -> int:
    with contextlib.closing(psycopg2.connect(postgres.url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM erasures")
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def test_a_recording_that_waits_on_disk_is_deleted_at_once(make_api: MakeApi, own_s3: EmbeddedS3) -> None:
    server = make_api(**own_s3.account.environment())
    with httpx.Client(base_url=server.url, timeout=60) as client:
        who, line = somebody(client), dubbable_line(client)
        own_s3.stop()
        try:
            waiting = Path(server.env["SPOOL_DIR"]) / make_job(client, who, line)
            assert waiting.read_bytes()
            assert client.delete("/api/auth/me", headers=who.headers).status_code == 204
            assert not waiting.exists()
        finally:
            own_s3.start()
