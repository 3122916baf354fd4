"""Reads of the catalogue: scripts, their lines, their actors.

These lists are the most frequent requests, so statements are built once for each set of filters.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import ScalarSelect

from core.errors import ActorNotFound, ScriptNotFound, TokenNotFound
from core.translations import FIELD_LANGUAGE
from database import DriverQuery, Reader
from models import (
    COMPLETED,
    Actor,
    AnalysisResult,
    Bookmark,
    Levelled,
    Script,
    Token,
    translated_names,
    translated_titles,
)
from services.line_readings import read_line
from services.pagination import Order, decode_cursor, make_page
from services.responses import IS_GOOD_LINE, IS_GOOD_SCENE, LINES, PUBLIC, ResponseDict, line_summary, to_dict
from utils_s3 import ObjectStore

POPULAR = 10

SceneSort = Literal["latest", "popular", "easiest"]
LineSort = Literal["id", "easiest"]
Length = Literal["short", "medium", "long"]
# Where medium and long begin, in seconds: the speech of a scene, and a line.
SCENE_LENGTHS_S, LINE_LENGTHS_S = (20, 60), (3, 6)


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of a list; `actor` is an id or a part of a name, `q` a part of a title or of a line."""

    q: str | None = None
    category: str | None = None
    actor: str | None = None
    language: str | None = None
    script_id: int | None = None
    level: int | None = None
    length: Length | None = None
    good_to_start: bool | None = None

    def values(self) -> dict[str, Any]:
        """Returns the filters that are set, under the names of the conditions below."""
        values: dict[str, Any] = {"category": self.category, "language": self.language, "script_id": self.script_id}
        values["level"] = self.level
        if self.length:
            values[self.length] = True
        if self.good_to_start is not None:
            values["good_to_start" if self.good_to_start else "not_to_start"] = True
        if self.q:
            values["q"] = _containing(self.q)
        if self.actor:
            is_id = self.actor.isascii() and self.actor.isdigit() and len(self.actor) < 19
            values |= {"actor_id": int(self.actor)} if is_id else {"actor_name": _containing(self.actor)}
        return {name: value for name, value in values.items() if value is not None}


def _containing(part: str) -> str:
    """Returns a pattern for LIKE with the escape character `/`."""
    return "%" + part.replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"


def _matches(column: Any, name: str) -> ColumnElement[bool]:
    matches: ColumnElement[bool] = column.ilike(bindparam(name), escape="/")
    return matches


def _has_translation(translations: Any, texts: Any, path: str, name: str) -> ColumnElement[bool]:
    """Returns the condition that a translated text matches the value `name`; `path` leads to the texts in the JSON.

    The text in the index, `texts`, is JSON, and so is the pattern for it. Such a pattern can also match what stands
    between two texts; so those of the rows that were found are compared one by one.
    """
    json_pattern = func.btrim(cast(func.to_jsonb(cast(bindparam(name), Text)), Text), text("'\"'"))
    each = func.jsonb_path_query(translations, text(f"'{path}'")).column_valued("each")
    return and_(
        texts.ilike(json_pattern, escape="/"),
        exists(select(each).where(_matches(each.op("#>>")(text("'{}'")), name))),
    )


def has_text() -> ColumnElement[bool]:
    """Returns the condition that a part of a script's title, in any language, or of one of its lines is `q`.

    It is a union, because PostgreSQL uses no index for alternatives when one of them is a subquery.
    """
    script = aliased(Script)
    found = union_all(
        select(script.id).where(_matches(script.title, "q")),
        select(script.id).where(
            _has_translation(script.translations, translated_titles(script.translations), "$.*.title", "q")
        ),
        select(Token.script_id).where(_matches(Token.text, "q")),
    )
    return Script.id.in_(found)


def _per_script(value: Any) -> ScalarSelect[Any]:
    return select(value).where(Token.script_id == Script.id).correlate(Script).scalar_subquery()


