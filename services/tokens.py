"""Browsing the catalogue: scripts, their lines, their actors.

Statements are built once for each set of filters, and rows are shown as plain dicts of the shapes in schemas.py:
these lists are what is asked for most.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.sql.selectable import ScalarSelect

from core.errors import ActorNotFound, ScriptNotFound, TokenNotFound
from database import DriverQuery, Reader
from models import COMPLETED, Actor, AnalysisResult, Bookmark, Script, Token
from services.pagination import cut_page, decode_cursor, encode_cursor
from utils_s3 import ObjectStore

POPULAR = 10

Shown = dict[str, Any]
Sort = Literal["latest", "popular"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What to browse for; `actor` is an id or a part of a name, `q` a part of a title or of a line."""

    q: str | None = None
    category: str | None = None
    actor: str | None = None
    language: str | None = None
    script_id: int | None = None

    def values(self) -> dict[str, Any]:
        """Those that are set, under the names of the conditions below."""
        values: dict[str, Any] = {"category": self.category, "language": self.language, "script_id": self.script_id}
        if self.q:
            values["q"] = _containing(self.q)
        if self.actor:
            is_id = self.actor.isascii() and self.actor.isdigit() and len(self.actor) < 19
            values |= {"actor_id": int(self.actor)} if is_id else {"actor_name": _containing(self.actor)}
        return {name: value for name, value in values.items() if value is not None}


LINE: tuple[Any, ...] = (
    Token.id,
    Token.script_id,
    Script.title,
    Actor.id,
    Actor.name,
    Token.position,
    Token.text,
    Token.translation,
    Token.start_time,
    Token.end_time,
    Token.s3_url.is_not(None),
)
LINES = select(*LINE).select_from(Token).join(Token.script).join(Token.actor)


def show_line(row: Any) -> Shown:
    """A TokenSummary of a row that begins with LINE."""
    id_, script_id, title, actor_id, actor, position, text, translation, start, end, has_audio = row[: len(LINE)]
    return {
        "id": id_,
        "script_id": script_id,
        "script_title": title,
        "actor": {"id": actor_id, "name": actor},
        "position": position,
        "text": text,
        "translation": translation,
        "start_time": start,
        "end_time": end,
        "has_audio": has_audio,
    }


def _containing(part: str) -> str:
    """A pattern for LIKE with the escape character `/`."""
    return "%" + part.replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"


def _matches(column: Any, name: str) -> ColumnElement[bool]:
    matches: ColumnElement[bool] = column.ilike(bindparam(name), escape="/")
    return matches


def _of_script(value: Any) -> ScalarSelect[Any]:
    return select(value).where(Token.script_id == Script.id).correlate(Script).scalar_subquery()


_SUMMARY = (
    Script.id,
    Script.title,
    Script.title_ko,
    Script.category,
    Script.language,
    Script.description,
    Script.description_ko,
    Script.synthetic_voice,
    Script.views,
    _of_script(func.count(Token.id)).label("token_count"),
    select(func.coalesce(func.array_agg(func.distinct(Actor.name)), []))
    .join(Token, Token.actor_id == Actor.id)
    .where(Token.script_id == Script.id)
    .scalar_subquery()
    .label("actors"),
    Script.created_at,
)
_BY_ACTOR = {
    "actor_id": Token.actor_id == bindparam("actor_id"),
    "actor_name": Token.actor_id.in_(select(Actor.id).where(_matches(Actor.name, "actor_name"))),
}
_OF_SCRIPT = {
    "category": Script.category == bindparam("category"),
    "language": Script.language == bindparam("language"),
    "script_id": Script.id == bindparam("script_id"),
}
_LINE_CONDITIONS = {
    **_OF_SCRIPT,
    **_BY_ACTOR,
    "q": _matches(Token.text, "q"),
    "after": Token.id > bindparam("after"),
}
_SCRIPT_CONDITIONS = {
    **_OF_SCRIPT,
    **{name: Script.id.in_(select(Token.script_id).where(by)) for name, by in _BY_ACTOR.items()},
    "q": or_(
        _matches(Script.title, "q"),
        _matches(Script.title_ko, "q"),
        Script.id.in_(select(Token.script_id).where(_matches(Token.text, "q"))),
    ),
}
_SORT_KEYS: dict[Sort, tuple[Any, ...]] = {"latest": (Script.id,), "popular": (Script.views, Script.id)}

_SCRIPTS = select(*_SUMMARY)
_POPULAR = _SCRIPTS.order_by(Script.views.desc(), Script.id.desc()).limit(POPULAR)
_SCRIPT = select(*_SUMMARY, Script.source, Script.licence).where(Script.id == bindparam("script_id"))
_LINES_OF_SCRIPT = LINES.where(Token.script_id == bindparam("script_id")).order_by(Token.position)
_TOKEN = LINES.add_columns(
    Script.title_ko,
    Script.category,
    Script.language,
    Script.synthetic_voice,
    Token.s3_url,
    Token.reference_features["hop_s"].label("hop_s"),
    Token.reference_features["pitch_st"].label("pitch_st"),
).where(Token.id == bindparam("token_id"))
_CATEGORIES = (
    select(Script.category, func.count().label("script_count")).group_by(Script.category).order_by(Script.category)
)
_ACTORS = (
    select(
        Actor.id,
        Actor.name,
        select(func.count()).where(Token.actor_id == Actor.id).scalar_subquery().label("token_count"),
    )
    .where(Actor.id > bindparam("after"))
    .order_by(Actor.id)
    .limit(bindparam("rows"))
)
_ACTOR = select(Actor.id).where(Actor.id == bindparam("actor_id"))


