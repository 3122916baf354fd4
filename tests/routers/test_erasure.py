"""Erasure of accounts while the store is down, and after permissions to upload were given."""

from pathlib import Path

import httpx

from local.embedded import EmbeddedS3
from tests.conftest import MakeApi
from tests.support.factories import HUMAN_AUDIO, Learner, dubbable_line, make_job, somebody
from tests.support.waiting import wait_until

VOICE = HUMAN_AUDIO.read_bytes()


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