_TITLE_KO, _DESCRIPTION_KO = (
    Script.translations[(FIELD_LANGUAGE, name)].astext.label(f"{name}_{FIELD_LANGUAGE}")
    for name in ("title", "description")
)
_ACTOR_JSON = func.jsonb_build_object(
    *(text("'id'"), Actor.id, text("'name'"), Actor.name, text("'translations'"), Actor.translations)
)
SUMMARY = (
    Script.id,
    Script.title,
    _TITLE_KO,
    Script.category,
    Script.language,
    Script.description,
    _DESCRIPTION_KO,
    Script.translations,
    Script.synthetic_voice,
    Script.views,
    _per_script(func.count(Token.id)).label("token_count"),
    select(func.coalesce(func.jsonb_agg(aggregate_order_by(_ACTOR_JSON, Actor.name)), text("'[]'::jsonb")))
    .where(Actor.id.in_(select(Token.actor_id).where(Token.script_id == Script.id).correlate(Script)))
    .scalar_subquery()
    .label("actor_details"),
    Script.level,
    IS_GOOD_SCENE.label("good_to_start"),
    Script.spoken_s,
    Script.created_at,
)
_HAS_NAME = or_(
    _matches(Actor.name, "actor_name"),
    _has_translation(Actor.translations, translated_names(Actor.translations), "$.*", "actor_name"),
)
_BY_ACTOR = {
    "actor_id": Token.actor_id == bindparam("actor_id"),
    "actor_name": Token.actor_id.in_(select(Actor.id).where(_HAS_NAME)),
}
_SCRIPT_FIELDS = {
    "category": Script.category == bindparam("category"),
    "language": Script.language == bindparam("language"),
    "script_id": Script.id == bindparam("script_id"),
}


def _easy(table: type[Levelled], length_s: Any, lengths_s: tuple[int, int], is_good: Any) -> dict[str, Any]:
    """Returns the conditions on the level and the length of scenes or of lines."""
    medium, long = (literal_column(str(seconds), Float) for seconds in lengths_s)
    return {
        "level": table.level == bindparam("level"),
        "short": length_s < medium,
        "medium": and_(length_s >= medium, length_s < long),
        "long": length_s >= long,
        "good_to_start": is_good,
        "not_to_start": ~is_good,
    }


_LINE_CONDITIONS = {
    **_SCRIPT_FIELDS,
    **_BY_ACTOR,
    **_easy(Token, Token.end_time - Token.start_time, LINE_LENGTHS_S, IS_GOOD_LINE),
    "q": _matches(Token.text, "q"),
}
_SCRIPT_CONDITIONS = {
    **_SCRIPT_FIELDS,
    **_easy(Script, Script.spoken_s, SCENE_LENGTHS_S, IS_GOOD_SCENE),
    **{name: Script.id.in_(select(Token.script_id).where(by)) for name, by in _BY_ACTOR.items()},
    "q": has_text(),
}
_SCENE_ORDERS: dict[SceneSort, Order] = {
    "latest": Order((Script.id,), is_ascending=False),
    "popular": Order((Script.views, Script.id), is_ascending=False),
    "easiest": Order((Script.ease_rank, Script.id), mark="easiest"),
}
_LINE_ORDERS: dict[LineSort, Order] = {
    "id": Order((Token.id,)),
    "easiest": Order((Token.ease_rank, Token.id), mark="easiest"),
}

_SCRIPTS = select(*SUMMARY, Script.ease_rank).where(PUBLIC)
_POPULAR = _SCRIPTS.order_by(Script.views.desc(), Script.id.desc()).limit(POPULAR)
_RIGHTS = (Script.source, Script.licence, Script.credit, Script.expires_at)
_ANY_SCRIPT = select(*SUMMARY, *_RIGHTS).where(Script.id == bindparam("script_id"))
_SCRIPT = _ANY_SCRIPT.where(PUBLIC)
_LINES_SCRIPT_FIELDS = LINES.where(Token.script_id == bindparam("script_id")).order_by(Token.position)
_ANY_TOKEN = LINES.add_columns(
    _TITLE_KO,
    Script.translations.label("script_translations"),
    Script.category,
    Script.synthetic_voice,
    Token.s3_url,
    Token.spoken_form,
    Token.reference_features["hop_s"].label("hop_s"),
    Token.reference_features["pitch_st"].label("pitch_st"),
).where(Token.id == bindparam("token_id"))
_TOKEN = _ANY_TOKEN.where(PUBLIC)
_CATEGORIES = (
    select(Script.category, func.count().label("script_count"))
    .where(PUBLIC)
    .group_by(Script.category)
    .order_by(Script.category)
)
_ACTORS = (
    select(
        Actor.id,
        Actor.name,
        Actor.translations,
        select(func.count())
        .select_from(Token)
        .join(Token.script)
        .where(Token.actor_id == Actor.id, PUBLIC)
        .scalar_subquery()
        .label("token_count"),
    )
    .where(
        Actor.id > bindparam("after"),
        # The names of speakers of drafts are not public either.
        Actor.tokens.any(Token.script.has(PUBLIC)) | ~Actor.tokens.any(),
    )
    .order_by(Actor.id)
    .limit(bindparam("rows"))
)
_ACTOR = select(Actor.id).where(Actor.id == bindparam("actor_id"))