def list_scripts(reader: Reader, filters: Filters, sort: Sort, limit: int, cursor: str | None) -> Shown:
    """A page of ScriptSummary."""
    keys, values = _SORT_KEYS[sort], filters.values()
    names = frozenset(values)
    if cursor:
        last = decode_cursor(cursor, *(int for _ in keys))
        values |= {f"last_{key.key}": value for key, value in zip(keys, last, strict=True)}
    statement = _script_page(names, sort, is_first=not cursor)
    rows, more = cut_page(reader.execute(statement, values | {"rows": limit + 1}).all(), limit)
    return {
        "items": [dict(row._mapping) for row in rows],
        "next_cursor": encode_cursor([getattr(rows[-1], key.key) for key in keys]) if more else None,
    }


def list_popular(reader: Reader) -> list[Shown]:
    """At most POPULAR of ScriptSummary, the most read first."""
    return [dict(row._mapping) for row in reader.execute(_POPULAR)]


def list_categories(reader: Reader) -> list[Shown]:
    return [dict(row._mapping) for row in reader.execute(_CATEGORIES)]


def get_script(reader: Reader, script_id: int) -> Shown:
    """A ScriptDetail: a script with its lines. Raises ScriptNotFound."""
    row = reader.execute(_SCRIPT, {"script_id": script_id}).one_or_none()
    if row is None:
        raise ScriptNotFound
    lines = reader.execute(_LINES_OF_SCRIPT, {"script_id": script_id})
    return {**row._mapping, "tokens": [show_line(line) for line in lines]}


def list_tokens(connection: Connection, filters: Filters, limit: int, cursor: str | None) -> Shown:
    """A page of TokenSummary."""
    values = filters.values()
    if cursor:
        values["after"] = decode_cursor(cursor, int)[0]
    query = _line_page(frozenset(values))
    rows, more = cut_page(query(connection, values | {"rows": limit + 1}), limit)
    return {
        "items": [show_line(row) for row in rows],
        "next_cursor": encode_cursor([rows[-1][0]]) if more else None,
    }


def get_token(reader: Reader, store: ObjectStore, token_id: int) -> Shown:
    """What everybody sees of a line: a TokenDetail without `mine`. Raises TokenNotFound."""
    row = reader.execute(_TOKEN, {"token_id": token_id}).one_or_none()
    if row is None:
        raise TokenNotFound
    line = show_line(row)
    pitch = {"hop_s": row.hop_s, "semitones": row.pitch_st} if row.pitch_st is not None else None
    return {
        **line,
        "script": {
            "id": line["script_id"],
            "title": line["script_title"],
            "title_ko": row.title_ko,
            "category": row.category,
            "language": row.language,
            "synthetic_voice": row.synthetic_voice,
        },
        "audio_url": store.reference_url(row.s3_url) if row.s3_url else None,
        "reference_pitch": pitch,
    }


def get_my_scores(reader: Reader, token_id: int, user_id: int) -> Shown:
    """MyScores of a user on a line."""
    return dict(reader.execute(_MY_SCORES, {"token_id": token_id, "user_id": user_id}).one()._mapping)


def list_actors(reader: Reader, limit: int, cursor: str | None) -> Shown:
    """A page of ActorSummary."""
    after = decode_cursor(cursor, int)[0] if cursor else 0
    rows, more = cut_page(reader.execute(_ACTORS, {"after": after, "rows": limit + 1}).all(), limit)
    return {
        "items": [dict(row._mapping) for row in rows],
        "next_cursor": encode_cursor([rows[-1].id]) if more else None,
    }


def list_actor_tokens(connection: Connection, actor_id: int, limit: int, cursor: str | None) -> Shown:
    """A page of TokenSummary. Raises ActorNotFound."""
    page = list_tokens(connection, Filters(actor=str(actor_id)), limit, cursor)
    if not page["items"] and connection.execute(_ACTOR, {"actor_id": actor_id}).one_or_none() is None:
        raise ActorNotFound
    return page


@cache
def _script_page(names: frozenset[str], sort: Sort, *, is_first: bool) -> Select[Any]:
    keys = _SORT_KEYS[sort]
    query = _SCRIPTS.where(*(_SCRIPT_CONDITIONS[name] for name in sorted(names)))
    if not is_first:
        query = query.where(tuple_(*keys) < tuple_(*(bindparam(f"last_{key.key}") for key in keys)))
    return query.order_by(*(key.desc() for key in keys)).limit(bindparam("rows"))


@cache
def _line_page(names: frozenset[str]) -> DriverQuery:
    conditions = (_LINE_CONDITIONS[name] for name in sorted(names))
    return DriverQuery(LINES.where(*conditions).order_by(Token.id).limit(bindparam("rows")))


def _my_scores() -> Select[Any]:
    mine = and_(AnalysisResult.user_id == bindparam("user_id"), AnalysisResult.token_id == bindparam("token_id"))
    score = AnalysisResult.overall_score
    scored = (AnalysisResult.status == COMPLETED) & score.is_not(None)
    last = select(score).where(mine, scored).order_by(AnalysisResult.created_at.desc()).limit(1)
    bookmarked = select(Bookmark.id).where(
        Bookmark.user_id == bindparam("user_id"), Bookmark.token_id == bindparam("token_id")
    )
    return select(
        func.count().label("attempts"),
        func.max(score).filter(scored).label("best"),
        last.scalar_subquery().label("last"),
        bookmarked.exists().label("bookmarked"),
    ).where(mine)


_MY_SCORES = _my_scores()
