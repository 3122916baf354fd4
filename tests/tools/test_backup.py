"""Backup and restore as in the runbook: save, delete both servers with all data, restore into new ones."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest

from core.settings import ROOT, Settings
from local.embedded import EmbeddedPostgres, EmbeddedS3
from tests.support.factories import (
    ADMIN_EMAIL,
    HUMAN_AUDIO,
    OTHER_AUDIO,
    Learner,
    complete,
    make_token,
    sign_in,
    upload,
)
from tests.support.server_processes import WEBHOOK_SECRET, ServerProcess
from utils_s3 import ObjectStore


@contextmanager
def stores(folder: Path) -> Iterator[dict[str, str]]:
    """Starts an empty PostgreSQL and an empty S3 store; yields the settings of a service on them."""
    with (
        EmbeddedPostgres(folder / "postgres", durable=False) as postgres,
        EmbeddedS3(folder / "s3") as s3,
    ):
        yield {
            **s3.account.environment(),
            "DATABASE_URL": postgres.url,
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
            "SECRET_KEY": "secret-of-the-test-suite-0123456789-abcdef",
            "ADMIN_EMAILS": ADMIN_EMAIL,
            "JOB_RETRY_BASE_S": "30",
            "SPOOL_DIR": str(folder / "spool"),
        }


@contextmanager
def service(env: dict[str, str], log_path: Path) -> Iterator[httpx.Client]:
    server = ServerProcess("main:app", env, log_path).start()
    try:
        with httpx.Client(base_url=server.url, timeout=30) as client:
            yield client
    finally:
        server.end()


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", **env}
    return subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True)


def objects(env: dict[str, str]) -> dict[str, tuple[str | None, bytes]]:
    """Returns type and content of all objects in the store, by key."""
    store = ObjectStore(Settings(**{name.lower(): value for name, value in env.items()}))  # type: ignore[arg-type]
    found = {}
    for page in store.pages(""):
        for key in {key for key, _ in page} - {".ready"}:  # of the embedded store itself
            content = io.BytesIO()
            found[key] = (store.get(key, content), content.getvalue())
    store.close()
    return found


def tables(env: dict[str, str]) -> dict[str, list[str]]:
    """Returns all rows of all tables as JSON, by table."""
    with closing(psycopg2.connect(env["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" t ORDER BY 1')
            found[name] = [row for (row,) in cursor.fetchall()]
        return found


@dataclass
class Life:
    """A learner's data in the service."""

    who: Learner
    jobs: dict[str, bytes]
    token_id: int


def live(client: httpx.Client, number: int) -> Life:
    who = sign_in(client, f"learner-{number}@yousync.test")
    token_id = make_token(client, sign_in(client, ADMIN_EMAIL), with_audio=True)["id"]
    jobs = {}
    for audio in (HUMAN_AUDIO.read_bytes(), OTHER_AUDIO.read_bytes()):
        job_id = upload(client, who, token_id, audio).json()["job_id"]
        while client.get(f"/api/tokens/analysis-result/{job_id}", headers=who.headers).json()["stage"] != "stored":
            pass
        complete(client, job_id, 50.0 + number)
        jobs[job_id] = audio
    client.post("/api/mypage/bookmarks/", json={"token_id": token_id}, headers=who.headers)
    return Life(who, jobs, token_id)


def look(client: httpx.Client, life: Life) -> list[Any]:
    """Returns everything that the learner sees, without values that differ in each response."""
    paths = ["/api/auth/me", "/api/mypage/bookmarks/", "/api/mypage/my-dubbed-tokens", "/api/mypage/overview"]
    paths += [f"/api/tokens/{life.token_id}", *(f"/api/tokens/analysis-result/{job_id}" for job_id in life.jobs)]
    seen = []
    for path in paths:
        answer = client.get(path, headers=life.who.headers)
        assert answer.status_code == 200, answer.text
        seen.append(json.loads(answer.text, object_hook=lambda each: {k: v for k, v in each.items() if "url" not in k}))
    return seen


def test_backup_restores_everything_after_losing_both_servers(tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    with stores(tmp_path / "old") as env:
        assert run(env, "-m", "alembic", "upgrade", "head").returncode == 0
        with service(env, tmp_path / "old.log") as client:
            lives = [live(client, number) for number in range(3)]
            before = [look(client, life) for life in lives]
            saved = run(env, "-m", "tools.backup", "save", str(backup))  # while the service runs
            assert (saved.returncode, saved.stdout) == (0, "saved: the tables and 9 objects\n"), saved.stderr
        rows, files = tables(env), objects(env)
    shutil.rmtree(tmp_path / "old")

    with stores(tmp_path / "new") as env:
        assert (tables(env), objects(env)) == ({}, {})
        restored = run(env, "-m", "tools.backup", "restore", str(backup))
        assert (restored.returncode, restored.stdout) == (0, "restored: the tables and 9 objects\n"), restored.stderr
        assert tables(env) == rows
        assert objects(env) == files and len(files) == 9
        assert len(rows["analysis_results"]) == 6 and rows["users"] and rows["refresh_tokens"] and rows["bookmarks"]
        with service(env, tmp_path / "new.log") as client:
            assert [look(client, life) for life in lives] == before
            for life in lives:
                for job_id, audio in life.jobs.items():
                    result = client.get(f"/api/tokens/analysis-result/{job_id}", headers=life.who.headers).json()
                    heard = client.get(result["user_audio_url"])
                    assert heard.content == audio and heard.headers["content-type"] == "audio/flac"
                reference = client.get(f"/api/tokens/{life.token_id}/audio", follow_redirects=True)
                assert reference.content == HUMAN_AUDIO.read_bytes()
                renewed = client.post("/api/auth/refresh", json={"refresh_token": life.who.refresh_token})
                assert renewed.status_code == 200
            assert live(client, 7).jobs  # sequences continue after the restored ids


def test_incomplete_backup_is_not_restored(tmp_path: Path, base_env: dict[str, str]) -> None:
    rows = tables(base_env)
    with ExitStack() as undo:
        assert run(base_env, "-m", "tools.backup", "save", str(tmp_path / "whole")).returncode == 0
        undo.callback(shutil.rmtree, tmp_path / "whole")
        again = run(base_env, "-m", "tools.backup", "save", str(tmp_path / "whole"))
        assert again.returncode == 1 and "exists" in again.stderr
        (tmp_path / "whole" / "objects.json").unlink()
        refused = run(base_env, "-m", "tools.backup", "restore", str(tmp_path / "whole"))
        assert refused.returncode == 1 and "does not hold a complete backup" in refused.stderr
    assert tables(base_env) == rows


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_missing_or_damaged_object_is_named(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "backup"
    (folder / "objects").mkdir(parents=True)
    (folder / "database.dump").write_bytes(b"")
    item = {"key": "recordings/1/x.flac", "type": "audio/flac", "file": "a", "sha256": "0" * 64}
    (folder / "objects.json").write_text(json.dumps([item]))
    if damage == "changed":
        (folder / "objects" / "a").write_bytes(b"voice")
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x", "S3_BUCKET_NAME": "none"}
    refused = run(nowhere, "-m", "tools.backup", "restore", str(folder))
    assert refused.returncode == 1 and "recordings/1/x.flac is missing or damaged" in refused.stderr
