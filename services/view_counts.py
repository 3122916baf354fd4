"""How often scripts are read: counted in memory, and written now and then, so that reading writes nothing."""

from collections import Counter
from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session, sessionmaker

from database import session_scope
from models import Script

_scripts = cast(Table, Script.__table__)
# Reading changes nothing of the catalogue: neither its time of change, nor what is kept of it.
_ADD = (
    update(_scripts)
    .where(_scripts.c.id == bindparam("script_id"))
    .values(views=_scripts.c.views + bindparam("seen"), updated_at=_scripts.c.updated_at)
)


class ViewCounts:
    """`count` and `take` belong to the event loop. What a process that is killed had not written is lost."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._seen: Counter[int] = Counter()

    def count(self, script_id: int) -> None:
        self._seen[script_id] += 1

    def take(self) -> Counter[int]:
        """What is not written yet; `give_back` it when it cannot be."""
        seen, self._seen = self._seen, Counter()
        return seen

    def give_back(self, seen: Mapping[int, int]) -> None:
        self._seen.update(seen)

    def write(self, seen: Mapping[int, int]) -> None:
        """Blocks. In order of the ids, so that two processes that write at once do not wait for each other for ever."""
        rows = [{"script_id": script_id, "seen": seen[script_id]} for script_id in sorted(seen)]
        with session_scope(self._sessions) as session:
            session.connection().execute(_ADD, rows)
