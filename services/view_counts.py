"""View counts of scripts: counted in memory and written periodically, so that a read writes nothing."""

from collections import Counter
from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session, sessionmaker

from database import session_scope
from models import Script

_scripts = cast(Table, Script.__table__)
# A view is no change of the catalogue: updated_at stays, and so do cached responses.
_ADD = (
    update(_scripts)
    .where(_scripts.c.id == bindparam("script_id"))
    .values(views=_scripts.c.views + bindparam("seen"), updated_at=_scripts.c.updated_at)
)


class ViewCounts:
    """Counts views; `count` and `take` belong to the event loop. A killed process loses its unwritten counts."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._seen: Counter[int] = Counter()

    def count(self, script_id: int) -> None:
        """Adds one view of a script."""
        self._seen[script_id] += 1

    def take(self) -> Counter[int]:
        """Returns the counts that are not written yet and resets them; `give_back` undoes this."""
        seen, self._seen = self._seen, Counter()
        return seen

    def give_back(self, seen: Mapping[int, int]) -> None:
        """Adds counts that could not be written."""
        self._seen.update(seen)

    def write(self, seen: Mapping[int, int]) -> None:
        """Adds the counts to the rows. Blocks. Updates in the order of the ids, so two processes cannot deadlock."""
        rows = [{"script_id": script_id, "seen": seen[script_id]} for script_id in sorted(seen)]
        with session_scope(self._sessions) as session:
            session.connection().execute(_ADD, rows)
