"""What one learner may have: jobs at once, jobs in a day, bytes of recordings. Decided for many learners at once."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ARRAY, BigInteger, String, Table, Uuid, bindparam, column, func, select, true
from sqlalchemy import cast as sql_cast

from core.errors import (
    AppError,
    IdempotencyKeyReused,
    InvalidAccessToken,
    StorageQuotaExceeded,
    TokenNotFound,
    TooManyJobs,
    TooManyUploads,
)
from core.security import Principal
from core.settings import Settings
from database import Reader
from models import PROCESSING, AnalysisResult, Token, User, utc_now
from services.auth import living_session

_DAY = timedelta(days=1)
# A job takes some seconds.
_JOB_WAIT_S = 10


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """That a recording of a line be taken. The same key is the same wish; `size` in bytes, 0 while unknown."""

    principal: Principal
    token_id: int
    idempotency_key: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class AcceptedJob:
    """The job that was made of a recording, now or earlier."""

    job_id: uuid.UUID
    status: str
    is_new: bool


def _of_wishes(name: str, kind: Any) -> Any:
    return sql_cast(bindparam(name), ARRAY(kind))


_jobs, _earlier = AnalysisResult, cast(Table, AnalysisResult.__table__).alias("earlier")
_wishes = (
    func.unnest(
        _of_wishes("user_ids", BigInteger),
        _of_wishes("session_ids", Uuid),
        _of_wishes("token_ids", BigInteger),
        _of_wishes("idempotency_keys", String),
    )
    .table_valued(
        column("user_id", BigInteger),
        column("session_id", Uuid),
        column("token_id", BigInteger),
        column("idempotency_key", String),
        with_ordinality="place",
        name="wishes",
    )
    .render_derived()
)
_running = _jobs.status == PROCESSING
_kept = _jobs.audio_removed_at.is_(None) & (_jobs.audio_stored_at.is_not(None) | _running)
_today = _jobs.created_at > bindparam("day_ago")
_use = (
    select(
        func.count().filter(_running).label("jobs"),
        func.count().filter(_today).label("jobs_today"),
        func.min(_jobs.created_at).filter(_today).label("first_today"),
        func.coalesce(func.sum(_jobs.audio_bytes).filter(_kept), 0).label("bytes"),
    )
    .where(_jobs.user_id == _wishes.c.user_id)
    .lateral("use")
)
_same_wish = (_earlier.c.user_id == _wishes.c.user_id) & (_earlier.c.idempotency_key == _wishes.c.idempotency_key)
_STANDINGS = (
    select(
        living_session(_wishes.c.session_id, _wishes.c.user_id).exists().label("is_signed_in"),
        select(Token.id).where(Token.id == _wishes.c.token_id).exists().label("has_token"),
        _use,
        _earlier.c.job_id,
        _earlier.c.token_id,
        _earlier.c.status,
    )
    .select_from(_wishes.join(_use, true()).outerjoin(_earlier, _same_wish))
    .order_by(_wishes.c.place)
)
# key_share: whoever only refers to the user, as a bookmark does, need not wait. In one order, so that no two deadlock.
_users = select(User.id).where(User.id == func.any(_of_wishes("user_ids", BigInteger))).order_by(User.id)
_LOCK = _users.with_for_update(key_share=True)
_LOCK_FREE = _users.with_for_update(key_share=True, skip_locked=True)


def lock_users(reader: Reader, user_ids: Collection[int], *, wait: bool) -> set[int]:
    """Lets one upload of each user in at a time, until the transaction ends. Those who exist are locked; unless it may
    `wait`, only those whom nobody else has locked.
    """
    return set(reader.scalars(_LOCK if wait else _LOCK_FREE, {"user_ids": list(user_ids)}))


def check_quotas(
    reader: Reader, settings: Settings, wishes: Sequence[UploadRequest]
) -> list[AcceptedJob | AppError | None]:
    """For each wish the job that was made of it earlier, why it is refused, or None when it may be granted.

    One statement. Only under `lock_users` is the answer still true when a row is inserted, and only for one wish of
    each user.
    """
    now = utc_now()
    asked = {
        "user_ids": [wish.principal.user_id for wish in wishes],
        "session_ids": [str(wish.principal.session_id) for wish in wishes],
        "token_ids": [wish.token_id for wish in wishes],
        "idempotency_keys": [wish.idempotency_key for wish in wishes],
        "now": now,
        "day_ago": now - _DAY,
    }
    rows = reader.execute(_STANDINGS, asked).all()
    return [_check(wish, row, settings, now) for wish, row in zip(wishes, rows, strict=True)]


def _check(wish: UploadRequest, has: Any, settings: Settings, now: datetime) -> AcceptedJob | AppError | None:
    if not has.is_signed_in:
        return InvalidAccessToken()
    if not has.has_token:
        return TokenNotFound()
    if has.job_id is not None:
        return (
            AcceptedJob(has.job_id, has.status, is_new=False)
            if has.token_id == wish.token_id
            else IdempotencyKeyReused()
        )
    if has.jobs >= settings.jobs_at_once_max:
        return TooManyJobs(_JOB_WAIT_S)
    if has.jobs_today >= settings.jobs_per_day_max:
        return TooManyUploads((has.first_today + _DAY - now).total_seconds())
    if has.bytes + wish.size > settings.storage_quota_bytes:
        return StorageQuotaExceeded()
    return None
