"""What one learner may have: jobs at once, jobs in a day, bytes of recordings."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from errors import InvalidAccessToken, StorageQuotaExceeded, TooManyJobs, TooManyUploads
from models import PROCESSING, AnalysisResult, User, utc_now
from settings import Settings

_DAY = timedelta(days=1)
# A job takes some seconds.
_JOB_WAIT_S = 10


def lock_user(session: Session, user_id: int) -> None:
    """Lets one upload of a user in at a time, until the transaction ends; raises InvalidAccessToken without a user."""
    # key_share: whoever only refers to the user, as a bookmark does, need not wait.
    query = select(User.id).where(User.id == user_id).with_for_update(key_share=True)
    if session.scalar(query) is None:
        raise InvalidAccessToken


def require_room(session: Session, settings: Settings, user_id: int, new_bytes: int = 0) -> None:
    """Raises TooManyJobs, TooManyUploads or StorageQuotaExceeded when one more recording would be too much.

    Only under `lock_user` is the answer still true when the row is inserted.
    """
    now, at = utc_now(), AnalysisResult.created_at
    running = AnalysisResult.status == PROCESSING
    kept = AnalysisResult.audio_removed_at.is_(None) & (AnalysisResult.audio_stored_at.is_not(None) | running)
    today = at > now - _DAY
    has = session.execute(
        select(
            func.count().filter(running).label("jobs"),
            func.count().filter(today).label("jobs_today"),
            func.min(at).filter(today).label("first_today"),
            func.coalesce(func.sum(AnalysisResult.audio_bytes).filter(kept), 0).label("bytes"),
        ).where(AnalysisResult.user_id == user_id)
    ).one()
    if has.jobs >= settings.jobs_at_once_max:
        raise TooManyJobs(_JOB_WAIT_S)
    if has.jobs_today >= settings.jobs_per_day_max:
        raise TooManyUploads((has.first_today + _DAY - now).total_seconds())
    if has.bytes + new_bytes > settings.storage_quota_bytes:
        raise StorageQuotaExceeded
