"""What lies in the object store and belongs to no row: left by a crash between two steps, or by an erased account."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from database import session_scope
from models import AnalysisResult, Token, utc_now
from utils_s3 import RECORDINGS, REFERENCES, UPLOADS, ObjectStore, job_of, token_of

log = logging.getLogger("yousync.orphans")

# More than this, and more than a tenth of all, is no left-over but a mistake: another database, or an old backup.
MANY, SHARE = 100, 0.1

# An upload is completed within the life of its permission; what takes longer is not completed any more.
ABANDONED_AFTER = 2.0

FindKept = Callable[[Session, Iterable[str]], set[str]]


def delete_orphans(sessions: sessionmaker[Session], store: ObjectStore, grace_s: float) -> int:
    """Deletes objects older than `grace_s` that no row names; returns how many. Keys of another shape are left alone.

    When suspiciously many have no row it deletes nothing and logs an error.
    """
    return sum(
        _delete_below(prefix, find_kept, sessions, store, grace_s)
        for prefix, find_kept in ((RECORDINGS, _kept_recordings), (REFERENCES, _kept_references))
    )


def delete_abandoned_uploads(store: ObjectStore, ttl_s: float) -> int:
    """Deletes what was sent to the store and never completed within `ttl_s`, the life of a permission to upload."""
    limit = utc_now() - timedelta(seconds=ABANDONED_AFTER * ttl_s)
    abandoned = [key for page in store.pages(UPLOADS) for key, modified_at in page if modified_at < limit]
    for key in abandoned:
        store.delete(key)
    return len(abandoned) + store.end_parts(UPLOADS, limit)


def _delete_below(
    prefix: str, find_kept: FindKept, sessions: sessionmaker[Session], store: ObjectStore, grace_s: float
) -> int:
    limit = utc_now() - timedelta(seconds=grace_s)
    seen, orphans = 0, list[str]()
    for page in store.pages(prefix):
        seen += len(page)
        old = [key for key, modified_at in page if modified_at < limit]
        with session_scope(sessions) as session:
            kept = find_kept(session, old)
        orphans += [key for key in old if key not in kept]
    if len(orphans) > max(MANY, SHARE * seen):
        log.error("%d of %d objects below %s have no row: nothing deleted", len(orphans), seen, prefix)
        return 0
    for key in orphans:
        store.delete(key)
    if orphans:
        log.warning("%d objects below %s had no row and are deleted", len(orphans), prefix)
    return len(orphans)


def _kept_recordings(session: Session, keys: Iterable[str]) -> set[str]:
    jobs: dict[str, UUID] = {key: job_id for key in keys if (job_id := job_of(key))}
    query = select(AnalysisResult.user_audio_s3_url).where(AnalysisResult.job_id.in_(jobs.values()))
    return set(session.scalars(query)) | {key for key in keys if key not in jobs}


def _kept_references(session: Session, keys: Iterable[str]) -> set[str]:
    tokens: dict[str, int] = {key: token_id for key in keys if (token_id := token_of(key)) is not None}
    query = select(Token.s3_url).where(Token.id.in_(tokens.values()), Token.s3_url.is_not(None))
    return {str(key) for key in session.scalars(query)} | {key for key in keys if key not in tokens}