def list_scripts(reader: Reader, filters: Filters, sort: SceneSort, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of ScriptSummary."""
    order, values = _SCENE_ORDERS[sort], filters.values()
    statement = _script_page(frozenset(values), sort, is_first=not cursor)
    last = order.values_of(cursor) if cursor else {}
    rows = reader.execute(statement, values | last | {"rows": limit + 1}).all()
    return make_page(
        rows, limit, show_script, lambda row: order.cursor_of([getattr(row, key.key) for key in order.keys])
    )


def list_popular(reader: Reader) -> list[ResponseDict]:
    """Returns the ScriptSummary of the POPULAR most viewed scripts, the most viewed first."""
    return [show_script(row) for row in reader.execute(_POPULAR)]


def list_categories(reader: Reader) -> list[ResponseDict]:
    """Returns every Category in use, by name."""
    return [to_dict(row) for row in reader.execute(_CATEGORIES)]


def get_script(reader: Reader, script_id: int, *, drafts: bool = False) -> ResponseDict:
    """Returns a ScriptDetail: a script with its lines. Raises ScriptNotFound, also for a draft unless `drafts`."""
    row = reader.execute(_ANY_SCRIPT if drafts else _SCRIPT, {"script_id": script_id}).one_or_none()
    if row is None:
        raise ScriptNotFound
    lines = reader.execute(_LINES_SCRIPT_FIELDS, {"script_id": script_id})
    return {**show_script(row), "tokens": [line_summary(line) for line in lines]}


def list_tokens(
    connection: Connection, filters: Filters, sort: LineSort, limit: int, cursor: str | None
) -> ResponseDict:
    """Returns a Page of TokenSummary."""
    order, values = _LINE_ORDERS[sort], filters.values()
    query = _line_page(frozenset(values), sort, is_first=not cursor)
    last = order.values_of(cursor) if cursor else {}
    rows = query(connection, values | last | {"rows": limit + 1})
    # The rank stands behind the columns of a line.
    return make_page(rows, limit, line_summary, lambda row: order.cursor_of([row[-1], row[0]][-len(order.keys) :]))


def get_token(reader: Reader, store: ObjectStore, token_id: int, *, drafts: bool = False) -> ResponseDict:
    """Returns a TokenDetail without `mine`. Raises TokenNotFound, also for a line of a draft unless `drafts`."""
    row = reader.execute(_ANY_TOKEN if drafts else _TOKEN, {"token_id": token_id}).one_or_none()
    if row is None:
        raise TokenNotFound
    line = line_summary(row)
    pitch = {"hop_s": row.hop_s, "semitones": row.pitch_st} if row.pitch_st is not None else None
    return {
        **line,
        "script": {
            "id": line["script_id"],
            "title": line["script_title"],
            "title_ko": row.title_ko,
            "translations": row.script_translations,
            "category": row.category,
            "language": line["script_language"],
            "synthetic_voice": row.synthetic_voice,
        },
        "spoken_form": row.spoken_form,
        "reading": read_line(line["text"], row.spoken_form, line["script_language"]),
        "audio_url": store.reference_url(row.s3_url) if row.s3_url else None,
        "reference_pitch": pitch,
    }


def get_my_scores(reader: Reader, token_id: int, user_id: int) -> ResponseDict:
    """Returns the MyScores of a user on a line."""
    return to_dict(reader.execute(_MY_SCORES, {"token_id": token_id, "user_id": user_id}).one())


def list_actors(reader: Reader, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of ActorSummary."""
    after = decode_cursor(cursor, int)[0] if cursor else 0
    rows = reader.execute(_ACTORS, {"after": after, "rows": limit + 1}).all()
    return make_page(rows, limit, to_dict, lambda row: [row.id])


def list_actor_tokens(connection: Connection, actor_id: int, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of TokenSummary. Raises ActorNotFound."""
    page = list_tokens(connection, Filters(actor=str(actor_id)), "id", limit, cursor)
    if not page["items"] and connection.execute(_ACTOR, {"actor_id": actor_id}).one_or_none() is None:
        raise ActorNotFound
    return page


def show_script(row: Any) -> ResponseDict:
    """Returns the ScriptSummary of a row of SUMMARY."""
    script = to_dict(row)
    script.pop("ease_rank", None)
    return script | {"actors": [actor["name"] for actor in script["actor_details"]]}


@cache
def _script_page(names: frozenset[str], sort: SceneSort, *, is_first: bool) -> Select[Any]:
    query = _SCRIPTS.where(*(_SCRIPT_CONDITIONS[name] for name in sorted(names)))
    return _SCENE_ORDERS[sort].sort(query, is_first=is_first).limit(bindparam("rows"))


@cache
def _line_page(names: frozenset[str], sort: LineSort, *, is_first: bool) -> DriverQuery:
    conditions = (_LINE_CONDITIONS[name] for name in sorted(names))
    query = LINES.add_columns(Token.ease_rank).where(PUBLIC, *conditions)
    return DriverQuery(_LINE_ORDERS[sort].sort(query, is_first=is_first).limit(bindparam("rows")))


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
