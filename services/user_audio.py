"""The state and the result of a job, for its owner."""

import uuid
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker, undefer

from core.errors import JobNotFound
from core.i18n import Language, error_text, stage_text
from core.security import Principal
from database import session_scope
from events.snapshot import Snapshot
from jobs.state import RESULT_COLUMNS, SNAPSHOT_COLUMNS, to_snapshot
from models import COMPLETED, AnalysisResult, Token
from services.auth import require_session
from services.responses import ResponseDict
from utils_s3 import ObjectStore


def load_snapshot(sessions: sessionmaker[Session], principal: Principal, job_id: uuid.UUID) -> Snapshot:
    """Returns the current state of a job; raises InvalidAccessToken, or JobNotFound unless the user owns it."""
    query = select(*SNAPSHOT_COLUMNS).where(
        AnalysisResult.job_id == job_id, AnalysisResult.user_id == principal.user_id
    )
    with session_scope(sessions) as session:
        require_session(session, principal)
        row = session.execute(query).one_or_none()
    if row is None:
        raise JobNotFound
    return to_snapshot(row)


def get_result(
    session: Session, store: ObjectStore, user_id: int, job_id: uuid.UUID, language: Language
) -> ResponseDict:
    """Returns an AnalysisResultResponse. Raises JobNotFound unless the user owns the job."""
    row = session.execute(
        select(AnalysisResult, Token.s3_url)
        .join(AnalysisResult.token)
        .options(
            undefer(AnalysisResult.detailed_feedback),
            undefer(AnalysisResult.engine),
            undefer(AnalysisResult.audio),
        )
        .where(AnalysisResult.job_id == job_id, AnalysisResult.user_id == user_id)
    ).one_or_none()
    if row is None:
        raise JobNotFound
    job: AnalysisResult = row[0]
    scores = {name: getattr(job, name) if job.status == COMPLETED else None for name in RESULT_COLUMNS}
    has_audio = job.audio_stored_at is not None and job.audio_removed_at is None
    code = job.error_code
    return {
        **scores,
        "job_id": job.job_id,
        "token_id": job.token_id,
        "recorded_words": job.recorded_words,
        "status": job.status,
        "stage": job.stage,
        "progress": job.progress,
        "message": stage_text(job.stage, job.message, language),
        "error": {"code": code, "message": error_text(code, language)} if code else None,
        "reference": _reference(job.reference_key, row.s3_url),
        "user_audio_url": store.sign_get(job.user_audio_s3_url) if has_audio else None,
        "created_at": job.created_at,
        "completed_at": job.completed_at,
    }


def _reference(key: str | None, current_key: str | None) -> ResponseDict | None:
    """Returns the ReferenceUsed of an attempt. The name of a stored audio is the digest of its content."""
    return None if key is None else {"audio_id": PurePosixPath(key).stem, "is_current": key == current_key}
