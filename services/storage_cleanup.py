"""Deletes objects of the store that no row names: left by a crash between two steps, or by an erased account."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from database import session_scope
from models import AnalysisResult, Script, Token, utc_now
from utils_s3 import RECORDINGS, REFERENCES, SCENES, UPLOADS, ObjectStore, job_of, token_of

log = logging.getLogger("yousync.orphans")

# More orphans than this number and than this share of all objects point to a mistake, such as another database or an
# old backup, and are not deleted.
MANY, SHARE = 100, 0.1

# In lifetimes of an upload permission. After one of them an upload can no longer be completed.
ABANDONED_AFTER = 2.0

FindNamed = Callable[[Session, Iterable[str]], set[str]]


def delete_orphans(sessions: sessionmaker[Session], store: ObjectStore, grace_s: float) -> int:
    """Deletes objects older than `grace_s` that no row names, and returns their number. Skips keys of another shape.

    Deletes nothing and logs an error if the number is implausibly high.
    """
    return sum(
        _delete_below(prefix, find_named, sessions, store, grace_s)
        for prefix, find_named in (
            (RECORDINGS, _named_recordings),
            (REFERENCES, _named_references),
            (SCENES, _named_scenes),
        )
    )


def delete_abandoned_uploads(store: ObjectStore, ttl_s: float) -> int:
    """Deletes uploads that were never completed, and returns their number; `ttl_s` is the life of a permission."""
    limit = utc_now() - timedelta(seconds=ABANDONED_AFTER * ttl_s)
    abandoned = [key for page in store.pages(UPLOADS) for key, modified_at in page if modified_at < limit]
    for key in abandoned:
        store.delete(key)
    return len(abandoned) + store.end_parts(UPLOADS, limit)


def _delete_below(
    prefix: str, find_named: FindNamed, sessions: sessionmaker[Session], store: ObjectStore, grace_s: float
) -> int:
    limit = utc_now() - timedelta(seconds=grace_s)
    seen, orphans = 0, list[str]()
    for page in store.pages(prefix):
        seen += len(page)
        old = [key for key, modified_at in page if modified_at < limit]
        with session_scope(sessions) as session:
            named = find_named(session, old)
        orphans += [key for key in old if key not in named]
    if len(orphans) > max(MANY, SHARE * seen):
        log.error("%d of %d objects below %s have no row: nothing deleted", len(orphans), seen, prefix)
        return 0
    for key in orphans:
        store.delete(key)
    if orphans:
        log.warning("%d objects below %s had no row and are deleted", len(orphans), prefix)
    return len(orphans)


def _named_recordings(session: Session, keys: Iterable[str]) -> set[str]:
    jobs: dict[str, UUID] = {key: job_id for key in keys if (job_id := job_of(key))}
    query = select(AnalysisResult.user_audio_s3_url).where(AnalysisResult.job_id.in_(jobs.values()))
    return set(session.scalars(query)) | {key for key in keys if key not in jobs}


def _named_references(session: Session, keys: Iterable[str]) -> set[str]:
    tokens: dict[str, int] = {key: token_id for key in keys if (token_id := token_of(key)) is not None}
    query = select(Token.s3_url).where(Token.id.in_(tokens.values()), Token.s3_url.is_not(None))
    return {str(key) for key in session.scalars(query)} | {key for key in keys if key not in tokens}


def _named_scenes(session: Session, keys: Iterable[str]) -> set[str]:
    query = select(Script.media_key).where(Script.media_key.in_(keys))
    return {str(key) for key in session.scalars(query)}
