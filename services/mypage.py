"""My page: bookmarks, dubbed lines, overview."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg2.errors import ForeignKeyViolation
from sqlalchemy import Date, Select, bindparam, cast, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import BookmarkNotFound, InvalidAccessToken, InvalidCursor, TokenNotFound
from database import Reader
from models import COMPLETED, AnalysisResult, Bookmark, Token, User
from schemas import AverageScores, BookmarkResponse, Streak, Totals, UserResponse
from services.pagination import cut_page, decode_cursor, encode_cursor
from services.tokens import LINES, Shown, show_line

RECENT = 5
TREND_DAYS = 30

_MINE = AnalysisResult.user_id == bindparam("user_id")
_COMPLETED = AnalysisResult.status == COMPLETED
_USER = select(User.id, User.email, User.name, User.picture_url, User.created_at).where(User.id == bindparam("user_id"))
_BOOKMARKS = LINES.add_columns(Bookmark.id.label("bookmark_id"), Bookmark.created_at.label("bookmarked_at")).join(
    Bookmark, Bookmark.token_id == Token.id
)
_SUMMARY = select(
    func.count().label("attempts"),
    func.count().filter(_COMPLETED).label("completed"),
    func.count(AnalysisResult.token_id.distinct()).label("tokens_dubbed"),
    select(func.count()).where(Bookmark.user_id == bindparam("user_id")).scalar_subquery().label("bookmarks"),
    func.avg(AnalysisResult.pronunciation_score).filter(_COMPLETED).label("pronunciation"),
    func.avg(AnalysisResult.intonation_score).filter(_COMPLETED).label("intonation"),
    func.avg(AnalysisResult.emotion_score).filter(_COMPLETED).label("emotion"),
    func.avg(AnalysisResult.overall_score).filter(_COMPLETED).label("overall"),
).where(_MINE)
_DAY = cast(func.timezone(bindparam("zone"), AnalysisResult.created_at), Date).label("day")
_DAYS = (
    select(_DAY, func.count().label("attempts"), func.avg(AnalysisResult.overall_score).label("overall"))
    .where(_MINE)
    .group_by("day")
    .order_by("day")
)


def list_bookmarks(reader: Reader, limit: int, cursor: str | None, user_id: int) -> Shown:
    """A page of BookmarkResponse, newest first."""
    query = _BOOKMARKS.where(Bookmark.user_id == user_id).order_by(Bookmark.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(Bookmark.id < decode_cursor(cursor, int)[0])
    rows, more = cut_page(reader.execute(query).all(), limit)
    return {
        "items": [_show_bookmark(row) for row in rows],
        "next_cursor": encode_cursor([rows[-1].bookmark_id]) if more else None,
    }


def add_bookmark(session: Session, user_id: int, token_id: int) -> tuple[BookmarkResponse, bool]:
    """The bookmark, and whether it is new. Raises TokenNotFound."""
    statement = (
        insert(Bookmark)
        .values(user_id=user_id, token_id=token_id)
        .on_conflict_do_nothing(index_elements=["user_id", "token_id"])
        .returning(Bookmark.id)
    )
    try:
        created = session.scalar(statement) is not None
    except IntegrityError as error:
        violation = error.orig
        if isinstance(violation, ForeignKeyViolation) and "users" in (violation.diag.constraint_name or ""):
            raise InvalidAccessToken from error
        raise TokenNotFound from error
    query = _BOOKMARKS.where(Bookmark.user_id == user_id, Bookmark.token_id == token_id)
    return BookmarkResponse.model_validate(_show_bookmark(session.execute(query).one())), created


def remove_bookmark(session: Session, user_id: int, token_id: int) -> None:
    statement = delete(Bookmark).where(Bookmark.user_id == user_id, Bookmark.token_id == token_id)
    if session.execute(statement.returning(Bookmark.id)).one_or_none() is None:
        raise BookmarkNotFound


def list_dubbed_tokens(reader: Reader, limit: int, cursor: str | None, user_id: int) -> Shown:
    """A page of DubbedToken: lines the user has recorded, most recently recorded first."""
    dubs = _dubs(user_id).subquery()
    query = select(dubs).order_by(dubs.c.last_dubbed_at.desc(), dubs.c.token_id.desc()).limit(limit + 1)
    if cursor:
        at, token_id = decode_cursor(cursor, str, int)
        query = query.where(tuple_(dubs.c.last_dubbed_at, dubs.c.token_id) < tuple_(_timestamp(str(at)), token_id))
    rows, more = cut_page(reader.execute(query).all(), limit)
    last = rows[-1] if more else None
    return {
        "items": _show_dubs(reader, rows),
        "next_cursor": encode_cursor([last.last_dubbed_at.isoformat(), last.token_id]) if last else None,
    }


def get_overview(reader: Reader, admins: Collection[str], zone: ZoneInfo, user_id: int) -> Shown:
    """An Overview: everything my page opens with; days are those of `zone`. `admins` are e-mail addresses.

    Raises InvalidAccessToken when the account is gone.
    """
    user = reader.execute(_USER, {"user_id": user_id}).one_or_none()
    if user is None:
        raise InvalidAccessToken
    days = reader.execute(_DAYS, {"user_id": user_id, "zone": zone.key}).all()
    today = datetime.now(zone).date()
    since = today - timedelta(days=TREND_DAYS - 1)
    return {
        "user": {**user._mapping, "is_admin": user.email.lower() in admins},
        **_summary(reader, user_id),
        "trend": [dict(row._mapping) for row in days if row.day >= since],
        "streak": _streak([row.day for row in days], today),
        "recent_bookmarks": list_bookmarks(reader, RECENT, None, user_id)["items"],
        "recent_dubs": list_dubbed_tokens(reader, RECENT, None, user_id)["items"],
    }


def show_user(user: User, *, is_admin: bool) -> UserResponse:
    return UserResponse(
        id=user.id,
        email=user.email,
        name=user.name,
        picture_url=user.picture_url,
        is_admin=is_admin,
        created_at=user.created_at,
    )


def _show_bookmark(row: Any) -> Shown:
    return {"id": row.bookmark_id, "created_at": row.bookmarked_at, "token": show_line(row)}


def _dubs(user_id: int) -> Select[Any]:
    """One row per line: attempts, and best, first and last overall score (of scored attempts)."""
    score, at = AnalysisResult.overall_score, AnalysisResult.created_at
    scored = (AnalysisResult.status == COMPLETED) & score.is_not(None)
    return (
        select(
            AnalysisResult.token_id,
            func.count().label("attempts"),
            func.max(at).label("last_dubbed_at"),
            func.max(score).filter(scored).label("best"),
            func.array_agg(aggregate_order_by(score, at.asc())).filter(scored).label("scores"),
            func.array_agg(aggregate_order_by(AnalysisResult.job_id, at.desc()))[1].label("last_job_id"),
        )
        .where(AnalysisResult.user_id == user_id)
        .group_by(AnalysisResult.token_id)
    )


def _show_dubs(reader: Reader, rows: Any) -> list[Shown]:
    found = reader.execute(LINES.where(Token.id.in_([row.token_id for row in rows])))
    lines = {line["id"]: line for line in map(show_line, found)}
    return [
        {
            "token": lines[row.token_id],
            "attempts": row.attempts,
            "last_dubbed_at": row.last_dubbed_at,
            "best_overall_score": row.best,
            "first_overall_score": row.scores[0] if row.scores else None,
            "last_overall_score": row.scores[-1] if row.scores else None,
            "last_job_id": row.last_job_id,
        }
        for row in rows
    ]


def _summary(reader: Reader, user_id: int) -> Shown:
    """Totals and AverageScores."""
    row = reader.execute(_SUMMARY, {"user_id": user_id}).one()._mapping
    return {
        "totals": {name: row[name] for name in Totals.model_fields},
        "averages": {name: row[name] for name in AverageScores.model_fields},
    }


def _streak(days: list[date], today: date) -> Streak:
    """`days` ascending and distinct. A streak is still current when its last day was yesterday."""
    longest, run, previous = 0, 0, None
    for day in days:
        run = run + 1 if previous is not None and day - previous == timedelta(days=1) else 1
        longest, previous = max(longest, run), day
    is_current = previous is not None and today - previous <= timedelta(days=1)
    return Streak(current_days=run if is_current else 0, longest_days=longest)


def _timestamp(value: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidCursor from None
    if at.tzinfo is None:
        raise InvalidCursor
    return at
