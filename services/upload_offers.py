"""Offers of direct uploads: rows that reserve a share of the quotas until they expire or become a job."""

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import Connection, Engine, delete, false, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from core.errors import AppError, InvalidAccessToken
from core.settings import Settings
from database import session_scope
from models import UploadOffer
from services.quotas import AllowedOffer, UploadRequest, check_offers, lock_users


def reserve_offers(
    engine: Engine, settings: Settings, requests: Sequence[UploadRequest], *, wait: bool
) -> list[AllowedOffer | AppError | None]:
    """Stores an offer for each request that the quotas allow; returns it, or the error that refuses the request.

    At most one request per user. Without `wait`, the result of a user that another transaction has locked is None.
    """
    user_ids = [request.principal.user_id for request in requests]
    with engine.begin() as connection:
        locked = lock_users(connection, user_ids, wait=wait)
        checked = [request for request in requests if request.principal.user_id in locked]
        results = check_offers(connection, settings, checked) if checked else []
        by_user = dict(zip([request.principal.user_id for request in checked], results, strict=True))
        _store(connection, settings, [(request, by_user[request.principal.user_id]) for request in checked])
    return [by_user.get(user_id, InvalidAccessToken() if wait else None) for user_id in user_ids]


def release_offers(connection: Connection, job_ids: Collection[uuid.UUID]) -> None:
    """Ends the reservations of offers that have become jobs, whose rows count from now on."""
    if job_ids:
        connection.execute(delete(UploadOffer).where(UploadOffer.job_id.in_(job_ids)))


def refuse_offer(sessions: sessionmaker[Session], job_id: uuid.UUID) -> None:
    """Gives back the job of an offer whose recording was refused, but not its bytes: the form can be used again."""
    with session_scope(sessions) as session:
        session.execute(update(UploadOffer).where(UploadOffer.job_id == job_id).values(is_refused=True))


def delete_expired_offers(sessions: sessionmaker[Session]) -> None:
    with session_scope(sessions) as session:
        session.execute(delete(UploadOffer).where(UploadOffer.expires_at <= func.now()))


def _store(
    connection: Connection, settings: Settings, offers: Sequence[tuple[UploadRequest, AllowedOffer | AppError]]
) -> None:
    """Inserts the allowed offers. A repeated one replaces the size and the end of the first."""
    rows = [
        {
            "job_id": offer.job_id,
            "user_id": request.principal.user_id,
            "token_id": request.token_id,
            "idempotency_key": request.idempotency_key,
            "size": offer.size,
        }
        for request, offer in offers
        if isinstance(offer, AllowedOffer)
    ]
    if not rows:
        return
    added = insert(UploadOffer).values(expires_at=func.now() + timedelta(seconds=settings.upload_ttl_s))
    statement = added.on_conflict_do_update(
        index_elements=[UploadOffer.job_id],
        set_={"size": added.excluded.size, "expires_at": added.excluded.expires_at, "is_refused": false()},
    )
    connection.execute(statement, rows)
