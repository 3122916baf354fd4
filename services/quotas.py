"""What one learner may have: jobs at once, jobs in a day, bytes of recordings."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from database import Reader
from errors import InvalidAccessToken, StorageQuotaExceeded, TokenNotFound, TooManyJobs, TooManyUploads
from models import PROCESSING, AnalysisResult, Token, User, utc_now
from security import Principal
from services.auth import LIVING_SESSION
from settings import Settings

_DAY = timedelta(days=1)
# A job takes some seconds.
_JOB_WAIT_S = 10

_running = AnalysisResult.status == PROCESSING
_kept = AnalysisResult.audio_removed_at.is_(None) & (AnalysisResult.audio_stored_at.is_not(None) | _running)
_today = AnalysisResult.created_at > bindparam("day_ago")
_USE = select(
    func.count().filter(_running).label("jobs"),
    func.count().filter(_today).label("jobs_today"),
    func.min(AnalysisResult.created_at).filter(_today).label("first_today"),
    func.coalesce(func.sum(AnalysisResult.audio_bytes).filter(_kept), 0).label("bytes"),
).where(AnalysisResult.user_id == bindparam("user_id"))
_USE_AND_LEAVE = _USE.add_columns(
    LIVING_SESSION.exists().label("is_signed_in"),
    select(Token.id).where(Token.id == bindparam("token_id")).exists().label("has_token"),
)
# key_share: whoever only refers to the user, as a bookmark does, need not wait.
_LOCK = select(User.id).where(User.id == bindparam("user_id")).with_for_update(key_share=True)


def lock_user(reader: Reader, user_id: int) -> None:
    """Lets one upload of a user in at a time, until the transaction ends; raises InvalidAccessToken without a user."""
    if reader.scalar(_LOCK, {"user_id": user_id}) is None:
        raise InvalidAccessToken


def require_leave(reader: Reader, settings: Settings, principal: Principal, token_id: int) -> None:
    """Raises InvalidAccessToken, TokenNotFound, or what require_room does. One statement."""
    now = utc_now()
    asked = {"session_id": principal.session_id, "token_id": token_id, "now": now}
    has = reader.execute(_USE_AND_LEAVE, _of_user(principal.user_id, now) | asked).one()
    if not has.is_signed_in:
        raise InvalidAccessToken
    if not has.has_token:
        raise TokenNotFound
    _compare(has, settings, now, 0)


def require_room(reader: Reader, settings: Settings, user_id: int, new_bytes: int = 0) -> None:
    """Raises TooManyJobs, TooManyUploads or StorageQuotaExceeded when one more recording would be too much.

    Only under `lock_user` is the answer still true when the row is inserted.
    """
    now = utc_now()
    _compare(reader.execute(_USE, _of_user(user_id, now)).one(), settings, now, new_bytes)


def _of_user(user_id: int, now: datetime) -> dict[str, Any]:
    return {"user_id": user_id, "day_ago": now - _DAY}


def _compare(has: Any, settings: Settings, now: datetime, new_bytes: int) -> None:
    if has.jobs >= settings.jobs_at_once_max:
        raise TooManyJobs(_JOB_WAIT_S)
    if has.jobs_today >= settings.jobs_per_day_max:
        raise TooManyUploads((has.first_today + _DAY - now).total_seconds())
    if has.bytes + new_bytes > settings.storage_quota_bytes:
        raise StorageQuotaExceeded
