"""Erasure of accounts and guests: the rows at once, the objects of the store after them, by a list that outlives a
crash.
"""

import logging
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from core.errors import InvalidAccessToken
from database import session_scope
from jobs.spool import Spool
from models import AnalysisResult, Erasure, User, utc_now
from services.storage_cleanup import ABANDONED_AFTER
from utils_s3 import ObjectStore, job_of, recordings_prefix, uploads_prefix, user_of

log = logging.getLogger("yousync.erasure")

# The next attempt after one that failed, or whose process ended.
RETRY_AFTER = timedelta(seconds=20)
_BATCH = 20
# No account has this id.
_NOBODY = 0


class Erasures:
    """Erases accounts. Every method blocks, and asks the store while it holds neither a session nor a lock.

    Permissions to upload that the learner was given may be used until they expire: the objects are deleted a second
    time after that, and only then does the account leave the list.
    """

    def __init__(self, sessions: sessionmaker[Session], store: ObjectStore, spool: Spool, upload_ttl_s: float) -> None:
        self._sessions = sessions
        self._store = store
        self._spool = spool
        self._last_upload = timedelta(seconds=ABANDONED_AFTER * upload_ttl_s)

    def erase(self, user_id: int) -> int:
        """Deletes every row of a user and returns the id of their Erasure. Raises InvalidAccessToken for no user.

        A job that is being stored meanwhile waits for the locks, finds no row and deletes its object itself.
        """
        belongs_to_user = AnalysisResult.user_id == user_id
        with session_scope(self._sessions) as session:
            user = session.execute(select(User.guest_until).where(User.id == user_id).with_for_update()).one_or_none()
            if user is None:
                raise InvalidAccessToken
            is_spooled = AnalysisResult.audio_stored_at.is_(None)
            jobs = list(session.scalars(select(AnalysisResult.job_id).where(belongs_to_user, is_spooled)))
            guests = _owners(session.scalars(select(AnalysisResult.user_audio_s3_url).where(belongs_to_user))) - {
                user_id
            }
            session.execute(delete(User).where(User.id == user_id))
            # The previous version deletes all that is below the prefix of `user_id`, with what an account took over.
            owner = _NOBODY if user.guest_until else user_id
            guests |= {user_id} - {owner}
            erasure = Erasure(
                user_id=owner, spooled_jobs=jobs, guest_ids=sorted(guests), due_at=func.now() + RETRY_AFTER
            )
            session.add(erasure)
            session.flush()
            erasure_id = erasure.id
        self._remove_from_spool(jobs)
        return erasure_id

    def erase_guests(self) -> None:
        """Erases guests whose time is over. Raises the errors of the store, after which `resume` deletes objects."""
        is_over = User.guest_until <= func.now()
        with session_scope(self._sessions) as session:
            guests = list(session.scalars(select(User.id).where(is_over).order_by(User.guest_until).limit(_BATCH)))
        erasures = []
        for user_id in guests:
            with suppress(InvalidAccessToken):  # another process has erased it
                erasures.append(self.erase(user_id))
        for erasure_id in erasures:
            self.delete_objects(erasure_id)

    def remove_files(self) -> None:
        """Removes recordings of erased accounts that wait on this machine, whichever machine has erased them."""
        with session_scope(self._sessions) as session:
            jobs = list(session.scalars(select(func.unnest(Erasure.spooled_jobs))))
        self._remove_from_spool(jobs)

    def delete_objects(self, erasure_id: int) -> None:
        """Deletes the objects of an erased account; raises the errors of the store, after which `resume` repeats it."""
        with session_scope(self._sessions) as session:
            erasure = session.get(Erasure, erasure_id)
        if erasure:
            self._delete_objects(erasure)

    def resume(self) -> None:
        """Deletes the objects of all erasures that are due. Raises the errors of the store at the first failure."""
        claim = (
            select(Erasure.id).where(Erasure.due_at <= func.now()).order_by(Erasure.due_at).limit(_BATCH)
        ).with_for_update(skip_locked=True)
        later = update(Erasure).where(Erasure.id.in_(claim)).values(due_at=func.now() + RETRY_AFTER).returning(Erasure)
        with session_scope(self._sessions) as session:
            due = list(session.scalars(later))
        for erasure in due:
            self._delete_objects(erasure)

    def _delete_objects(self, erasure: Erasure) -> None:
        for user_id in (erasure.user_id, *(erasure.guest_ids or ())):
            self._delete_unnamed(recordings_prefix(user_id))
            self._delete_unnamed(uploads_prefix(user_id))
            self._store.end_parts(uploads_prefix(user_id), utc_now() + self._last_upload)
        is_this, last = Erasure.id == erasure.id, Erasure.created_at + self._last_upload
        with session_scope(self._sessions) as session:
            session.execute(delete(Erasure).where(is_this, last <= func.now()))
            session.execute(update(Erasure).where(is_this).values(due_at=last))

    def _delete_unnamed(self, prefix: str) -> None:
        """Deletes the objects below a prefix, but for a guest's recordings that an account has taken over."""
        for page in self._store.pages(prefix):
            keys = [key for key, _ in page]
            with session_scope(self._sessions) as session:
                named = set(session.scalars(_naming(keys)))
            self._store.delete_all([key for key in keys if key not in named])

    def _remove_from_spool(self, jobs: list[uuid.UUID]) -> None:
        for job_id in jobs:
            self._spool.remove(job_id)


def _naming(keys: Iterable[str]) -> Select[str]:
    jobs = {job_id for key in keys if (job_id := job_of(key))}
    return select(AnalysisResult.user_audio_s3_url).where(AnalysisResult.job_id.in_(jobs))


def _owners(keys: Iterable[str]) -> set[int]:
    """Returns the users in the keys of recordings."""
    return {user_id for key in keys if (user_id := user_of(key)) is not None}
