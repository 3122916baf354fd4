"""Sign-in, sessions and accounts."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from core.errors import AdminOnly, InvalidAccessToken, InvalidRefreshToken, RefreshTokenSpent
from core.security import Identity, Principal, hash_refresh_token, make_access_token, make_refresh_token
from core.settings import Settings
from database import Reader, session_scope
from models import RefreshToken, User
from services.responses import ResponseDict


def select_active_session(session_id: ColumnElement[uuid.UUID], user_id: ColumnElement[int]) -> Select[int]:
    """Selects one row if the session is active, else none."""
    return (
        select(RefreshToken.id)
        .where(
            RefreshToken.family_id == session_id,
            RefreshToken.user_id == user_id,
            RefreshToken.revoked_at.is_(None),
            RefreshToken.family_expires_at > func.now(),
        )
        .limit(1)
    )


Expiry = ColumnElement[datetime] | datetime
_ACTIVE_SESSION = select_active_session(bindparam("session_id"), bindparam("user_id"))


@dataclass(frozen=True, slots=True)
class Grant:
    """A new pair of tokens, and the UserResponse of their user; `guest_until` is the end of a guest, null of others."""

    access_token: str
    refresh_token: str
    user: ResponseDict
    guest_until: datetime | None


def show_user(settings: Settings, user: User) -> ResponseDict:
    """Returns the UserResponse of a user."""
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "picture_url": user.picture_url,
        "is_admin": _is_admin(settings, user),
        "created_at": user.created_at,
    }


def sign_in(session: Session, settings: Settings, identity: Identity) -> Grant:
    """Opens a session for a verified identity; the first sign-in creates the account."""
    seen = {"email": identity.email, "name": identity.name, "picture_url": identity.picture_url}
    statement = (
        insert(User)
        .values(issuer=identity.issuer, subject=identity.subject, **seen)
        .on_conflict_do_update(index_elements=["issuer", "subject"], set_={**seen, "updated_at": func.now()})
        .returning(User)
    )
    user = session.scalars(statement, execution_options={"populate_existing": True}).one()
    expires_at = func.now() + timedelta(seconds=settings.refresh_token_ttl_s)
    return grant(session, settings, user, uuid.uuid4(), expires_at)


def refresh(sessions: sessionmaker[Session], settings: Settings, token: str) -> Grant:
    """Rotates a refresh token.

    A token that was spent before counts as stolen: its whole family is revoked, and the revocation is committed before
    the refusal. Within the grace period it counts as sent by another tab, and is only refused.

    The user's row is locked before the token's, as services/erasure.py does, so the two cannot deadlock.

    Raises InvalidRefreshToken or RefreshTokenSpent.
    """
    presented = RefreshToken.token_hash == hash_refresh_token(token)
    owner = select(User).join(RefreshToken, RefreshToken.user_id == User.id).where(presented)
    with session_scope(sessions) as session:
        user = session.scalar(owner.with_for_update(of=User, read=True, key_share=True))
        if user is None:
            raise InvalidRefreshToken
        row = session.scalar(select(RefreshToken).where(presented).with_for_update())
        now = session.scalars(select(func.clock_timestamp())).one()
        if row is None or row.revoked_at is not None or row.family_expires_at <= now:
            raise InvalidRefreshToken
        if row.spent_at is None:
            row.spent_at = now
            return grant(session, settings, user, row.family_id, row.family_expires_at)
        if now - row.spent_at <= timedelta(seconds=settings.refresh_grace_s):
            raise RefreshTokenSpent
        revoke_family(session, row.family_id)
    raise InvalidRefreshToken


def revoke_family(session: Session, family_id: uuid.UUID) -> None:
    """Ends a session: revokes all refresh tokens of the family."""
    session.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


def delete_expired_tokens(sessions: sessionmaker[Session]) -> None:
    """Deletes the refresh tokens of expired sessions."""
    with session_scope(sessions) as session:
        session.execute(delete(RefreshToken).where(RefreshToken.family_expires_at < func.now()))


def require_session(reader: Reader, principal: Principal) -> None:
    """Raises InvalidAccessToken if the session of an unexpired token was ended, or the account erased."""
    parameters = {"session_id": principal.session_id, "user_id": principal.user_id}
    if reader.execute(_ACTIVE_SESSION, parameters).first() is None:
        raise InvalidAccessToken


def get_account(session: Session, settings: Settings, user_id: int) -> ResponseDict:
    """Returns the UserResponse of a user. Raises as `load_user`."""
    return show_user(settings, load_user(session, user_id))


def require_admin(session: Session, settings: Settings, user_id: int) -> None:
    """Raises AdminOnly unless the user is an administrator. Raises as `load_user`."""
    if not _is_admin(settings, load_user(session, user_id)):
        raise AdminOnly


def load_user(session: Session, user_id: int) -> User:
    """Loads a user; raises InvalidAccessToken after the account was erased: tokens outlive it by some minutes."""
    user = session.get(User, user_id)
    if user is None:
        raise InvalidAccessToken
    return user


def _is_admin(settings: Settings, user: User) -> bool:
    return settings.is_admin(user.issuer, user.subject, user.email)


def grant(session: Session, settings: Settings, user: User, family_id: uuid.UUID, expires_at: Expiry) -> Grant:
    """Stores a new refresh token of a session and returns it with a new access token."""
    token = make_refresh_token()
    session.add(
        RefreshToken(
            user_id=user.id,
            family_id=family_id,
            token_hash=hash_refresh_token(token),
            family_expires_at=expires_at,
        )
    )
    session.flush()
    principal = Principal(user.id, family_id, is_guest=user.guest_until is not None)
    return Grant(make_access_token(settings, principal), token, show_user(settings, user), user.guest_until)
