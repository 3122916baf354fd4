"""Upload quotas of learners: jobs in progress, jobs per day, bytes of stored recordings; guests have fewer. Checked in
batches.

Offers of direct uploads count as jobs, and with their size, until they expire or become a job.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ARRAY, BigInteger, String, Table, Uuid, bindparam, column, func, or_, select, true
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from core.errors import (
    AppError,
    GuestLimitReached,
    IdempotencyKeyReused,
    InvalidAccessToken,
    StorageQuotaExceeded,
    TokenNotFound,
    TooManyJobs,
    TooManyUploads,
)
from core.line_readings import RecordedWords
from core.security import Principal
from core.settings import MAX_AUDIO_BYTES, Settings
from database import Reader
from models import PROCESSING, AnalysisResult, Token, UploadOffer, User
from services.auth import select_active_session
from services.responses import PUBLIC

_DAY = timedelta(days=1)
# Retry-After of TooManyJobs: a job takes some seconds.
_JOB_WAIT_S = 10


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """A user's request to upload a recording of one line. `size` in bytes, 0 while unknown.

    Two requests of one user with the same idempotency key ask for the same job. `offer_id` names the offer that becomes
    this job. `words` are the only words of the line that the recording holds, None for the whole line.
    """

    principal: Principal
    token_id: int
    idempotency_key: str | None = None
    size: int = 0
    offer_id: uuid.UUID | None = None
    words: RecordedWords | None = None


@dataclass(frozen=True, slots=True)
class AcceptedJob:
    """The job of a recording; `is_new` is false when an earlier request created it."""

    job_id: uuid.UUID
    status: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class AllowedOffer:
    """An offer that the quotas allow: its job, the bytes to reserve, and whether its key had an offer or job before."""

    job_id: uuid.UUID
    size: int
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class FreeQuotas:
    """The rest of a user's quotas: unfinished jobs, jobs of the last 24 hours, bytes of recordings. Never negative."""

    running_jobs: int
    jobs_today: int
    audio_bytes: int


def _array_parameter(name: str, kind: Any) -> Any:
    return sql_cast(bindparam(name), ARRAY(kind))


_jobs, _earlier = AnalysisResult, cast(Table, AnalysisResult.__table__).alias("earlier")
_uploads = (
    func.unnest(
        _array_parameter("user_ids", BigInteger),
        _array_parameter("session_ids", Uuid),
        _array_parameter("token_ids", BigInteger),
        _array_parameter("idempotency_keys", String),
        _array_parameter("offer_ids", Uuid),
    )
    .table_valued(
        column("user_id", BigInteger),
        column("session_id", Uuid),
        column("token_id", BigInteger),
        column("idempotency_key", String),
        column("offer_id", Uuid),
        with_ordinality="ordinal",
        name="uploads",
    )
    .render_derived()
)
_is_running = _jobs.status == PROCESSING
_holds_audio = _jobs.audio_removed_at.is_(None) & (_jobs.audio_stored_at.is_not(None) | _is_running)
_is_recent = _jobs.created_at > func.now() - _DAY
_usage = (
    select(
        func.count().filter(_is_running).label("jobs"),
        func.count().filter(_is_recent).label("jobs_today"),
        (func.min(_jobs.created_at).filter(_is_recent) + _DAY - func.now()).label("wait"),
        func.coalesce(func.sum(_jobs.audio_bytes).filter(_holds_audio), 0).label("bytes"),
    )
    .where(_jobs.user_id == _uploads.c.user_id)
    .lateral("usage")
)
# The offers of the same recording do not count: the upload replaces them. Neither do those that a job has replaced.
_is_of_same_key = (UploadOffer.idempotency_key == _uploads.c.idempotency_key) & (
    UploadOffer.token_id == _uploads.c.token_id
)
_made = aliased(AnalysisResult)
_has_made_a_job = (
    select(_made.id)
    .where(
        _made.user_id == UploadOffer.user_id,
        or_(_made.idempotency_key == UploadOffer.idempotency_key, _made.job_id == UploadOffer.job_id),
    )
    .exists()
)
_reserves = (
    (UploadOffer.expires_at > func.now())
    & _is_of_same_key.is_not(true())
    & UploadOffer.job_id.is_distinct_from(_uploads.c.offer_id)
    & ~_has_made_a_job
)
_reserves_job = _reserves & UploadOffer.is_refused.is_(False)
_reserved = (
    select(
        func.count().filter(_reserves_job).label("offers"),
        (func.min(UploadOffer.expires_at).filter(_reserves_job) - func.now()).label("offer_wait"),
        func.coalesce(func.sum(UploadOffer.size).filter(_reserves), 0).label("offered_bytes"),
        func.array_agg(UploadOffer.job_id).filter(_is_of_same_key).label("repeated_offers"),
    )
    .where(UploadOffer.user_id == _uploads.c.user_id)
    .lateral("reserved")
)
_has_same_key = (_earlier.c.user_id == _uploads.c.user_id) & (_earlier.c.idempotency_key == _uploads.c.idempotency_key)
_UPLOADS_WITH_USAGE = (
    select(
        select_active_session(_uploads.c.session_id, _uploads.c.user_id).exists().label("is_signed_in"),
        select(Token.id).join(Token.script).where(Token.id == _uploads.c.token_id, PUBLIC).exists().label("has_token"),
        _usage,
        _reserved,
        _earlier.c.job_id,
        _earlier.c.token_id,
        _earlier.c.status,
        _earlier.c.recorded_words,
    )
    .select_from(_uploads.join(_usage, true()).join(_reserved, true()).outerjoin(_earlier, _has_same_key))
    .order_by(_uploads.c.ordinal)
)
# key_share does not block rows that only refer to the user, such as a bookmark. Locking in the order of the ids
# prevents deadlocks.
_users = select(User.id).where(User.id == func.any(_array_parameter("user_ids", BigInteger))).order_by(User.id)
_LOCK = _users.with_for_update(key_share=True)
_LOCK_UNLOCKED = _users.with_for_update(key_share=True, skip_locked=True)


