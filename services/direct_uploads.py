"""Recordings that go from the browser straight to the store: the permission before, and the checks after.

Nothing is written down before an upload is completed: what it is for stands in a signed ticket, and the store takes
no more than the one object that the signed form names.
"""

import secrets
import tempfile
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from core.errors import (
    AppError,
    AudioEmpty,
    AudioTooLarge,
    DirectUploadsOff,
    LimitReached,
    StorageQuotaExceeded,
    Unavailable,
    UploadMissing,
    UploadNotFound,
)
from core.security import Principal, Upload, make_upload_ticket, read_upload_ticket
from core.settings import MAX_AUDIO_BYTES, Settings
from database import session_scope
from jobs.spool import spool_error
from jobs.state import STORED_PROGRESS
from media.sniffing import AudioType
from media.validation import AudioChecker
from models import AnalysisResult, utc_now
from services.auth import require_session
from services.quotas import AcceptedJob, UploadRequest
from services.upload_intake import Intake, NewJob
from utils_s3 import ObjectStore, SignedPart, SignedPost, recording_key, upload_key


@dataclass(frozen=True, slots=True)
class Offer:
    """What a browser needs to send one recording to the store, and to say that it has."""

    job_id: uuid.UUID
    ticket: str
    post: SignedPost | None = None
    parts: Sequence[SignedPart] = ()


class DirectUploads:
    """Offers uploads and completes them. Every method blocks."""

    def __init__(
        self,
        settings: Settings,
        sessions: sessionmaker[Session],
        store: ObjectStore,
        checker: AudioChecker,
        intake: Intake,
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._store = store
        self._checker = checker
        self._intake = intake

    def offer(self, wishes: Sequence[UploadRequest]) -> list[Offer | Exception]:
        """For each wish leave to send one recording, or why not: see Intake.check."""
        verdicts = self._intake.check(wishes)
        return [
            verdict if isinstance(verdict, AppError) else self._offer(wish)
            for wish, verdict in zip(wishes, verdicts, strict=True)
        ]

    def offer_parts(self, wish: UploadRequest) -> Offer:
        """Leave to send one recording, whose size is known, in parts. Raises what Intake.require does."""
        self._intake.require(wish)
        upload = _upload(wish)
        key, ttl_s = upload_key(upload.user_id, upload.job_id), self._settings.upload_ttl_s
        parts_id = self._store.begin_parts(key)
        parts = self._store.sign_parts(key, parts_id, wish.size, ttl_s)
        ticket = make_upload_ticket(self._settings, replace(upload, parts_id=parts_id))
        return Offer(upload.job_id, ticket, parts=parts)

    def require(self, size: int | None) -> None:
        """Raises DirectUploadsOff, AudioEmpty or AudioTooLarge before anybody is asked; `size` in bytes, if known."""
        if not self._settings.direct_uploads:
            raise DirectUploadsOff
        if size == 0:
            raise AudioEmpty
        if size is not None and size > MAX_AUDIO_BYTES:
            raise AudioTooLarge

    def complete(
        self, principal: Principal, token_id: int, job_id: uuid.UUID, ticket: str, etags: Sequence[str] = ()
    ) -> AcceptedJob:
        """Makes a job of what the store has been sent, or finds the one that was made of it already.

        Raises UploadNotFound, UploadMissing, and what require_session and Intake.accept do. What is refused for good is
        deleted at once; after a refusal that passes, the same upload can be completed again.
        """
        if done := self._find(principal, token_id, job_id):
            return done
        upload = read_upload_ticket(self._settings, ticket)
        if (upload.user_id, upload.token_id, upload.job_id) != (principal.user_id, token_id, job_id):
            raise UploadNotFound
        sent = upload_key(upload.user_id, upload.job_id)
        try:
            accepted = self._take(principal, upload, sent, etags)
        except (LimitReached, StorageQuotaExceeded, Unavailable):
            raise
        except AppError:
            self._drop(sent)
            raise
        self._drop(sent)
        return accepted

    def _offer(self, wish: UploadRequest) -> Offer:
        upload = _upload(wish)
        post = self._store.sign_post(
            upload_key(upload.user_id, upload.job_id), MAX_AUDIO_BYTES, self._settings.upload_ttl_s
        )
        return Offer(upload.job_id, make_upload_ticket(self._settings, upload), post=post)

    def _take(self, principal: Principal, upload: Upload, sent: str, etags: Sequence[str]) -> AcceptedJob:
        wish = UploadRequest(principal, upload.token_id, upload.idempotency_key)
        if earlier := self._intake.find(wish):
            return earlier
        if upload.parts_id and not self._store.join_parts(sent, upload.parts_id, etags):
            raise UploadMissing
        with tempfile.NamedTemporaryFile() as file:
            etag = self._fetch(sent, file)
            if etag is None:
                if done := self._find(principal, upload.token_id, upload.job_id):
                    return done
                raise UploadMissing
            path = Path(file.name)
            kind, size = self._checker.check(path), path.stat().st_size
        job = NewJob(replace(wish, size=size), self._make_row(upload, kind, size))
        return self._keep(job, sent, etag)

    def _fetch(self, sent: str, file: IO[bytes]) -> str | None:
        try:
            etag = self._store.download(sent, file, MAX_AUDIO_BYTES)
            file.flush()
        except BotoCoreError:  # some of them are OSErrors
            raise
        except OSError as error:
            raise spool_error(error) from error
        return etag

    def _make_row(self, upload: Upload, kind: AudioType, size: int) -> dict[str, Any]:
        """Of two at once each copies to a key of its own: the row names what was checked."""
        return {
            "user_id": upload.user_id,
            "token_id": upload.token_id,
            "job_id": upload.job_id,
            "idempotency_key": upload.idempotency_key,
            "user_audio_s3_url": recording_key(
                upload.user_id, upload.job_id, f"{secrets.token_hex(4)}.{kind.extension}"
            ),
            "audio_type": kind.content_type,
            "audio_bytes": size,
            "audio_stored_at": utc_now(),
            "stage": "stored",
            "progress": STORED_PROGRESS,
        }

    def _keep(self, job: NewJob, sent: str, etag: str) -> AcceptedJob:
        """Object first, row second."""
        key = job.row["user_audio_s3_url"]
        try:
            self._store.copy(sent, etag, key, job.row["audio_type"])
            accepted = self._intake.register(job)
        except (ClientError, IntegrityError):
            self._drop(key)
            if done := self._find(job.wish.principal, job.wish.token_id, job.row["job_id"]):
                return done
            raise
        except BaseException:
            self._drop(key)
            raise
        if not accepted.is_new:
            self._drop(key)
        return accepted

    def _find(self, principal: Principal, token_id: int, job_id: uuid.UUID) -> AcceptedJob | None:
        query = select(AnalysisResult.status).where(
            AnalysisResult.job_id == job_id,
            AnalysisResult.user_id == principal.user_id,
            AnalysisResult.token_id == token_id,
        )
        with session_scope(self._sessions) as session:
            require_session(session, principal)
            status = session.scalar(query)
        return AcceptedJob(job_id, status, is_new=False) if status else None

    def _drop(self, key: str) -> None:
        """What stays behind when the store is down goes as a left-over."""
        with suppress(BotoCoreError, ClientError):
            self._store.delete(key)


def _upload(wish: UploadRequest) -> Upload:
    return Upload(wish.principal.user_id, wish.token_id, uuid.uuid4(), wish.idempotency_key)
