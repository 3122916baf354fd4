"""Keeping the catalogue: what an administrator writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from psycopg2.errors import ForeignKeyViolation, RestrictViolation, UniqueViolation
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import (
    ActorExists,
    ActorNotFound,
    AppError,
    CatalogueItemInUse,
    PositionTaken,
    ScriptNotFound,
    SlugTaken,
    TokenNotFound,
)
from models import Actor, AnalysisResult, Script, Token
from schemas import ActorWrite, ScriptWrite, TokenSummary, TokenWrite
from services.tokens import LINES, show_line

Row = TypeVar("Row", Actor, Script, Token)

_TAKEN: dict[str, type[AppError]] = {"actors": ActorExists, "scripts": SlugTaken, "tokens": PositionTaken}
_GONE: dict[str, type[AppError]] = {
    "fk_tokens_script_id_scripts": ScriptNotFound,
    "fk_tokens_actor_id_actors": ActorNotFound,
}


def create_actor(session: Session, values: ActorWrite) -> Actor:
    return _add(session, Actor(**values.model_dump()))


def update_actor(session: Session, actor_id: int, values: ActorWrite) -> Actor:
    actor = session.get(Actor, actor_id)
    if actor is None:
        raise ActorNotFound
    return _change(session, actor, values.model_dump())


def delete_actor(session: Session, actor_id: int) -> None:
    actor = session.get(Actor, actor_id)
    if actor is None:
        raise ActorNotFound
    _delete(session, actor)


def create_script(session: Session, values: ScriptWrite) -> Script:
    return _add(session, Script(**values.model_dump()))


def update_script(session: Session, script_id: int, values: ScriptWrite) -> Script:
    script = session.get(Script, script_id)
    if script is None:
        raise ScriptNotFound
    return _change(session, script, values.model_dump())


def delete_script(session: Session, script_id: int) -> list[str]:
    """Deletes a script with its lines unless somebody has dubbed one; returns the reference audio left behind."""
    script = session.get(Script, script_id)
    if script is None:
        raise ScriptNotFound
    used = select(AnalysisResult.id).join(Token).where(Token.script_id == script_id).limit(1)
    if session.scalar(used) is not None:
        raise CatalogueItemInUse
    keys = select(Token.s3_url).where(Token.script_id == script_id, Token.s3_url.is_not(None))
    left = [key for key in session.scalars(keys) if key]
    _delete(session, script)
    return left


def create_token(session: Session, values: TokenWrite) -> TokenSummary:
    fields = values.model_dump()
    if values.position is None:
        last = select(func.max(Token.position)).where(Token.script_id == values.script_id)
        fields["position"] = (session.scalar(last) or 0) + 1
    return _reload(session, _add(session, Token(**fields)).id)


def update_token(session: Session, token_id: int, values: TokenWrite) -> TokenSummary:
    """Changes a line; other words make the features of its reference audio stale, and they are computed anew."""
    token = session.get(Token, token_id)
    if token is None:
        raise TokenNotFound
    fields = values.model_dump()
    if values.position is None:
        fields["position"] = token.position
    if token.text != values.text:
        fields["reference_features"] = None
    _change(session, token, fields)
    return _reload(session, token_id)


def delete_token(session: Session, token_id: int) -> list[str]:
    """Deletes a line that nobody has dubbed; returns the reference audio left behind."""
    token = session.get(Token, token_id)
    if token is None:
        raise TokenNotFound
    left = [token.s3_url] if token.s3_url else []
    _delete(session, token)
    return left


def _reload(session: Session, token_id: int) -> TokenSummary:
    return TokenSummary.model_validate(show_line(session.execute(LINES.where(Token.id == token_id)).one()))


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
    """Says in the API's words which constraint a change ran into."""
    try:
        yield
    except IntegrityError as error:
        match error.orig:
            case UniqueViolation():
                raise _TAKEN[table] from error
            case RestrictViolation():
                raise CatalogueItemInUse from error
            case ForeignKeyViolation() as violation:
                raise _GONE.get(violation.diag.constraint_name or "", CatalogueItemInUse) from error
        raise
