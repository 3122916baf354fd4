"""Browsing the catalogue: scripts, their lines, their actors."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, joinedload, undefer

from errors import ActorNotFound, ScriptNotFound, TokenNotFound
from models import COMPLETED, Actor, AnalysisResult, Bookmark, Script, Token
from schemas import (
    ActorResponse,
    ActorSummary,
    Category,
    MyScores,
    Page,
    PitchContour,
    ScriptDetail,
    ScriptReference,
    ScriptSummary,
    TokenDetail,
    TokenSummary,
)
from services.paging import cut_page, decode_cursor, encode_cursor
from utils_s3 import ObjectStore

POPULAR = 10


@dataclass(frozen=True, slots=True)
class Filters:
    """What to browse for; `actor` is an id or a part of a name, `q` a part of a title or of a line."""

    q: str | None = None
    category: str | None = None
    actor: str | None = None
    language: str | None = None
    script_id: int | None = None


def list_scripts(
    session: Session, filters: Filters, sort: Literal["latest", "popular"], limit: int, cursor: str | None
) -> Page[ScriptSummary]:
    keys = [Script.views, Script.id] if sort == "popular" else [Script.id]
    query = _summaries().where(*_script_conditions(filters)).order_by(*(key.desc() for key in keys))
    if cursor:
        query = query.where(tuple_(*keys) < tuple_(*decode_cursor(cursor, *(int for _ in keys))))
    rows, more = cut_page(session.execute(query.limit(limit + 1)).all(), limit)
    last = rows[-1].Script if rows and more else None
    return Page(
        items=[_script_summary(*row) for row in rows],
        next_cursor=encode_cursor([getattr(last, key.key) for key in keys]) if last else None,
    )


def list_popular(session: Session) -> list[ScriptSummary]:
    query = _summaries().order_by(Script.views.desc(), Script.id.desc()).limit(POPULAR)
    return [_script_summary(*row) for row in session.execute(query)]


def list_categories(session: Session) -> list[Category]:
    query = select(Script.category, func.count().label("script_count")).group_by(Script.category)
    return [Category.model_validate(row) for row in session.execute(query.order_by(Script.category))]


def get_script(session: Session, script_id: int) -> ScriptDetail:
    """A script with its lines; reading it counts a view."""
    counted = session.execute(
        update(Script).where(Script.id == script_id).values(views=Script.views + 1, updated_at=Script.updated_at)
    )
    if counted.rowcount == 0:  # type: ignore[attr-defined]
        raise ScriptNotFound
    return show_script(session, script_id)


def show_script(session: Session, script_id: int) -> ScriptDetail:
    row = session.execute(_summaries().where(Script.id == script_id)).one()
    lines = session.scalars(_lines().where(Token.script_id == script_id).order_by(Token.position))
    summary = _script_summary(*row)
    return ScriptDetail(
        **summary.model_dump(),
        source=row.Script.source,
        licence=row.Script.licence,
        tokens=[summarize_line(token) for token in lines],
    )


def list_tokens(session: Session, filters: Filters, limit: int, cursor: str | None) -> Page[TokenSummary]:
    query = _lines().where(*_line_conditions(filters)).order_by(Token.id).limit(limit + 1)
    if cursor:
        query = query.where(Token.id > decode_cursor(cursor, int)[0])
    tokens, more = cut_page(session.scalars(query).all(), limit)
    return Page(
        items=[summarize_line(token) for token in tokens],
        next_cursor=encode_cursor([tokens[-1].id]) if more else None,
    )


def get_token(session: Session, store: ObjectStore, token_id: int, user_id: int | None) -> TokenDetail:
    """One line with all that its page shows; `mine` only for a signed-in user."""
    token = session.scalar(_lines().options(undefer(Token.reference_features)).where(Token.id == token_id))
    if token is None:
        raise TokenNotFound
    return TokenDetail(
        **summarize_line(token).model_dump(),
        script=ScriptReference.model_validate(token.script),
        audio_url=store.sign_get(token.s3_url) if token.s3_url else None,
        reference_pitch=_pitch(token.reference_features),
        mine=_my_scores(session, token_id, user_id) if user_id is not None else None,
    )


def list_actors(session: Session, limit: int, cursor: str | None) -> Page[ActorSummary]:
    count = select(func.count()).where(Token.actor_id == Actor.id).scalar_subquery()
    query = select(Actor.id, Actor.name, count.label("token_count")).order_by(Actor.id).limit(limit + 1)
    if cursor:
        query = query.where(Actor.id > decode_cursor(cursor, int)[0])
    rows, more = cut_page(session.execute(query).all(), limit)
    return Page(
        items=[ActorSummary.model_validate(row) for row in rows],
        next_cursor=encode_cursor([rows[-1].id]) if more else None,
    )


def list_actor_tokens(session: Session, actor_id: int, limit: int, cursor: str | None) -> Page[TokenSummary]:
    if session.get(Actor, actor_id) is None:
        raise ActorNotFound
    return list_tokens(session, Filters(actor=str(actor_id)), limit, cursor)


def summarize_line(token: Token) -> TokenSummary:
    """Needs token.script and token.actor loaded."""
    return TokenSummary(
        id=token.id,
        script_id=token.script_id,
        script_title=token.script.title,
        actor=ActorResponse.model_validate(token.actor),
        position=token.position,
        text=token.text,
        translation=token.translation,
        start_time=token.start_time,
        end_time=token.end_time,
        has_audio=token.s3_url is not None,
    )


def _summaries() -> Select[Any]:
    count = select(func.count()).where(Token.script_id == Script.id).scalar_subquery()
    names = (
        select(func.coalesce(func.array_agg(func.distinct(Actor.name)), []))
        .join(Token, Token.actor_id == Actor.id)
        .where(Token.script_id == Script.id)
        .scalar_subquery()
    )
    return select(Script, count, names)


def _script_summary(script: Script, token_count: int, actors: list[str]) -> ScriptSummary:
    values = {name: getattr(script, name) for name in ScriptSummary.model_fields if hasattr(script, name)}
    return ScriptSummary(**values, token_count=token_count, actors=actors)


def _lines() -> Select[Token]:
    return select(Token).options(joinedload(Token.script), joinedload(Token.actor))


def _script_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.q:
        said = select(Token.script_id).where(Token.text.icontains(filters.q, autoescape=True))
        conditions.append(
            or_(
                Script.title.icontains(filters.q, autoescape=True),
                Script.title_ko.icontains(filters.q, autoescape=True),
                Script.id.in_(said),
            )
        )
    if filters.category:
        conditions.append(Script.category == filters.category)
    if filters.language:
        conditions.append(Script.language == filters.language)
    if filters.actor:
        conditions.append(Script.id.in_(select(Token.script_id).where(_by_actor(filters.actor))))
    return conditions


def _line_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.q:
        conditions.append(Token.text.icontains(filters.q, autoescape=True))
    if filters.script_id is not None:
        conditions.append(Token.script_id == filters.script_id)
    if filters.actor:
        conditions.append(_by_actor(filters.actor))
    if filters.category:
        conditions.append(Token.script_id.in_(select(Script.id).where(Script.category == filters.category)))
    if filters.language:
        conditions.append(Token.script_id.in_(select(Script.id).where(Script.language == filters.language)))
    return conditions


def _by_actor(actor: str) -> ColumnElement[bool]:
    if actor.isascii() and actor.isdigit() and len(actor) < 19:
        return Token.actor_id == int(actor)
    return Token.actor_id.in_(select(Actor.id).where(Actor.name.icontains(actor, autoescape=True)))


def _my_scores(session: Session, token_id: int, user_id: int) -> MyScores:
    mine = (AnalysisResult.user_id == user_id, AnalysisResult.token_id == token_id)
    scored = select(AnalysisResult.overall_score).where(
        *mine, AnalysisResult.status == COMPLETED, AnalysisResult.overall_score.is_not(None)
    )
    bookmarked = select(Bookmark.id).where(Bookmark.user_id == user_id, Bookmark.token_id == token_id)
    return MyScores(
        attempts=session.scalar(select(func.count()).where(*mine)) or 0,
        best=session.scalar(scored.order_by(AnalysisResult.overall_score.desc()).limit(1)),
        last=session.scalar(scored.order_by(AnalysisResult.created_at.desc()).limit(1)),
        bookmarked=session.scalar(bookmarked) is not None,
    )


def _pitch(features: dict[str, Any] | None) -> PitchContour | None:
    if not features or "pitch_st" not in features:
        return None
    return PitchContour(hop_s=features["hop_s"], semitones=features["pitch_st"])
