"""Stored recordings after their analysis: how long they are kept, and taking one away. Scores stay."""

import logging
import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session, sessionmaker

from core.errors import JobNotFound, RecordingInUse
from database import session_scope
from models import PROCESSING, AnalysisResult, utc_now
from schemas import Page, RecordingResponse
from services.pagination import cut_page, decode_cursor, encode_cursor
from utils_s3 import ObjectStore

log = logging.getLogger("yousync.recordings")

_kept = AnalysisResult.audio_stored_at.is_not(None) & AnalysisResult.audio_removed_at.is_(None)
_BATCH = 200


def list_recordings(session: Session, user_id: int, limit: int, cursor: str | None) -> Page[RecordingResponse]:
    """My stored recordings, largest first."""
    size = func.coalesce(AnalysisResult.audio_bytes, 0)
    query = select(AnalysisResult).where(AnalysisResult.user_id == user_id, _kept)
    if cursor:
        query = query.where(tuple_(size, AnalysisResult.id) < tuple_(*decode_cursor(cursor, int, int)))
    query = query.order_by(size.desc(), AnalysisResult.id.desc()).limit(limit + 1)
    rows, more = cut_page(session.scalars(query).all(), limit)
    return Page(
        items=[RecordingResponse.model_validate(row) for row in rows],
        next_cursor=encode_cursor([rows[-1].audio_bytes or 0, rows[-1].id]) if more else None,
    )


def remove_recording(sessions: sessionmaker[Session], store: ObjectStore, user_id: int, job_id: uuid.UUID) -> None:
    """Takes the audio of one's own job away, for good. Raises JobNotFound, or RecordingInUse while it is analysed."""
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
    """Takes away what has been kept for longer than that; 0 keeps everything. Returns how many there were."""
    if not retention_days:
        return 0
    before, removed = utc_now() - timedelta(days=retention_days), 0
    while batch := _expired(sessions, before):
        for job_id, key in batch:
            _remove(sessions, store, job_id, key)
        removed += len(batch)
    if removed:
        log.info("%d recordings older than %g days removed", removed, retention_days)
    return removed


def _expired(sessions: sessionmaker[Session], before: datetime) -> list[tuple[uuid.UUID, str]]:
    query = (
        select(AnalysisResult.job_id, AnalysisResult.user_audio_s3_url)
        .where(_kept, AnalysisResult.audio_stored_at < before, AnalysisResult.status != PROCESSING)
        .order_by(AnalysisResult.audio_stored_at)
        .limit(_BATCH)
    )
    with session_scope(sessions) as session:
        return [(row.job_id, row.user_audio_s3_url) for row in session.execute(query)]


def _remove(sessions: sessionmaker[Session], store: ObjectStore, job_id: uuid.UUID, key: str) -> None:
    """First the object, then the mark: after a crash in between it is simply done again."""
    store.delete(key)
    done = update(AnalysisResult).where(AnalysisResult.job_id == job_id, AnalysisResult.audio_removed_at.is_(None))
    with session_scope(sessions) as session:
        session.execute(done.values(audio_removed_at=utc_now()))