def lock_users(reader: Reader, user_ids: Collection[int], *, wait: bool) -> set[int]:
    """Locks the rows of these users until the transaction ends, and returns the ids of those that are locked.

    It serializes the uploads of each user. Without `wait`, users that another transaction has locked are left out.
    """
    return set(reader.scalars(_LOCK if wait else _LOCK_UNLOCKED, {"user_ids": list(user_ids)}))


def check_quotas(
    reader: Reader, settings: Settings, uploads: Sequence[UploadRequest]
) -> list[AcceptedJob | AppError | None]:
    """Returns for each upload the job of an earlier request, the error that refuses it, or None when it is allowed.

    Runs one statement. The result is certain to hold for an insert only under `lock_users` and with at most one
    upload per user.
    """
    rows = _read_usage(reader, uploads)
    return [_check(upload, row, settings) for upload, row in zip(uploads, rows, strict=True)]


def check_offers(reader: Reader, settings: Settings, uploads: Sequence[UploadRequest]) -> list[AllowedOffer | AppError]:
    """Returns for each upload the offer that the quotas allow, or the error that refuses it. Certain as check_quotas.

    An upload of unknown size reserves what is left, up to the largest recording.
    """
    rows = _read_usage(reader, uploads)
    return [_check_offer(upload, row, settings) for upload, row in zip(uploads, rows, strict=True)]


def read_free_quotas(reader: Reader, settings: Settings, user_id: int) -> FreeQuotas:
    """Returns what the quotas leave to an account; certain to hold while its row is locked."""
    usage = _read_usage(reader, [UploadRequest(Principal(user_id, uuid.UUID(int=0)), token_id=0)])[0]
    return FreeQuotas(
        running_jobs=max(0, settings.jobs_at_once_max - usage.jobs - usage.offers),
        jobs_today=max(0, settings.jobs_per_day_max - usage.jobs_today - usage.offers),
        audio_bytes=max(0, settings.storage_quota_bytes - _used_bytes(usage)),
    )


def _read_usage(reader: Reader, uploads: Sequence[UploadRequest]) -> Sequence[Any]:
    parameters = {
        "user_ids": [upload.principal.user_id for upload in uploads],
        "session_ids": [str(upload.principal.session_id) for upload in uploads],
        "token_ids": [upload.token_id for upload in uploads],
        "idempotency_keys": [upload.idempotency_key for upload in uploads],
        "offer_ids": [str(upload.offer_id) if upload.offer_id else None for upload in uploads],
    }
    return reader.execute(_UPLOADS_WITH_USAGE, parameters).all()


def _check(upload: UploadRequest, usage: Any, settings: Settings) -> AcceptedJob | AppError | None:
    if not usage.is_signed_in:
        return InvalidAccessToken()
    if not usage.has_token:
        return TokenNotFound()
    if usage.job_id is not None:
        words = upload.words.model_dump() if upload.words else None
        is_same = (usage.token_id, usage.recorded_words) == (upload.token_id, words)
        return AcceptedJob(usage.job_id, usage.status, is_new=False) if is_same else IdempotencyKeyReused()
    if upload.principal.is_guest:
        return _check_guest(upload, usage, settings)
    if usage.jobs + usage.offers >= settings.jobs_at_once_max:
        return TooManyJobs(_JOB_WAIT_S if usage.jobs else usage.offer_wait.total_seconds())
    if usage.jobs_today + usage.offers >= settings.jobs_per_day_max:
        waits = [wait for wait in (usage.wait, usage.offer_wait) if wait is not None]
        return TooManyUploads(min(waits).total_seconds())
    if upload.size > settings.storage_quota_bytes - _used_bytes(usage):
        return StorageQuotaExceeded()
    return None


def _check_guest(upload: UploadRequest, usage: Any, settings: Settings) -> AppError | None:
    """Returns the error that refuses a guest's upload. A guest lives for less than a day: all jobs are of today."""
    has_takes_left = usage.jobs_today + usage.offers < settings.guest_takes
    fits = upload.size <= settings.guest_quota_bytes - _used_bytes(usage)
    return None if has_takes_left and fits else GuestLimitReached()


def _check_offer(upload: UploadRequest, usage: Any, settings: Settings) -> AllowedOffer | AppError:
    result = _check(upload, usage, settings)
    if isinstance(result, AppError):
        return result
    is_guest = upload.principal.is_guest
    free = (settings.guest_quota_bytes if is_guest else settings.storage_quota_bytes) - _used_bytes(usage)
    size = upload.size or min(free, MAX_AUDIO_BYTES)
    if not 0 < size <= free:
        return GuestLimitReached() if is_guest else StorageQuotaExceeded()
    repeated = [result.job_id] if result else usage.repeated_offers
    return AllowedOffer(repeated[0] if repeated else uuid.uuid4(), size, is_repeated=bool(repeated))


def _used_bytes(usage: Any) -> int:
    return int(usage.bytes) + int(usage.offered_bytes)
