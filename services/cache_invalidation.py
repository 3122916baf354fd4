"""Detects every change of the catalogue, by routes, imports, uploads and computed features, to invalidate the cache."""

from collections.abc import Callable
from itertools import chain
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from models import Actor, Script, Token

_CATALOGUE = (Actor, Script, Token)
_CHANGED = "catalogue changed"


def watch_catalogue(sessions: sessionmaker[Session], on_change: Callable[[], None]) -> None:
    """Calls `on_change` after each commit that changed the catalogue, in the thread of the session."""

    def note_rows(session: Session, _: Any) -> None:
        if any(isinstance(row, _CATALOGUE) for row in chain(session.new, session.dirty, session.deleted)):
            session.info[_CHANGED] = True

    def note_statement(state: ORMExecuteState) -> None:
        if state.is_select or state.bind_mapper is None:
            return
        if issubclass(state.bind_mapper.class_, _CATALOGUE):
            state.session.info[_CHANGED] = True

    def notify(session: Session) -> None:
        if session.info.pop(_CHANGED, False):
            on_change()

    event.listen(sessions, "after_flush", note_rows)
    event.listen(sessions, "do_orm_execute", note_statement)
    event.listen(sessions, "after_commit", notify)
