"""The levels of lines and scenes in the database, and the order that shows easy, short and clear ones first.

Whoever changes a line calls `set_level`, and then `refresh_scene`. Lines that another version of the server changed,
or that were there before levels, are found by `fill`: their `updated_at` is later than their `levelled_at`.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from database import session_scope
from models import STARTER_RANKS, Script, Token
from services.line_levels import STARTER_LEVEL, LineMeasures, is_starter, level_of, measure_line

# A scene is a good start when it has at most this much speech, in seconds, and lines that are.
STARTER_SCENE_SECONDS: Final = 60.0
_ROWS_AT_ONCE: Final = 200
_UNKNOWN_LEVEL: Final = 9
_LEVEL_RANKS, _MAX_TENTHS = 100_000, 99_999


def ease_rank(level: int | None, duration_s: float, *, is_good_start: bool) -> int:
    """Returns the place in the newcomer's order: good starts first, then by level, then by length.

    duration_s: of a line; of a scene, the mean of its lines, since a single long speech is no easy beginning.
    """
    tenths = min(_MAX_TENTHS, max(0, round(duration_s * 10)))
    return (0 if is_good_start else STARTER_RANKS) + (level or _UNKNOWN_LEVEL) * _LEVEL_RANKS + tenths


def set_level(token: Token, language: str) -> None:
    """Sets the level and the rank of a line from its fields and the language of its script."""
    duration_s = token.end_time - token.start_time
    line = measure_line(token.text, token.spoken_form, language, duration_s)
    token.level = _effective_level(token, line)
    is_good_start = (
        line is not None
        and token.level is not None
        and token.s3_url is not None
        and is_starter(line, token.level, duration_s)
    )
    token.ease_rank = ease_rank(token.level, duration_s, is_good_start=is_good_start)
    # Equal to updated_at, which the same transaction sets.
    token.levelled_at = func.now()
    token.updated_at = func.now()


def _effective_level(token: Token, line: LineMeasures | None) -> int | None:
    """Returns the level that is stored, shown, filtered by and ranked: the curator's, else the computed one."""
    if token.curator_level is not None:
        return token.curator_level
    return level_of(line) if line else None


def level_lines(session: Session, script_id: int) -> None:
    """Sets the levels of all lines of a script, and then its own."""
    language = session.execute(select(Script.language).where(Script.id == script_id)).scalar_one()
    for token in session.scalars(select(Token).where(Token.script_id == script_id)):
        set_level(token, language)
    session.flush()
    refresh_scene(session, script_id)


def refresh_scene(session: Session, script_id: int) -> None:
    """Sets the level, length and rank of a script from its lines as they are in the database.

    The level is the mean of those of its lines, halves rounded up. The row is locked before its lines are read:
    of two changes at the same time, the later one counts both.
    """
    script = session.get(Script, script_id, with_for_update={"key_share": True})
    if script is None:
        return
    lines = session.execute(_LINES, {"script_id": script_id}).one()
    script.level = None if lines.mean_level is None else int(float(lines.mean_level) + 0.5)
    script.spoken_s = lines.spoken_s
    is_good_start = _is_good_start(script.level, lines)
    script.ease_rank = ease_rank(script.level, lines.mean_s, is_good_start=is_good_start)
    session.flush()


def _is_good_start(level: int | None, lines: Row[Any]) -> bool:
    return (
        level is not None
        and level <= STARTER_LEVEL
        and lines.spoken_s <= STARTER_SCENE_SECONDS
        and lines.starters > 0
        and lines.silent == 0
    )


def fill(sessions: sessionmaker[Session]) -> None:
    """Sets the levels of all lines that are due, a few in each transaction. Blocks."""
    while True:
        with session_scope(sessions) as session:
            due = select(Token, Script.language).join(Token.script).where(_is_due()).order_by(Token.id)
            lines = session.execute(
                due.limit(_ROWS_AT_ONCE).with_for_update(of=Token, skip_locked=True, key_share=True)
            ).all()
            for token, language in lines:
                set_level(token, language)
            session.flush()
            for script_id in sorted({token.script_id for token, _ in lines}):
                refresh_scene(session, script_id)
        if len(lines) < _ROWS_AT_ONCE:
            return


def _is_due() -> ColumnElement[bool]:
    return or_(Token.levelled_at.is_(None), Token.updated_at > Token.levelled_at)


_LINES = select(
    func.avg(Token.level).label("mean_level"),
    func.coalesce(func.sum(Token.end_time - Token.start_time), 0.0).label("spoken_s"),
    func.coalesce(func.avg(Token.end_time - Token.start_time), 0.0).label("mean_s"),
    func.count().filter(Token.ease_rank < STARTER_RANKS).label("starters"),
    func.count().filter(Token.s3_url.is_(None)).label("silent"),
).where(Token.script_id == bindparam("script_id"))
