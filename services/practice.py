"""A user's practice: progress per scene and line, attempts, and the sounds that need work."""

from typing import Any

from sqlalchemy import ColumnElement, Float, Select, TableValuedAlias, cast, func, select, true
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH, aggregate_order_by
from sqlalchemy.orm import Session

from core.errors import ScriptNotFound, TokenNotFound
from models import COMPLETED, SCORE_COLUMNS, AnalysisResult, Bookmark, Script, Token, phones_of
from services.pagination import decode_cursor, make_page
from services.responses import LINES, PUBLIC, ResponseDict, line_summary, to_dict

WEAK_SOUNDS, WEAK_SOUNDS_FROM, WORDS_PER_SOUND = 8, 100, 6
LINES_PER_SOUND, LINES_COMPARED = 3, 500

_score = AnalysisResult.overall_score
_scored = (AnalysisResult.status == COMPLETED) & _score.is_not(None)
# The columns of Attempt, and the id that its pages are sorted by.
_ATTEMPT = (
    AnalysisResult.id,
    AnalysisResult.job_id,
    AnalysisResult.token_id,
    AnalysisResult.status,
    AnalysisResult.attempt_class,
    *SCORE_COLUMNS.values(),
    AnalysisResult.recorded_words,
    AnalysisResult.created_at,
)


def list_scene_progress(session: Session, user_id: int) -> list[ResponseDict]:
    """Returns the SceneProgress of each script of which the user has dubbed a line."""
    lines = (
        select(AnalysisResult.token_id, func.max(_score).filter(_scored).label("best"))
        .where(AnalysisResult.user_id == user_id)
        .group_by(AnalysisResult.token_id)
        .subquery()
    )
    query = (
        select(
            Token.script_id,
            func.count().label("tokens_dubbed"),
            cast(func.avg(lines.c.best), Float).label("best_average"),
        )
        .join(lines, lines.c.token_id == Token.id)
        .group_by(Token.script_id)
        .order_by(Token.script_id)
    )
    return [to_dict(row) for row in session.execute(query)]


def list_line_progress(session: Session, user_id: int, script_id: int) -> list[ResponseDict]:
    """Returns the LineProgress of every line of a script, in order.

    Raises ScriptNotFound; a script that is hidden by now stays known to the learners who have recorded a line.
    """
    is_mine = AnalysisResult.user_id == user_id
    is_dubbed = select(Token.id).join(AnalysisResult).where(Token.script_id == script_id, is_mine).exists()
    if session.scalar(select(Script.id).where(Script.id == script_id, PUBLIC | is_dubbed)) is None:
        raise ScriptNotFound
    at = AnalysisResult.created_at.desc()
    dubs = (
        select(
            AnalysisResult.token_id,
            func.count().label("attempts"),
            func.max(_score).filter(_scored).label("best"),
            func.array_agg(aggregate_order_by(_score, at)).filter(_scored)[1].label("last"),
            func.array_agg(aggregate_order_by(AnalysisResult.job_id, at))[1].label("last_job_id"),
        )
        .join(Token, Token.id == AnalysisResult.token_id)
        .where(AnalysisResult.user_id == user_id, Token.script_id == script_id)
        .group_by(AnalysisResult.token_id)
        .subquery()
    )
    query = (
        select(
            Token.id.label("token_id"),
            func.coalesce(dubs.c.attempts, 0).label("attempts"),
            dubs.c.best,
            dubs.c.last,
            dubs.c.last_job_id,
            Bookmark.id.is_not(None).label("bookmarked"),
        )
        .join(dubs, dubs.c.token_id == Token.id, isouter=True)
        .join(Bookmark, (Bookmark.token_id == Token.id) & (Bookmark.user_id == user_id), isouter=True)
        .where(Token.script_id == script_id)
        .order_by(Token.position)
    )
    return [to_dict(row) for row in session.execute(query)]


