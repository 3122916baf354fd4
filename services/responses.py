"""Response data that services return: plain dicts with the fields of a shape in schemas.py.

The most frequent reads are sent without validation; tests/routers/test_response_schemas.py holds their rows to the
shapes. A line appears in many responses, so its columns and its dict are defined here.
"""

from typing import Any

from sqlalchemy import and_, func, literal_column, or_, select

from core.translations import FIELD_LANGUAGE
from models import STARTER_RANKS, Actor, Script, Token

ResponseDict = dict[str, Any]

# Literals, as the rows of DriverQuery have no other values than those that are named.
IS_GOOD_LINE = Token.ease_rank < literal_column(str(STARTER_RANKS))
IS_GOOD_SCENE = Script.ease_rank < literal_column(str(STARTER_RANKS))

LINE_COLUMNS: tuple[Any, ...] = (
    Token.id,
    Token.script_id,
    Script.title,
    Script.translations,
    Script.language,
    Actor.id,
    Actor.name,
    Actor.translations,
    Token.position,
    Token.text,
    Token.translations,
    Token.start_time,
    Token.end_time,
    Token.s3_url.is_not(None),
    Token.level,
    IS_GOOD_LINE,
)
# Drafts, hidden scripts and those whose licence has expired are for administrators only.
PUBLIC = and_(
    Script.is_draft.is_(False),
    Script.hidden_at.is_(None),
    or_(Script.expires_at.is_(None), Script.expires_at > func.now()),
)
LINES = select(*LINE_COLUMNS).select_from(Token).join(Token.script).join(Token.actor)


def to_dict(row: Any) -> ResponseDict:
    """Returns the columns of a row by their labels."""
    return dict(row._mapping)


def line_summary(row: Any) -> ResponseDict:
    """Returns the TokenSummary of a row that begins with LINE_COLUMNS."""
    (
        id_,
        script_id,
        title,
        titles,
        language,
        actor_id,
        actor,
        names,
        position,
        text,
        translations,
        start,
        end,
        has_audio,
        level,
        good_to_start,
    ) = row[: len(LINE_COLUMNS)]
    return {
        "id": id_,
        "script_id": script_id,
        "script_title": title,
        "script_titles": {tag: each["title"] for tag, each in titles.items() if each.get("title")},
        "script_language": language,
        "actor": {"id": actor_id, "name": actor, "translations": names},
        "position": position,
        "text": text,
        "translation": translations.get(FIELD_LANGUAGE),
        "translations": translations,
        "start_time": start,
        "end_time": end,
        "has_audio": has_audio,
        "level": level,
        "good_to_start": good_to_start,
    }
