"""Learners' requests for scenes: who asked is shown to nobody; administrators answer."""

from collections.abc import Mapping
from typing import Any, Literal

from psycopg2.errors import ForeignKeyViolation, UniqueViolation
from sqlalchemy import BigInteger, BindParameter, Select, and_, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import AppError, SceneRequestClosed, SceneRequestExists, SceneRequestNotFound, ScriptNotFound
from models import SceneRequest, SceneRequestVote, Script
from services.pagination import decode_cursor, make_page
from services.responses import PUBLIC, ResponseDict, to_dict

Status = Literal["open", "answered", "declined", "done"]

_of_request = SceneRequestVote.request_id == SceneRequest.id
_me: BindParameter[int] = bindparam("user_id", type_=BigInteger)
_votes = select(func.count()).where(_of_request).correlate(SceneRequest).scalar_subquery().label("votes")
# Learners get no link to a script that is hidden from them.
_link = select(Script.id).where(Script.id == SceneRequest.script_id, PUBLIC).correlate(SceneRequest).scalar_subquery()
_FIELDS = (
    SceneRequest.id,
    SceneRequest.title,
    SceneRequest.note,
    SceneRequest.status,
    SceneRequest.answer,
    SceneRequest.created_at,
    SceneRequest.hidden_at.is_not(None).label("is_hidden"),
    (SceneRequest.user_id == _me).label("is_mine"),
    select(SceneRequestVote.user_id).where(_of_request, SceneRequestVote.user_id == _me).exists().label("is_voted"),
    _votes,
)
_LEARNER_VIEW = select(*_FIELDS, _link.label("script_id"))
_ADMIN_VIEW = select(*_FIELDS, SceneRequest.script_id)
_SHOWN = SceneRequest.hidden_at.is_(None)
_CONFLICTS: dict[str, type[AppError]] = {
    "ix_scene_requests_open": SceneRequestExists,
    "fk_scene_requests_script_id_scripts": ScriptNotFound,
}


def list_requests(session: Session, user_id: int, status: Status, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of SceneRequestResponse: those of all learners, the most votes first. Hidden ones are left out."""
    return _page(session, _LEARNER_VIEW.where(_SHOWN, SceneRequest.status == status), user_id, limit, cursor)


def list_own(session: Session, user_id: int, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of SceneRequestResponse: the learner's own, the newest first, hidden ones too."""
    query = _LEARNER_VIEW.where(SceneRequest.user_id == _me)
    if cursor:
        query = query.where(SceneRequest.id < decode_cursor(cursor, int)[0])
    values = {"user_id": user_id}
    rows = session.execute(query.order_by(SceneRequest.id.desc()).limit(limit + 1), values).all()
    return make_page(rows, limit, to_dict, lambda row: [row.id])


def list_managed(session: Session, user_id: int, status: Status | None, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of SceneRequestResponse for administrators: in every status or in one, hidden ones too."""
    query = _ADMIN_VIEW if status is None else _ADMIN_VIEW.where(SceneRequest.status == status)
    return _page(session, query, user_id, limit, cursor)


def _page(session: Session, query: Select[Any], user_id: int, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a page in the order of votes; one that gets or loses a vote meanwhile may be missed or come twice."""
    if cursor:
        votes, last_id = decode_cursor(cursor, int, int)
        query = query.where((_votes < votes) | and_(_votes == votes, SceneRequest.id < last_id))
    rows = session.execute(
        query.order_by(_votes.desc(), SceneRequest.id.desc()).limit(limit + 1), {"user_id": user_id}
    ).all()
    return make_page(rows, limit, to_dict, lambda row: [row.votes, row.id])


def create_request(session: Session, user_id: int, title: str, note: str | None) -> ResponseDict:
    """Creates a request with the learner's own vote; returns its SceneRequestResponse. Raises SceneRequestExists."""
    request = SceneRequest(user_id=user_id, title=title, note=note)
    session.add(request)
    _flush(session)
    session.add(SceneRequestVote(request_id=request.id, user_id=user_id))
    session.flush()
    return _show(session, _LEARNER_VIEW, user_id, request.id)


def withdraw_request(session: Session, user_id: int, request_id: int) -> None:
    """Deletes a learner's own request with its votes. Raises SceneRequestNotFound for another's."""
    own = (SceneRequest.id == request_id, SceneRequest.user_id == user_id)
    if session.scalar(delete(SceneRequest).where(*own).returning(SceneRequest.id)) is None:
        raise SceneRequestNotFound


def vote(session: Session, user_id: int, request_id: int) -> None:
    """Adds the learner's vote; a second one changes nothing. Raises SceneRequestNotFound or SceneRequestClosed."""
    _require_open(session, request_id)
    session.execute(
        insert(SceneRequestVote)
        .values(request_id=request_id, user_id=user_id, created_at=func.now())
        .on_conflict_do_nothing()
    )


def remove_vote(session: Session, user_id: int, request_id: int) -> None:
    """Removes the learner's vote, if there is one. Raises SceneRequestNotFound or SceneRequestClosed."""
    _require_open(session, request_id)
    mine = (SceneRequestVote.request_id == request_id, SceneRequestVote.user_id == user_id)
    session.execute(delete(SceneRequestVote).where(*mine))


def answer_request(session: Session, user_id: int, request_id: int, changes: Mapping[str, Any]) -> ResponseDict:
    """Changes status, answer, script or visibility; returns the SceneRequestResponse.

    Raises SceneRequestNotFound, ScriptNotFound, or SceneRequestExists where the learner has opened another one.
    """
    request = session.get(SceneRequest, request_id, with_for_update=True)
    if request is None:
        raise SceneRequestNotFound
    values = dict(changes)
    if "is_hidden" in values:
        request.hidden_at = (request.hidden_at or func.now()) if values.pop("is_hidden") else None
    for name, value in values.items():
        setattr(request, name, value)
    _flush(session)
    return _show(session, _ADMIN_VIEW, user_id, request_id)


def _show(session: Session, view: Select[Any], user_id: int, request_id: int) -> ResponseDict:
    return to_dict(session.execute(view.where(SceneRequest.id == request_id), {"user_id": user_id}).one())


def _require_open(session: Session, request_id: int) -> None:
    """Locks a request until the end of the transaction, against an answer or a withdrawal meanwhile."""
    query = select(SceneRequest.status).where(SceneRequest.id == request_id, _SHOWN).with_for_update(read=True)
    status = session.scalar(query)
    if status is None:
        raise SceneRequestNotFound
    if status != "open":
        raise SceneRequestClosed


def _flush(session: Session) -> None:
    """Writes to the database; translates a violated constraint into the error of the API."""
    try:
        session.flush()
    except IntegrityError as error:
        if isinstance(error.orig, (UniqueViolation, ForeignKeyViolation)):
            known = _CONFLICTS.get(error.orig.diag.constraint_name or "")
            if known is not None:
                raise known from error
        raise
