"""A learner's recording: taking it, and what became of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any, cast

from psycopg2.errors import ForeignKeyViolation
from sqlalchemy import Engine, Table, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker, undefer

from audio_check import AudioChecker
from database import Reads, session_scope
from errors import (
    IdempotencyKeyReused,
    JobNotFound,
    LimitReached,
    StorageQuotaExceeded,
)
from events import Snapshot
from job_states import HEAD_START_S, RESULT_COLUMNS, SNAPSHOT_COLUMNS, to_snapshot
from messages import Language, error_text, stage_text
from models import COMPLETED, PROCESSING, AnalysisResult, utc_now
from schemas import AnalysisResultResponse, JobError
from security import Principal
from services.auth import require_session
from services.quotas import lock_user, require_leave, require_room
from settings import Settings
from spool import Spool
from utils_s3 import ObjectStore, recording_key

_INSERT = insert(cast(Table, AnalysisResult.__table__))


@dataclass(frozen=True, slots=True)
class Accepted:
    job_id: uuid.UUID
    status: str
    is_new: bool


class Intake:
    """Takes recordings: file first, row second, and an answer only when both are safe. Blocks."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        sessions: sessionmaker[Session],
        reads: Reads,
        spool: Spool,
        checker: AudioChecker,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._sessions = sessions
        self._reads = reads
        self._spool = spool
        self._checker = checker

    def require(self, principal: Principal, token_id: int, idempotency_key: str | None = None) -> None:
        """Raises InvalidAccessToken, TokenNotFound or a quota's refusal before a byte of the recording is read."""
        try:
            self._reads.query(lambda reader: require_leave(reader, self._settings, principal, token_id))
        except (LimitReached, StorageQuotaExceeded):
            if self.find(principal.user_id, token_id, idempotency_key) is None:
                raise

    def accept(self, principal: Principal, token_id: int, file: IO[bytes], idempotency_key: str | None) -> Accepted:
        """Makes a job of a recording, or finds the one that this idempotency key has made already.

        Raises what AudioChecker.check, require_room and Spool.write do, IdempotencyKeyReused, TokenNotFound,
        InvalidAccessToken.
        """
        if earlier := self.find(principal.user_id, token_id, idempotency_key):
            return earlier
        job_id = uuid.uuid4()
        try:
            path = self._spool.write(job_id, file)
            kind = self._checker.check(path)
            job = {
                "user_id": principal.user_id,
                "token_id": token_id,
                "job_id": job_id,
                "idempotency_key": idempotency_key,
                "user_audio_s3_url": recording_key(principal.user_id, job_id, kind.extension),
                "audio_type": kind.content_type,
                "audio_bytes": path.stat().st_size,
            }
            accepted = self.register(principal, job)
        except BaseException:
            self._spool.remove(job_id)
            raise
        if not accepted.is_new:
            self._spool.remove(job_id)
        return accepted

    def register(self, principal: Principal, job: Mapping[str, Any]) -> Accepted:
        """Inserts a job, given as a row of `analysis_results`, whose recording is safe, or finds the one that its
        idempotency key has made already.

        Raises what require_room does, IdempotencyKeyReused, TokenNotFound, InvalidAccessToken; IntegrityError when
        there is a job of this id.
        """
        token_id, idempotency_key = job["token_id"], job["idempotency_key"]
        row = {**job, "spool_id": self._spool.id, "next_attempt_at": utc_now() + timedelta(seconds=HEAD_START_S)}
        try:
            with self._engine.begin() as connection:
                lock_user(connection, principal.user_id)
                require_room(connection, self._settings, principal.user_id, job["audio_bytes"])
                connection.execute(_INSERT, row)
        except (IntegrityError, LimitReached, StorageQuotaExceeded) as error:
            if isinstance(error, IntegrityError) and isinstance(error.orig, ForeignKeyViolation):
                self.require(principal, token_id)
            if earlier := self.find(principal.user_id, token_id, idempotency_key):
                return earlier
            raise
        return Accepted(job["job_id"], PROCESSING, is_new=True)

    def find(self, user_id: int, token_id: int, idempotency_key: str | None) -> Accepted | None:
        """The job that this idempotency key has made; raises IdempotencyKeyReused when it was of another line."""
        if idempotency_key is None:
            return None
        query = select(AnalysisResult).where(
            AnalysisResult.user_id == user_id, AnalysisResult.idempotency_key == idempotency_key
        )
        with session_scope(self._sessions) as session:
            job = session.scalar(query)
        if job is None:
            return None
        if job.token_id != token_id:
            raise IdempotencyKeyReused
        return Accepted(job.job_id, job.status, is_new=False)


def load_snapshot(sessions: sessionmaker[Session], principal: Principal, job_id: uuid.UUID) -> Snapshot:
    """The present state of one's own job; raises InvalidAccessToken, or JobNotFound for anybody else's."""
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
) -> AnalysisResultResponse:
    """State, scores and feedback of one's own job; raises JobNotFound."""
    job = session.scalar(
        select(AnalysisResult)
        .options(
            undefer(AnalysisResult.detailed_feedback),
            undefer(AnalysisResult.engine),
            undefer(AnalysisResult.audio),
        )
        .where(AnalysisResult.job_id == job_id, AnalysisResult.user_id == user_id)
    )
    if job is None:
        raise JobNotFound
    scores = {name: getattr(job, name) if job.status == COMPLETED else None for name in RESULT_COLUMNS}
    has_audio = job.audio_stored_at is not None and job.audio_removed_at is None
    error = JobError(code=job.error_code, message=error_text(job.error_code, language)) if job.error_code else None
    return AnalysisResultResponse.model_validate(
        {
            **scores,
            "job_id": job.job_id,
            "token_id": job.token_id,
            "status": job.status,
            "stage": job.stage,
            "progress": job.progress,
            "message": stage_text(job.stage, job.message, language),
            "error": error,
            "user_audio_url": store.sign_get(job.user_audio_s3_url) if has_audio else None,
            "created_at": job.created_at,
            "completed_at": job.completed_at,
        }
    )
