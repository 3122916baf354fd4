"""Recordings that browsers send straight to the object store: permission before the upload, checks after it.

Before an upload is completed, one row reserves its share of the quotas (`services/upload_offers.py`). A signed ticket
carries its purpose, and the signed form lets the store accept no more than the one object that it names.
"""

import secrets
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from common.temporary_folder import temporary_file
from core.audio_formats import AudioType
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
from jobs.spool import disk_errors
from jobs.state import STORED_PROGRESS
from media.validation import AudioChecker
from models import AnalysisResult, utc_now
from services.auth import require_session
from services.quotas import AcceptedJob, AllowedOffer, UploadRequest
from services.upload_intake import NewJob, UploadIntake
from services.upload_offers import refuse_offer, release_offers, reserve_offers
from utils_s3 import ObjectStore, SignedPart, SignedPost, recording_key, upload_key

_ANY_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """Permission to send one recording of at most `max_bytes`: a signed form or parts, and the ticket for its end."""

    job_id: uuid.UUID
    max_bytes: int
    ticket: str
    post: SignedPost | None = None
    parts: Sequence[SignedPart] = ()


class DirectUploads:
    """Offers uploads and completes them. Every method blocks."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        sessions: sessionmaker[Session],
        store: ObjectStore,
        checker: AudioChecker,
        intake: UploadIntake,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._sessions = sessions
        self._store = store
        self._checker = checker
        self._intake = intake

    def offer(self, requests: Sequence[UploadRequest]) -> list[Offer | Exception | None]:
        """Returns for each request an Offer with a signed form, or the error of check_offers that refuses it.

        None, to pass to `offer_alone`, where another transaction holds the user's lock. At most one request per user.
        """
        results = reserve_offers(self._engine, self._settings, requests, wait=False)
        return [
            self._sign_form(request, result) if isinstance(result, AllowedOffer) else result
            for request, result in zip(requests, results, strict=True)
        ]

    def offer_alone(self, request: UploadRequest) -> Offer:
        """Returns an Offer with a signed form, waiting for the user's lock. Raises the errors of check_offers."""
        return self._sign_form(request, self._reserve(request))

    def offer_parts(self, request: UploadRequest) -> Offer:
        """Returns an Offer with signed parts; the size has to be known. Raises as offer_alone."""
        allowed = self._reserve(request)
        upload = _to_upload(request, allowed)
        key, ttl_s = upload_key(upload.user_id, upload.job_id), self._settings.upload_ttl_s
        try:
            parts_id = self._begin_parts(key, allowed)
        except (BotoCoreError, ClientError):
            with self._engine.begin() as connection:
                release_offers(connection, [allowed.job_id])
            raise
        parts = self._store.sign_parts(key, parts_id, request.size, ttl_s)
        ticket = make_upload_ticket(self._settings, replace(upload, parts_id=parts_id))
        return Offer(upload.job_id, allowed.size, ticket, parts=parts)

    def require(self, size: int | None) -> None:
        """Raises DirectUploadsOff, AudioEmpty or AudioTooLarge, without I/O; `size` in bytes, if known."""
        if not self._settings.direct_uploads:
            raise DirectUploadsOff
        if size == 0:
            raise AudioEmpty
        if size is not None and size > MAX_AUDIO_BYTES:
            raise AudioTooLarge

    def complete(
        self, principal: Principal, token_id: int, job_id: uuid.UUID, ticket: str, etags: Sequence[str] = ()
    ) -> AcceptedJob:
        """Creates a job from an object that the store has received, or returns the job that was created before.

        Raises UploadNotFound, UploadMissing, and the errors of require_session and UploadIntake.accept. A permanent
        refusal deletes the object at once; after a temporary one, the same upload can be completed again.
        """
        if earlier := self._find(principal, token_id, job_id):
            return earlier
        upload = read_upload_ticket(self._settings, ticket)
        if (upload.user_id, upload.token_id, upload.job_id) != (principal.user_id, token_id, job_id):
            raise UploadNotFound
        sent_key = upload_key(upload.user_id, upload.job_id)
        try:
            accepted = self._check_and_register(principal, upload, sent_key, etags)
        except (LimitReached, StorageQuotaExceeded, Unavailable):
            raise
        except AppError as error:
            if not isinstance(error, UploadMissing):
                refuse_offer(self._sessions, upload.job_id)
            self._delete(sent_key)
            raise
        self._delete(sent_key)
        return accepted

    def _begin_parts(self, key: str, allowed: AllowedOffer) -> str:
        if allowed.is_repeated:  # parts that an earlier offer let in would be stored beside the new ones
            self._store.end_parts(key, utc_now() + _ANY_AGE)
        return self._store.begin_parts(key)

    def _reserve(self, request: UploadRequest) -> AllowedOffer:
        result = reserve_offers(self._engine, self._settings, [request], wait=True)[0]
        if isinstance(result, AppError):
            raise result
        assert result is not None  # with wait=True no user is left out
        return result

    def _sign_form(self, request: UploadRequest, allowed: AllowedOffer) -> Offer:
        upload = _to_upload(request, allowed)
        key = upload_key(upload.user_id, upload.job_id)
        post = self._store.sign_post(key, allowed.size, self._settings.upload_ttl_s)
        return Offer(upload.job_id, allowed.size, make_upload_ticket(self._settings, upload), post=post)

    def _check_and_register(
        self, principal: Principal, upload: Upload, sent_key: str, etags: Sequence[str]
    ) -> AcceptedJob:
        key, words = upload.idempotency_key, upload.words
        request = UploadRequest(principal, upload.token_id, key, offer_id=upload.job_id, words=words)
        if earlier := self._intake.find_earlier(request):
            return earlier
        if upload.parts_id and not self._store.join_parts(sent_key, upload.parts_id, etags):
            raise UploadMissing
        with disk_errors(), temporary_file() as file:
            etag = self._store.download(sent_key, file, MAX_AUDIO_BYTES)
            if etag is None:
                if earlier := self._find(principal, upload.token_id, upload.job_id):
                    return earlier
                raise UploadMissing
            file.flush()
            path = Path(file.name)
            kind, size = self._checker.check(path), path.stat().st_size
        job = NewJob(replace(request, size=size), self._make_row(upload, kind, size))
        return self._copy_and_register(job, sent_key, etag)

    def _make_row(self, upload: Upload, kind: AudioType, size: int) -> dict[str, Any]:
        """Returns the columns of the job. Concurrent completions get a key each: the copy that they checked."""
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
            "recorded_words": upload.words.model_dump() if upload.words else None,
            "is_stored": True,
            "stage": "stored",
            "progress": STORED_PROGRESS,
        }

    def _copy_and_register(self, job: NewJob, sent_key: str, etag: str) -> AcceptedJob:
        """Copies the object to its final key, then inserts the row; deletes the copy if no new job uses it."""
        key = job.row["user_audio_s3_url"]
        try:
            self._store.copy(sent_key, etag, key, job.row["audio_type"])
            accepted = self._intake.register(job)
        except (ClientError, IntegrityError):
            self._delete(key)
            if earlier := self._find(job.upload.principal, job.upload.token_id, job.row["job_id"]):
                return earlier
            raise
        except BaseException:
            self._delete(key)
            raise
        if not accepted.is_new:
            self._delete(key)
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

    def _delete(self, key: str) -> None:
        """Deletes an object; if the store is down, services/storage_cleanup.py deletes it later."""
        with suppress(BotoCoreError, ClientError):
            self._store.delete(key)


def _to_upload(request: UploadRequest, allowed: AllowedOffer) -> Upload:
    user_id = request.principal.user_id
    return Upload(user_id, request.token_id, allowed.job_id, request.idempotency_key, words=request.words)
