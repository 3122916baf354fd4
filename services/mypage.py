"""My page: the bookmarks, dubbed lines and overview of a user."""

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
from core.settings import Settings
from database import Reader
from models import COMPLETED, SCORE_COLUMNS, SCORES, AnalysisResult, Bookmark, Token, User
from schemas import Totals
from services.pagination import decode_cursor, make_page
from services.responses import LINES, PUBLIC, ResponseDict, line_summary, to_dict

RECENT = 5
TREND_DAYS = 30

_MINE = AnalysisResult.user_id == bindparam("user_id")
_COMPLETED = AnalysisResult.status == COMPLETED
_USER = select(User.id, User.email, User.name, User.picture_url, User.created_at, User.issuer, User.subject).where(
    User.id == bindparam("user_id")
)
_BOOKMARKS = LINES.add_columns(Bookmark.id.label("bookmark_id"), Bookmark.created_at.label("bookmarked_at")).join(
    Bookmark, Bookmark.token_id == Token.id
)
# Bookmarks of hidden lines stay, and are shown again with them.
_SHOWN_BOOKMARKS = select(func.count()).join(Bookmark.token).join(Token.script).where(PUBLIC)
_SUMMARY = select(
    func.count().label("attempts"),
    func.count().filter(_COMPLETED).label("completed"),
    func.count(AnalysisResult.token_id.distinct()).label("tokens_dubbed"),
    _SHOWN_BOOKMARKS.where(Bookmark.user_id == bindparam("user_id")).scalar_subquery().label("bookmarks"),
    *(func.avg(column).filter(_COMPLETED).label(score) for score, column in SCORE_COLUMNS.items()),
).where(_MINE)
_DAY = cast(func.timezone(bindparam("zone"), AnalysisResult.created_at), Date).label("day")
_DAYS = (
    select(_DAY, func.count().label("attempts"), func.avg(AnalysisResult.overall_score).label("overall"))
    .where(_MINE)
    .group_by("day")
    .order_by("day")
)


def list_bookmarks(reader: Reader, limit: int, cursor: str | None, user_id: int) -> ResponseDict:
    """Returns a Page of BookmarkResponse, newest first."""
    query = _BOOKMARKS.where(Bookmark.user_id == user_id, PUBLIC).order_by(Bookmark.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(Bookmark.id < decode_cursor(cursor, int)[0])
    rows = reader.execute(query).all()
    return make_page(rows, limit, _show_bookmark, lambda row: [row.bookmark_id])


def add_bookmark(session: Session, user_id: int, token_id: int) -> tuple[ResponseDict, bool]:
    """Returns the BookmarkResponse of a line and True if it is new. Raises TokenNotFound."""
    if session.scalar(select(Token.id).join(Token.script).where(Token.id == token_id, PUBLIC)) is None:
        raise TokenNotFound
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
    return _show_bookmark(session.execute(query).one()), created


def remove_bookmark(session: Session, user_id: int, token_id: int) -> None:
    """Deletes a bookmark; raises BookmarkNotFound."""
    statement = delete(Bookmark).where(Bookmark.user_id == user_id, Bookmark.token_id == token_id)
    if session.execute(statement.returning(Bookmark.id)).one_or_none() is None:
        raise BookmarkNotFound


def list_dubbed_tokens(reader: Reader, limit: int, cursor: str | None, user_id: int) -> ResponseDict:
    """Returns a Page of DubbedToken: lines that the user has recorded, the most recently recorded first."""
    dubs = _dubs(user_id).subquery()
    query = select(dubs).order_by(dubs.c.last_dubbed_at.desc(), dubs.c.token_id.desc()).limit(limit + 1)
    if cursor:
        at, token_id = decode_cursor(cursor, str, int)
        query = query.where(tuple_(dubs.c.last_dubbed_at, dubs.c.token_id) < tuple_(_timestamp(str(at)), token_id))
    rows = reader.execute(query).all()
    lines = _load_lines(reader, [row.token_id for row in rows])
    return make_page(
        rows,
        limit,
        lambda row: _show_dub(row, lines[row.token_id]),
        lambda row: [row.last_dubbed_at.isoformat(), row.token_id],
    )


def get_overview(reader: Reader, settings: Settings, zone: ZoneInfo, user_id: int) -> ResponseDict:
    """Returns the Overview that my page starts with; days are those of `zone`.

    Raises InvalidAccessToken when the account is gone.
    """
    user = reader.execute(_USER, {"user_id": user_id}).one_or_none()
    if user is None:
        raise InvalidAccessToken
    days = reader.execute(_DAYS, {"user_id": user_id, "zone": zone.key}).all()
    today = datetime.now(zone).date()
    since = today - timedelta(days=TREND_DAYS - 1)
    *shown, issuer, subject = user
    return {
        "user": {
            **dict(zip(user._fields, shown, strict=False)),
            "is_admin": settings.is_admin(issuer, subject, user.email),
        },
        **_summary(reader, user_id),
        "trend": [to_dict(row) for row in days if row.day >= since],
        "streak": _streak([row.day for row in days], today),
        "recent_bookmarks": list_bookmarks(reader, RECENT, None, user_id)["items"],
        "recent_dubs": list_dubbed_tokens(reader, RECENT, None, user_id)["items"],
    }


def _show_bookmark(row: Any) -> ResponseDict:
    return {"id": row.bookmark_id, "created_at": row.bookmarked_at, "token": line_summary(row)}


def _dubs(user_id: int) -> Select[Any]:
    """Selects one row per line: attempts, the best overall score, and all scores in order of time (scored attempts)."""
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


def _load_lines(reader: Reader, token_ids: Collection[int]) -> dict[int, ResponseDict]:
    """Returns the TokenSummary of each line, by its id."""
    found = reader.execute(LINES.where(Token.id.in_(token_ids)))
    return {line["id"]: line for line in map(line_summary, found)}


def _show_dub(row: Any, line: ResponseDict) -> ResponseDict:
    return {
        "token": line,
        "attempts": row.attempts,
        "last_dubbed_at": row.last_dubbed_at,
        "best_overall_score": row.best,
        "first_overall_score": row.scores[0] if row.scores else None,
        "last_overall_score": row.scores[-1] if row.scores else None,
        "last_job_id": row.last_job_id,
    }


def _summary(reader: Reader, user_id: int) -> ResponseDict:
    """Returns Totals and AverageScores."""
    row = reader.execute(_SUMMARY, {"user_id": user_id}).one()._mapping
    return {
        "totals": {name: row[name] for name in Totals.model_fields},
        "averages": {score: row[score] for score in SCORES},
    }


def _streak(days: list[date], today: date) -> ResponseDict:
    """Returns the Streak of `days`, ascending and distinct. A streak that ended yesterday is still current."""
    longest, run, previous = 0, 0, None
    for day in days:
        run = run + 1 if previous is not None and day - previous == timedelta(days=1) else 1
        longest, previous = max(longest, run), day
    is_current = previous is not None and today - previous <= timedelta(days=1)
    return {"current_days": run if is_current else 0, "longest_days": longest}


def _timestamp(value: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidCursor from None
    if at.tzinfo is None:
        raise InvalidCursor
    return at
