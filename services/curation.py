"""Scripts as administrators see them: their state, and all that they can change."""

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

from pydantic_core import to_json
from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from core.errors import ChangedElsewhere, LicenceExpired, ScriptNotFound
from database import Reader
from models import Actor, AnalysisResult, Script, Token
from schemas import ScriptWrite, TokenWrite
from services.pagination import decode_cursor, make_page
from services.responses import LINES, PUBLIC, ResponseDict, line_summary, to_dict
from services.tokens import SUMMARY, Filters, get_script, has_text, show_script

State = Literal["draft", "published", "hidden", "expired"]

_STATE = case(
    (Script.is_draft, "draft"),
    (Script.hidden_at.is_not(None), "hidden"),
    (~PUBLIC, "expired"),
    else_="published",
).label("state")
_MANAGED = select(*SUMMARY, _STATE, Script.hidden_at, Script.expires_at)
_DRAFTS = select(*SUMMARY).where(Script.is_draft).order_by(Script.id.desc())
_results = select(func.count()).where(AnalysisResult.token_id == Token.id).scalar_subquery().label("results")
_LINES = LINES.add_columns(Token.spoken_form, Token.curator_level, _results).order_by(Token.position)
_SCRIPT_FIELDS = (Script.is_draft, Script.hidden_at, Script.import_notes, Script.slug, Script.media_key)
_ACTORS = (
    select(Actor.id, Actor.name, Actor.translations, func.count(Token.id).label("token_count"))
    .join(Actor.tokens, isouter=True)
    .group_by(Actor.id)
)
# Fields of bodies that are stored under another name: their texts are in `translations`.
_TRANSLATED = {"title_ko", "description_ko", "translation"}


def list_managed(reader: Reader, state: State | None, q: str | None, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of ManagedScript, the newest first: all scripts, or those in one state."""
    values: dict[str, Any] = {"rows": limit + 1} | Filters(q=q).values()
    query: Select[Any] = _MANAGED if q is None else _MANAGED.where(has_text())
    if state is not None:
        query = query.where(_STATE.in_([state]))
    if cursor:
        query = query.where(Script.id < decode_cursor(cursor, int)[0])
    rows = reader.execute(query.order_by(Script.id.desc()).limit(bindparam("rows")), values).all()
    return make_page(rows, limit, show_script, lambda row: [row.id])


def list_drafts(reader: Reader) -> list[ResponseDict]:
    """Returns the ScriptSummary of every draft, newest first."""
    return [show_script(row) for row in reader.execute(_DRAFTS)]


def list_actors(reader: Reader, limit: int, cursor: str | None) -> ResponseDict:
    """Returns a Page of ActorSummary: every actor, with the lines of drafts and hidden scripts too."""
    after = decode_cursor(cursor, int)[0] if cursor else 0
    rows = reader.execute(_ACTORS.where(Actor.id > after).order_by(Actor.id).limit(limit + 1)).all()
    return make_page(rows, limit, to_dict, lambda row: [row.id])


def get_draft(reader: Reader, script_id: int) -> ResponseDict:
    """Returns a ScriptDraft without the messages of its notes. Raises ScriptNotFound."""
    script = get_script(reader, script_id, drafts=True)
    row = reader.execute(select(_STATE, *_SCRIPT_FIELDS).where(Script.id == script_id)).one()
    lines = reader.execute(_LINES.where(Token.script_id == script_id))
    draft = script | {
        "is_draft": row.is_draft,
        "state": row.state,
        "hidden_at": row.hidden_at,
        "slug": row.slug,
        "has_media": row.media_key is not None,
        "notes": row.import_notes or [],
        "tokens": [_draft_line(line) for line in lines],
    }
    return draft | {"version": script_version(draft)}


def _draft_line(row: Any) -> ResponseDict:
    line = line_summary(row)
    line |= {"spoken_form": row.spoken_form, "curator_level": row.curator_level, "results": row.results}
    return line | {"version": line_version(line | {"actor_id": line["actor"]["id"]})}


def script_version(fields: Mapping[str, Any]) -> str:
    """Returns the version of a script: it changes with each of the fields that ScriptWrite has."""
    return _digest({name: fields[name] for name in ScriptWrite.model_fields if name not in _TRANSLATED})


def line_version(fields: Mapping[str, Any]) -> str:
    """Returns the version of a line: it changes with each of the fields that TokenWrite has."""
    return _digest({name: fields[name] for name in TokenWrite.model_fields if name not in _TRANSLATED})


def _digest(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(to_json([fields[name] for name in sorted(fields)])).hexdigest()[:16]


def require_version(expected: str | None, version: str) -> None:
    """Raises ChangedElsewhere unless `version` is the expected one, or any is accepted (None)."""
    if expected is not None and expected != version:
        raise ChangedElsewhere


def publish_script(session: Session, script_id: int) -> None:
    """Makes a draft or a hidden script public; a public one stays so. Raises ScriptNotFound or LicenceExpired."""
    script = _get(session, script_id)
    script.is_draft, script.hidden_at = False, None
    session.flush()
    if session.scalar(select(Script.id).where(Script.id == script_id, PUBLIC)) is None:
        raise LicenceExpired


def hide_script(session: Session, script_id: int) -> None:
    """Hides a public script from learners, whose results stay; a draft stays one. Raises ScriptNotFound."""
    script = _get(session, script_id)
    if not script.is_draft and script.hidden_at is None:
        script.hidden_at = func.now()
    session.flush()


def _get(session: Session, script_id: int) -> Script:
    script = session.get(Script, script_id, with_for_update=True)
    if script is None:
        raise ScriptNotFound
    return script