def list_attempts(session: Session, user_id: int, token_id: int, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of Attempt: the user's recordings of a line, newest first.

    Raises TokenNotFound; a line that is hidden by now stays known to the learners who have recorded it.
    """
    query = select(*_ATTEMPT).where(AnalysisResult.user_id == user_id, AnalysisResult.token_id == token_id)
    is_known = PUBLIC | query.exists()
    if session.scalar(select(Token.id).join(Token.script).where(Token.id == token_id, is_known)) is None:
        raise TokenNotFound
    if cursor:
        query = query.where(AnalysisResult.id < decode_cursor(cursor, int)[0])
    rows = session.execute(query.order_by(AnalysisResult.id.desc()).limit(limit + 1)).all()
    return make_page(rows, limit, to_dict, lambda row: [row.id])


def list_weak_sounds(session: Session, user_id: int) -> list[ResponseDict]:
    """Returns the WeakSound of each sound corrected in the latest scored attempts, the most often corrected first."""
    found = session.execute(_weak_sounds(user_id)).all()
    return [
        {
            "phone": row.phone,
            "ipa": row.ipa,
            "said": row.said,
            "corrected": row.corrected,
            "average_score": row.average_score,
            "heard_ipa": sorted(set(row.heard or [])),
            "words": list(dict.fromkeys(row.words))[:WORDS_PER_SOUND],
            "lines": _lines_with(session, row.phone),
        }
        for row in found
    ]


def _weak_sounds(user_id: int) -> Select[Any]:
    """Selects one row per sound. Skips feedback of another shape than the published one: another server wrote it."""
    recent = (
        select(AnalysisResult.id, AnalysisResult.detailed_feedback.label("feedback"))
        .where(AnalysisResult.user_id == user_id, _scored)
        .order_by(AnalysisResult.created_at.desc())
        .limit(WEAK_SOUNDS_FROM)
        .subquery()
    )
    words = _each(recent.c.feedback, '$.words[*] ? (@.text.type() == "string")', "word")
    word: ColumnElement[Any] = words.column
    phones = _each(
        word,
        '$.phones[*] ? (@.expected.type() == "string" && @.ipa.type() == "string"'
        ' && @.score.type() == "number" && @.flagged.type() == "boolean")',
        "phone",
    )
    phone: ColumnElement[Any] = phones.column
    corrected = phone["flagged"].as_boolean()
    heard, text = phone["heard_ipa"].astext, word["text"].astext
    count = func.count().filter(corrected)
    return (
        select(
            phone["expected"].astext.label("phone"),
            func.min(phone["ipa"].astext).label("ipa"),
            func.count().label("said"),
            count.label("corrected"),
            func.avg(cast(phone["score"].astext, Float)).label("average_score"),
            func.array_agg(heard).filter(corrected, heard.is_not(None)).label("heard"),
            func.array_agg(aggregate_order_by(text, recent.c.id.desc())).filter(corrected).label("words"),
        )
        .select_from(recent)
        .join(words, true())
        .join(phones, true())
        .group_by(phone["expected"].astext)
        .having(count > 0)
        .order_by(count.desc(), "average_score", "phone")
        .limit(WEAK_SOUNDS)
    )


def _each(within: ColumnElement[Any], path: str, name: str) -> TableValuedAlias:
    """Returns a row for each match of a lax JSON path, which matches nothing where the shape differs."""
    return func.jsonb_path_query(within, cast(path, JSONPATH), type_=JSONB).alias(name)


def _lines_with(session: Session, phone: str) -> list[ResponseDict]:
    """Returns the TokenSummary of the lines with the largest share of a sound, among the first that contain it."""
    phones = phones_of(Token.reference_features)
    some = (
        select(Token.id, phones.label("phones"))
        .join(Token.script)
        .where(phones.contains([phone]), PUBLIC)
        .order_by(Token.id)
        .limit(LINES_COMPARED)
    )
    lines = some.subquery()
    this = func.jsonb_path_query_array(
        lines.c.phones, cast("$[*] ? (@ == $phone)", JSONPATH), func.jsonb_build_object("phone", phone)
    )
    share = cast(func.jsonb_array_length(this), Float) / func.jsonb_array_length(lines.c.phones)
    query = LINES.join(lines, lines.c.id == Token.id).order_by(share.desc(), Token.id).limit(LINES_PER_SOUND)
    return [line_summary(line) for line in session.execute(query)]
