"""Changes to the catalogue by administrators."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg2.errors import ForeignKeyViolation, RestrictViolation, UniqueViolation
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import (
    ActorExists,
    ActorNotFound,
    AppError,
    CatalogueItemInUse,
    NothingToPronounce,
    PositionTaken,
    ScriptNotFound,
    SlugTaken,
    TokenNotFound,
)
from core.translations import patched_script
from models import Actor, AnalysisResult, Script, Token
from schemas import ActorWrite, ScriptWrite, TokenWrite
from services.curation import require_version, script_version
from services.levels import level_lines, refresh_scene, set_level
from services.line_readings import has_words
from services.responses import LINES, PUBLIC, ResponseDict, line_summary

Row = TypeVar("Row", Actor, Script, Token)

_CONFLICT_ERRORS: dict[str, type[AppError]] = {"actors": ActorExists, "scripts": SlugTaken, "tokens": PositionTaken}
_MISSING_ERRORS: dict[str, type[AppError]] = {
    "fk_tokens_script_id_scripts": ScriptNotFound,
    "fk_tokens_actor_id_actors": ActorNotFound,
}


def create_actor(session: Session, values: ActorWrite) -> ResponseDict:
    """Creates an actor and returns its ActorResponse; raises ActorExists."""
    return _show_actor(_add(session, Actor(**values.model_dump())))


def update_actor(session: Session, actor_id: int, values: ActorWrite) -> ResponseDict:
    """Replaces the names of an actor and returns its ActorResponse; raises ActorNotFound or ActorExists."""
    actor = session.get(Actor, actor_id)
    if actor is None:
        raise ActorNotFound
    return _show_actor(_change(session, actor, values.model_dump()))


def delete_actor(session: Session, actor_id: int) -> None:
    """Deletes an actor without lines; raises ActorNotFound or CatalogueItemInUse."""
    actor = session.get(Actor, actor_id)
    if actor is None:
        raise ActorNotFound
    _delete(session, actor)


def create_script(session: Session, values: ScriptWrite, *, is_draft: bool = False) -> int:
    """Creates a script and returns its id; raises SlugTaken."""
    return _add(session, Script(**values.model_dump(), is_draft=is_draft)).id


def update_script(session: Session, script_id: int, values: ScriptWrite) -> None:
    """Replaces the fields of a script; raises ScriptNotFound, SlugTaken or NothingToPronounce."""
    script = session.get(Script, script_id)
    if script is None:
        raise ScriptNotFound
    _change_script(session, script, values)


def patch_script(
    session: Session, script_id: int, changes: Mapping[str, Any], expected_version: str | None = None
) -> None:
    """Changes the given fields of a script. Raises as `update_script`, ValidationError, or ChangedElsewhere."""
    script = session.get(Script, script_id, with_for_update=True)
    if script is None:
        raise ScriptNotFound
    fields = {name: getattr(script, name) for name in ScriptWrite.model_fields if hasattr(script, name)}
    require_version(expected_version, script_version(fields))
    _change_script(session, script, ScriptWrite.model_validate(patched_script(fields, changes)))


def _change_script(session: Session, script: Script, values: ScriptWrite) -> None:
    """Another language must be able to pronounce the lines; the features of their audio are computed again in it."""
    has_new_language = values.language != script.language
    if has_new_language:
        for line in session.scalars(select(Token).where(Token.script_id == script.id)):
            if not has_words(line.spoken_form or line.text, values.language):
                raise NothingToPronounce
            line.reference_features = None
    _change(session, script, values.model_dump())
    if has_new_language:
        level_lines(session, script.id)


def delete_script(session: Session, script_id: int) -> list[str]:
    """Deletes a script with its lines; returns the keys of their audio and of its file, which are not deleted.

    Raises ScriptNotFound, or CatalogueItemInUse once a user has dubbed a line.
    """
    script = session.get(Script, script_id)
    if script is None:
        raise ScriptNotFound
    used = select(AnalysisResult.id).join(Token).where(Token.script_id == script_id).limit(1)
    if session.scalar(used) is not None:
        raise CatalogueItemInUse
    keys = select(Token.s3_url).where(Token.script_id == script_id, Token.s3_url.is_not(None))
    object_keys = [key for key in (*session.scalars(keys), script.media_key) if key]
    _delete(session, script)
    return object_keys


def reserve_line_ids(session: Session, count: int) -> list[int]:
    """Returns ids for new lines: the keys of their audio hold them."""
    number = func.nextval(func.pg_get_serial_sequence("tokens", "id"))
    return sorted(session.scalars(select(number).select_from(func.generate_series(1, count))))


def create_token(session: Session, values: TokenWrite, token_id: int, audio_key: str | None) -> ResponseDict:
    """Creates a line and returns its TokenSummary; without a position it becomes the last of its script.

    Raises ScriptNotFound, ActorNotFound, PositionTaken or NothingToPronounce.
    """
    language = require_words(session, values)
    fields = values.model_dump() | {"id": token_id, "s3_url": audio_key}
    if values.position is None:
        last = select(func.max(Token.position)).where(Token.script_id == values.script_id)
        fields["position"] = (session.scalar(last) or 0) + 1
    token = Token(**fields)
    set_level(token, language)
    _add(session, token)
    refresh_scene(session, values.script_id)
    return _show_line(session, token.id)


def update_token(session: Session, token_id: int, values: TokenWrite) -> ResponseDict:
    """Replaces the fields of a line and returns its TokenSummary.

    A changed text or reading makes the features of the reference audio stale: they are removed, and computed again
    later. Raises TokenNotFound, ScriptNotFound, ActorNotFound, PositionTaken or NothingToPronounce.
    """
    token = require_line(session, token_id, values)
    fields = values.model_dump()
    if values.position is None:
        fields["position"] = token.position
    if (token.text, token.spoken_form) != (values.text, values.spoken_form):
        fields["reference_features"] = None
    scripts = {token.script_id, values.script_id}
    _change(session, token, fields)
    set_level(token, session.get_one(Script, values.script_id).language)
    session.flush()
    for script_id in sorted(scripts):
        refresh_scene(session, script_id)
    return _show_line(session, token_id)


def require_line(session: Session, token_id: int, values: TokenWrite) -> Token:
    """Returns the line if it can have these values. Raises TokenNotFound, ScriptNotFound or NothingToPronounce.

    A public line stays in a public script: learners may have dubbed or bookmarked it.
    """
    token = session.get(Token, token_id)
    if token is None:
        raise TokenNotFound
    require_words(session, values)
    if values.script_id != token.script_id:
        public = set(
            session.scalars(select(Script.id).where(Script.id.in_((token.script_id, values.script_id)), PUBLIC))
        )
        if public == {token.script_id}:
            raise ScriptNotFound
    return token


def delete_token(session: Session, token_id: int) -> list[str]:
    """Deletes a line; returns the key of its reference audio, which is not deleted.

    Raises TokenNotFound, or CatalogueItemInUse once a user has dubbed it.
    """
    token = session.get(Token, token_id)
    if token is None:
        raise TokenNotFound
    audio_keys = [token.s3_url] if token.s3_url else []
    _delete(session, token)
    refresh_scene(session, token.script_id)
    return audio_keys


def require_words(session: Session, values: TokenWrite) -> str:
    """Returns the language; raises ScriptNotFound, or NothingToPronounce for a line or a reading without a word."""
    language = session.scalar(select(Script.language).where(Script.id == values.script_id))
    if language is None:
        raise ScriptNotFound
    if not has_words(values.spoken_form or values.text, language):
        raise NothingToPronounce
    return language


def _show_actor(actor: Actor) -> ResponseDict:
    return {"id": actor.id, "name": actor.name, "translations": actor.translations}


def _show_line(session: Session, token_id: int) -> ResponseDict:
    return line_summary(session.execute(LINES.where(Token.id == token_id)).one())


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    with _conflicts(row.__tablename__):
        session.flush()
    return row


def _change(session: Session, row: Row, values: dict[str, object]) -> Row:
    for name, value in values.items():
        setattr(row, name, value)
    with _conflicts(row.__tablename__):
        session.flush()
    return row


def _delete(session: Session, row: Actor | Script | Token) -> None:
    session.delete(row)
    with _conflicts(row.__tablename__):
        session.flush()


@contextmanager
def _conflicts(table: str) -> Iterator[None]:
    """Translates a violated constraint into the error of the API."""
    try:
        yield
    except IntegrityError as error:
        match error.orig:
            case UniqueViolation():
                raise _CONFLICT_ERRORS[table] from error
            case RestrictViolation():
                raise CatalogueItemInUse from error
            case ForeignKeyViolation() as violation:
                raise _MISSING_ERRORS.get(violation.diag.constraint_name or "", CatalogueItemInUse) from error
        raise
