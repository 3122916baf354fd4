"""My page: bookmarks, dubbed lines, overview."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg2.errors import ForeignKeyViolation
from sqlalchemy import Date, Select, Subquery, cast, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from errors import BookmarkNotFound, InvalidAccessToken, InvalidCursor, TokenNotFound
from models import COMPLETED, AnalysisResult, Bookmark, Token, User
from schemas import (
    AverageScores,
    BookmarkResponse,
    DubbedToken,
    Overview,
    Page,
    Streak,
    Totals,
    TrendPoint,
    UserResponse,
)
from services.paging import cut_page, decode_cursor, encode_cursor
from services.tokens import summarize_line

RECENT = 5
TREND_DAYS = 30


def list_bookmarks(session: Session, user_id: int, limit: int, cursor: str | None) -> Page[BookmarkResponse]:
    """Newest first."""
    query = _bookmarks().where(Bookmark.user_id == user_id).order_by(Bookmark.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(Bookmark.id < decode_cursor(cursor, int)[0])
    rows, more = cut_page(session.scalars(query).all(), limit)
    return Page(
        items=[_show_bookmark(row) for row in rows],
        next_cursor=encode_cursor([rows[-1].id]) if more else None,
    )


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
    query = _bookmarks().where(Bookmark.user_id == user_id, Bookmark.token_id == token_id)
    return _show_bookmark(session.scalars(query).one()), created


def remove_bookmark(session: Session, user_id: int, token_id: int) -> None:
    statement = delete(Bookmark).where(Bookmark.user_id == user_id, Bookmark.token_id == token_id)
    if session.execute(statement.returning(Bookmark.id)).one_or_none() is None:
        raise BookmarkNotFound


def list_dubbed_tokens(session: Session, user_id: int, limit: int, cursor: str | None) -> Page[DubbedToken]:
    """Lines the user has recorded, most recently recorded first."""
    dubs = _dubs(user_id).subquery()
    query = select(dubs).order_by(dubs.c.last_dubbed_at.desc(), dubs.c.token_id.desc()).limit(limit + 1)
    if cursor:
        at, token_id = decode_cursor(cursor, str, int)
        query = query.where(tuple_(dubs.c.last_dubbed_at, dubs.c.token_id) < tuple_(_timestamp(str(at)), token_id))
    rows, more = cut_page(session.execute(query).all(), limit)
    last = rows[-1] if more else None
    return Page(
        items=_show_dubs(session, rows),
        next_cursor=encode_cursor([last.last_dubbed_at.isoformat(), last.token_id]) if last else None,
    )


def get_overview(session: Session, user: User, *, is_admin: bool, zone: ZoneInfo) -> Overview:
    """Everything my page opens with; days are those of `zone`."""
    days = _days(user.id, zone)
    return Overview(
        user=show_user(user, is_admin=is_admin),
        totals=_totals(session, user.id),
        averages=_averages(session, user.id),
        trend=_trend(session, days, zone),
        streak=_streak(list(session.scalars(select(days.c.day).order_by(days.c.day))), _today(zone)),
        recent_bookmarks=list_bookmarks(session, user.id, RECENT, None).items,
        recent_dubs=list_dubbed_tokens(session, user.id, RECENT, None).items,
    )


def show_user(user: User, *, is_admin: bool) -> UserResponse:
    return UserResponse(
        id=user.id,
        email=user.email,
        name=user.name,
        picture_url=user.picture_url,
        is_admin=is_admin,
        created_at=user.created_at,
    )


def _bookmarks() -> Select[Bookmark]:
    token = joinedload(Bookmark.token)
    return select(Bookmark).options(token.joinedload(Token.script), token.joinedload(Token.actor))


def _show_bookmark(bookmark: Bookmark) -> BookmarkResponse:
    return BookmarkResponse(id=bookmark.id, created_at=bookmark.created_at, token=summarize_line(bookmark.token))


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


def _show_dubs(session: Session, rows: Any) -> list[DubbedToken]:
    ids = [row.token_id for row in rows]
    query = select(Token).options(joinedload(Token.script), joinedload(Token.actor)).where(Token.id.in_(ids))
    tokens = {token.id: token for token in session.scalars(query)}
    return [
        DubbedToken(
            token=summarize_line(tokens[row.token_id]),
            attempts=row.attempts,
            last_dubbed_at=row.last_dubbed_at,
            best_overall_score=row.best,
            first_overall_score=row.scores[0] if row.scores else None,
            last_overall_score=row.scores[-1] if row.scores else None,
            last_job_id=row.last_job_id,
        )
        for row in rows
    ]


def _totals(session: Session, user_id: int) -> Totals:
    mine = AnalysisResult.user_id == user_id
    row = session.execute(
        select(
            func.count().label("attempts"),
            func.count().filter(AnalysisResult.status == COMPLETED).label("completed"),
            func.count(AnalysisResult.token_id.distinct()).label("tokens_dubbed"),
        ).where(mine)
    ).one()
    bookmarks = session.scalar(select(func.count()).where(Bookmark.user_id == user_id)) or 0
    return Totals(**row._mapping, bookmarks=bookmarks)


def _averages(session: Session, user_id: int) -> AverageScores:
    row = session.execute(
        select(
            func.avg(AnalysisResult.pronunciation_score).label("pronunciation"),
            func.avg(AnalysisResult.intonation_score).label("intonation"),
            func.avg(AnalysisResult.emotion_score).label("emotion"),
            func.avg(AnalysisResult.overall_score).label("overall"),
        ).where(AnalysisResult.user_id == user_id, AnalysisResult.status == COMPLETED)
    ).one()
    return AverageScores(**row._mapping)


def _days(user_id: int, zone: ZoneInfo) -> Subquery:
    day = cast(func.timezone(zone.key, AnalysisResult.created_at), Date).label("day")
    return (
        select(day, func.count().label("attempts"), func.avg(AnalysisResult.overall_score).label("overall"))
        .where(AnalysisResult.user_id == user_id)
        .group_by(day)
        .subquery()
    )


def _trend(session: Session, days: Subquery, zone: ZoneInfo) -> list[TrendPoint]:
    since = _today(zone) - timedelta(days=TREND_DAYS - 1)
    rows = session.execute(select(days).where(days.c.day >= since).order_by(days.c.day))
    return [TrendPoint(**row._mapping) for row in rows]


def _streak(days: list[date], today: date) -> Streak:
    """`days` ascending and distinct. A streak is still current when its last day was yesterday."""
    longest, run, previous = 0, 0, None
    for day in days:
        run = run + 1 if previous is not None and day - previous == timedelta(days=1) else 1
        longest, previous = max(longest, run), day
    is_current = previous is not None and today - previous <= timedelta(days=1)
    return Streak(current_days=run if is_current else 0, longest_days=longest)


def _today(zone: ZoneInfo) -> date:
    return datetime.now(zone).date()


def _timestamp(value: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidCursor from None
    if at.tzinfo is None:
        raise InvalidCursor
    return at
