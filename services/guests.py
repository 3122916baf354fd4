"""Guests: visitors who record without an account for at most a day, and may take their recordings into an account.

A guest is a row of `users` without an identity. Uploads, quotas, streams, results and erasure treat it like any user;
its access token says that it is one (Principal.is_guest).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, case, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from core.security import Identity, hash_refresh_token
from core.settings import GUEST_ISSUER, Settings
from database import session_scope
from models import PROCESSING, AnalysisResult, RefreshToken, User
from services.auth import Grant, grant, sign_in
from services.quotas import FreeQuotas, read_free_quotas

_jobs = cast(Table, AnalysisResult.__table__)
_account_jobs = _jobs.alias("account_jobs")


@dataclass(frozen=True, slots=True)
class Visit:
    """A guest's refresh token, null without one, and whether the guest's recordings move to the account."""

    token: str | None
    keep_takes: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """The numbers of a guest's recordings that the account has taken over, and that its quotas have refused."""

    kept: int = 0
    refused: int = 0


def begin_visit(sessions: sessionmaker[Session], settings: Settings) -> Grant:
    """Creates a guest and opens its only session; both end at the same time."""
    statement = (
        insert(User)
        .values(
            issuer=GUEST_ISSUER,
            subject=str(uuid.uuid4()),
            email="",
            name="",
            guest_until=func.now() + timedelta(seconds=settings.guest_ttl_s),
        )
        .returning(User)
    )
    with session_scope(sessions) as session:
        guest = session.scalars(statement).one()
        assert guest.guest_until is not None  # it has just been set
        return grant(session, settings, guest, uuid.uuid4(), guest.guest_until)


def end_visit(session: Session, user_id: int) -> None:
    """Ends the time of a guest: the sweeper erases what is theirs within seconds."""
    session.execute(
        update(User).where(User.id == user_id, User.guest_until.is_not(None)).values(guest_until=func.now())
    )


def sign_in_from_visit(session: Session, settings: Settings, identity: Identity, visit: Visit) -> tuple[Grant, Claim]:
    """Opens a session for a verified identity, and ends the visit of a guest, whose recordings move to the account.

    What does not move is erased: all without `keep_takes`, and what the account's quotas refuse, the oldest first. A
    second request finds no guest, and changes nothing. Accounts are locked before guests here, and nowhere both in the
    opposite order.
    """
    opened = sign_in(session, settings, identity)
    guest_id = _lock_guest(session, settings, visit.token) if visit.token else None
    if guest_id is None:
        return opened, Claim()
    claim = _move_takes(session, settings, guest_id, opened.user["id"]) if visit.keep_takes else Claim()
    _end_sessions(session, guest_id)
    end_visit(session, guest_id)
    return opened, claim


def _lock_guest(session: Session, settings: Settings, token: str) -> int | None:
    """Returns the guest of a refresh token that may be used; a token that another tab has just spent counts."""
    just_now = func.now() - timedelta(seconds=settings.refresh_grace_s)
    query = (
        select(User.id)
        .join(RefreshToken, RefreshToken.user_id == User.id)
        .where(
            RefreshToken.token_hash == hash_refresh_token(token),
            RefreshToken.revoked_at.is_(None),
            RefreshToken.family_expires_at > func.now(),
            or_(RefreshToken.spent_at.is_(None), RefreshToken.spent_at > just_now),
            User.guest_until > func.now(),
        )
    )
    return session.scalar(query.with_for_update(of=User))


def _move_takes(session: Session, settings: Settings, guest_id: int, account_id: int) -> Claim:
    """Gives the guest's jobs to the account, also unfinished ones. An idempotency key that the account has used stays
    with the account's job.
    """
    query = select(
        _jobs.c.id, _jobs.c.status, _jobs.c.audio_bytes, _jobs.c.audio_stored_at, _jobs.c.audio_removed_at
    ).where(_jobs.c.user_id == guest_id)
    takes = session.execute(query.order_by(_jobs.c.created_at.desc(), _jobs.c.id.desc()).with_for_update()).all()
    fitting = _choose_fitting(takes, read_free_quotas(session, settings, account_id))
    is_used = (
        select(_account_jobs.c.id)
        .where(
            _account_jobs.c.user_id == account_id,
            _account_jobs.c.idempotency_key == _jobs.c.idempotency_key,
        )
        .exists()
    )
    key = case((is_used, null()), else_=_jobs.c.idempotency_key)
    moved = update(_jobs).where(_jobs.c.id.in_(fitting)).values(user_id=account_id, idempotency_key=key)
    session.execute(moved)
    return Claim(kept=len(fitting), refused=len(takes) - len(fitting))


def _choose_fitting(takes: Iterable[Any], free: FreeQuotas) -> list[int]:
    """Returns the ids of the takes that the quotas allow, in their order."""
    fitting: list[int] = []
    running, bytes_ = 0, 0
    for take in takes:
        is_running = take.status == PROCESSING
        holds_audio = take.audio_removed_at is None and (take.audio_stored_at is not None or is_running)
        more_running, more_bytes = running + is_running, bytes_ + (take.audio_bytes or 0) * holds_audio
        if len(fitting) < free.jobs_today and more_running <= free.running_jobs and more_bytes <= free.audio_bytes:
            fitting.append(take.id)
            running, bytes_ = more_running, more_bytes
    return fitting


def _end_sessions(session: Session, user_id: int) -> None:
    is_open = RefreshToken.revoked_at.is_(None)
    session.execute(update(RefreshToken).where(RefreshToken.user_id == user_id, is_open).values(revoked_at=func.now()))
