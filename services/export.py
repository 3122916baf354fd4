"""The export of all data about a learner: one zip archive, written while it is sent."""

import io
import json
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, sessionmaker, undefer

from database import session_scope
from jobs.webhook_payloads import ReportedResult
from models import AnalysisResult, Bookmark, SceneRequest, SceneRequestVote, Token, utc_now
from services.auth import load_user
from utils_s3 import ObjectStore

# Results that are in memory at once, at several times the size of their JSON; a slow client keeps them there.
_PAGE = 5


def open_export(sessions: sessionmaker[Session], store: ObjectStore, user_id: int) -> Generator[bytes, None, None]:
    """Returns the archive as a generator of bytes, which blocks; it holds no database connection between two pieces.

    Raises before the first piece: InvalidAccessToken if the account was erased, botocore's errors if the store is down.
    """
    with session_scope(sessions) as session:
        account = _account(session, user_id)
        bookmarks = _bookmarks(session, user_id)
        requests = _scene_requests(session, user_id)
    store.check()
    files: dict[str, object] = {"account.json": account, "bookmarks.json": bookmarks, "scene_requests.json": requests}
    return _zip(sessions, store, user_id, files)


class _Buffer(io.RawIOBase):
    """Buffers the bytes that the archive has written and that were not sent yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _zip(
    sessions: sessionmaker[Session], store: ObjectStore, user_id: int, first: dict[str, object]
) -> Generator[bytes, None, None]:
    buffer = _Buffer()
    with ZipFile(buffer, "w") as archive:
        for name, content in first.items():
            archive.writestr(_entry(name, utc_now(), ZIP_DEFLATED), _as_json(content))
        for job in _jobs(sessions, user_id):
            archive.writestr(_entry(_result_name(job), job.created_at, ZIP_DEFLATED), _as_json(_result(job)))
            if recording := _recording_name(job):
                entry = _entry(recording, job.created_at, ZIP_STORED)
                yield from _add_recording(archive, buffer, store, entry, job)
            yield buffer.take()
    yield buffer.take()


def _add_recording(
    archive: ZipFile, buffer: _Buffer, store: ObjectStore, entry: ZipInfo, job: AnalysisResult
) -> Iterator[bytes]:
    chunks = store.read(job.user_audio_s3_url)
    if chunks is None:  # deleted meanwhile
        return
    with archive.open(entry, "w") as target:
        for chunk in chunks:
            target.write(chunk)
            yield buffer.take()


def _jobs(sessions: sessionmaker[Session], user_id: int) -> Iterator[AnalysisResult]:
    last_id = 0
    columns = (AnalysisResult.detailed_feedback, AnalysisResult.engine, AnalysisResult.audio)
    token = joinedload(AnalysisResult.token)
    while True:
        query = (
            select(AnalysisResult)
            .options(*map(undefer, columns), token.joinedload(Token.script), token.joinedload(Token.actor))
            .where(AnalysisResult.user_id == user_id, AnalysisResult.id > last_id)
            .order_by(AnalysisResult.id)
            .limit(_PAGE)
        )
        with session_scope(sessions) as session:
            jobs = session.scalars(query).all()
        if not jobs:
            return
        yield from jobs
        last_id = jobs[-1].id


def _account(session: Session, user_id: int) -> dict[str, object]:
    user = load_user(session, user_id)
    names = ("id", "issuer", "subject", "email", "name", "picture_url", "created_at", "updated_at")
    return {name: getattr(user, name) for name in names} | {"exported_at": utc_now()}


def _bookmarks(session: Session, user_id: int) -> list[dict[str, object]]:
    query = (
        select(Bookmark.token_id, Token.text, Bookmark.created_at)
        .join(Bookmark.token)
        .where(Bookmark.user_id == user_id)
        .order_by(Bookmark.id)
    )
    return [dict(row._mapping) for row in session.execute(query)]


def _scene_requests(session: Session, user_id: int) -> dict[str, object]:
    """Returns the learner's own requests for scenes, and the titles of those that they have voted for."""
    names = ("title", "note", "status", "answer", "script_id", "created_at")
    own = select(*(getattr(SceneRequest, name) for name in names)).where(SceneRequest.user_id == user_id)
    voted = (
        select(SceneRequest.title, SceneRequestVote.created_at)
        .join(SceneRequestVote, SceneRequestVote.request_id == SceneRequest.id)
        .where(SceneRequestVote.user_id == user_id)
    )
    return {
        "requests": [dict(row._mapping) for row in session.execute(own.order_by(SceneRequest.id))],
        "votes": [dict(row._mapping) for row in session.execute(voted.order_by(SceneRequestVote.created_at))],
    }


def _result(job: AnalysisResult) -> dict[str, object]:
    line = job.token
    about_job = ("job_id", "status", "error_code", "created_at", "completed_at", "audio_removed_at", "reference_key")
    return {
        **{name: getattr(job, name) for name in (*about_job, *ReportedResult.model_fields)},
        "line": {"id": line.id, "text": line.text, "script": line.script.title, "actor": line.actor.name},
        "recording": _recording_name(job),
    }


def _result_name(job: AnalysisResult) -> str:
    return f"results/{job.created_at:%Y-%m-%d}_{job.job_id}.json"


def _recording_name(job: AnalysisResult) -> str | None:
    if job.audio_stored_at is None or job.audio_removed_at is not None:
        return None
    return f"recordings/{job.created_at:%Y-%m-%d}_{job.job_id}{PurePosixPath(job.user_audio_s3_url).suffix}"


def _entry(name: str, at: datetime, compression: int) -> ZipInfo:
    entry = ZipInfo(name, at.astimezone(UTC).timetuple()[:6])
    entry.compress_type = compression
    entry.external_attr = 0o600 << 16
    return entry


def _as_json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)
