"""Stored recordings after their analysis: listing, deletion and retention. Scores stay."""

import logging
import uuid
from datetime import timedelta

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session, sessionmaker

from core.errors import JobNotFound, RecordingInUse
from database import session_scope
from models import PROCESSING, AnalysisResult
from services.pagination import decode_cursor, make_page
from services.responses import ResponseDict, to_dict
from utils_s3 import ObjectStore

log = logging.getLogger("yousync.recordings")

_is_stored = AnalysisResult.audio_stored_at.is_not(None) & AnalysisResult.audio_removed_at.is_(None)
_BATCH = 200


def list_recordings(session: Session, user_id: int, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of RecordingResponse: the stored recordings of a user, largest first."""
    size = func.coalesce(AnalysisResult.audio_bytes, 0)
    query = select(
        AnalysisResult.id,
        AnalysisResult.job_id,
        AnalysisResult.token_id,
        AnalysisResult.audio_bytes.label("bytes"),
        AnalysisResult.created_at,
    ).where(AnalysisResult.user_id == user_id, _is_stored)
    if cursor:
        query = query.where(tuple_(size, AnalysisResult.id) < tuple_(*decode_cursor(cursor, int, int)))
    query = query.order_by(size.desc(), AnalysisResult.id.desc()).limit(limit + 1)
    return make_page(session.execute(query).all(), limit, to_dict, lambda row: [row.bytes or 0, row.id])


def remove_recording(sessions: sessionmaker[Session], store: ObjectStore, user_id: int, job_id: uuid.UUID) -> None:
    """Deletes the audio of a user's job permanently. Raises JobNotFound; RecordingInUse during the analysis."""
    query = select(AnalysisResult.status, AnalysisResult.user_audio_s3_url).where(
        AnalysisResult.job_id == job_id, AnalysisResult.user_id == user_id
    )
    with session_scope(sessions) as session:
        job = session.execute(query).one_or_none()
    if job is None:
        raise JobNotFound
    if job.status == PROCESSING:
        raise RecordingInUse
    _remove(sessions, store, job_id, job.user_audio_s3_url)


def remove_expired_recordings(sessions: sessionmaker[Session], store: ObjectStore, retention_days: float) -> int:
    """Deletes recordings older than `retention_days`; 0 keeps them all. Returns the number of deleted recordings."""
    if not retention_days:
        return 0
    removed, age = 0, timedelta(days=retention_days)
    while batch := _expired(sessions, age):
        for job_id, key in batch:
            _remove(sessions, store, job_id, key)
        removed += len(batch)
    if removed:
        log.info("%d recordings older than %g days removed", removed, retention_days)
    return removed


def _expired(sessions: sessionmaker[Session], age: timedelta) -> list[tuple[uuid.UUID, str]]:
    query = (
        select(AnalysisResult.job_id, AnalysisResult.user_audio_s3_url)
        .where(_is_stored, AnalysisResult.audio_stored_at < func.now() - age, AnalysisResult.status != PROCESSING)
        .order_by(AnalysisResult.audio_stored_at)
        .limit(_BATCH)
    )
    with session_scope(sessions) as session:
        return [(row.job_id, row.user_audio_s3_url) for row in session.execute(query)]


def _remove(sessions: sessionmaker[Session], store: ObjectStore, job_id: uuid.UUID, key: str) -> None:
    """Deletes the object, then marks the row: after a crash in between, a second run completes it."""
    store.delete(key)
    done = update(AnalysisResult).where(AnalysisResult.job_id == job_id, AnalysisResult.audio_removed_at.is_(None))
    with session_scope(sessions) as session:
        session.execute(done.values(audio_removed_at=func.now()))
