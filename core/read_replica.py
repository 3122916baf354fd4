"""Reads from a streaming replica that are never staler than reads from the primary.

Before each read the primary reports the position up to which its log is on disk. Every acknowledged commit lies before
that position, because a commit is acknowledged, and visible to others, only after its log is on disk
(`synchronous_commit`, on by default). A replica that has replayed the log up to there may be read. One that has not
after a moment, or that is unreachable, is left out for a while, and the primary serves its reads.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Any

from anyio import CapacityLimiter, fail_after, from_thread, to_thread
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from core.settings import Settings
from database import READ_SESSIONS, Reads, Require, Rows, allow, make_read_engine

log = logging.getLogger("yousync.replica")

# A replica in the same region lags by some milliseconds.
_PATIENCE_S = 0.05
_LOOK_AGAIN_S = 0.002
_ANSWER_S = 3.0
_PAUSE_S = 1.0
_WARN_EVERY_S = 60.0
# A position is valid within one cluster and one timeline: after a failover, or in a replica that was promoted or copied
# from elsewhere, the same position belongs to another log.
_POSITION = text(
    "SELECT CAST(pg_current_wal_flush_lsn() AS text) AS lsn, system_identifier AS cluster,"
    " left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) AS timeline FROM pg_control_system()"
)
_HAS_REPLAYED = text(
    "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(:lsn AS pg_lsn)"
    " AND system_identifier = :cluster AND lpad(upper(to_hex(timeline_id)), 8, '0') = :timeline"
    " FROM pg_control_system(), pg_control_checkpoint()"
)

Position = dict[str, Any]


class NotThereYetError(Exception):
    """The replica lacks something that the primary had, or follows another server."""


def make_reads(settings: Settings, on_read: Callable[[str], None]) -> Reads:
    """Returns reads from the primary or, with DATABASE_REPLICA_URL, a replica; `on_read` gets the server of each."""
    engine = make_read_engine(settings.sqlalchemy_url)
    if settings.sqlalchemy_replica_url is None:
        return Reads(engine)
    # A caller waits during the attempt, and the primary could have answered it.
    replica = make_read_engine(settings.sqlalchemy_replica_url, connect_timeout=2, tcp_user_timeout=2_000)
    return ReplicaReads(engine, replica, on_read)


class ReplicaReads(Reads):
    """Reads for decisions from the primary, and data that is only shown from the replica while it keeps up."""

    def __init__(self, engine: Engine, replica: Engine, on_read: Callable[[str], None]) -> None:
        super().__init__(engine)
        self._replica = replica
        self._on_read = on_read
        self._readers, self._askers = CapacityLimiter(READ_SESSIONS), CapacityLimiter(READ_SESSIONS)
        self._turn = Lock()
        self._serves = False
        self._try_at = self._warn_at = 0.0

    async def in_thread(self, work: Callable[[], Rows]) -> Rows:
        # Runs in a thread of anyio, from which look_up can query the replica.
        return await to_thread.run_sync(work, limiter=self._readers)

    async def for_all(self, work: Callable[[], Rows]) -> Rows:
        return await self.in_thread(work)

    def look_up(self, query: Callable[[Connection], Rows], require: Require = allow) -> Rows:
        if not self._may_try():
            self._on_read("primary")
            return super().look_up(query, require)
        position = self.query(partial(_position, require))
        try:
            rows = from_thread.run(self._ask, query, position)
        except (SQLAlchemyError, TimeoutError, NotThereYetError) as error:
            self._leave_out(type(error).__name__)
            return self.query(query)
        self._serve()
        return rows

    async def _ask(self, query: Callable[[Connection], Rows], position: Position) -> Rows:
        """Queries the replica in a thread that is abandoned on a time-out: psycopg2 would wait without limit."""

        def ask() -> Rows:
            with self._replica.connect() as connection:
                _wait_until_replayed(connection, position)
                return query(connection)

        with fail_after(_ANSWER_S):
            return await to_thread.run_sync(ask, abandon_on_cancel=True, limiter=self._askers)

    def close(self) -> None:
        super().close()
        self._replica.dispose()

    def _may_try(self) -> bool:
        """Returns whether to try the replica; while it is left out, one read does so every _PAUSE_S."""
        with self._turn:
            if self._serves:
                return True
            if time.monotonic() < self._try_at:
                return False
            self._try_at = time.monotonic() + _PAUSE_S
            return True

    def _serve(self) -> None:
        self._on_read("replica")
        if not self._serves:
            self._serves = True
            log.info("the read replica serves")

    def _leave_out(self, reason: str) -> None:
        self._on_read("primary")
        with self._turn:
            now = time.monotonic()
            self._serves, self._try_at = False, now + _PAUSE_S
            is_news = now >= self._warn_at
            if is_news:
                self._warn_at = now + _WARN_EVERY_S
        if is_news:
            log.warning("the read replica is bypassed, reads go to the primary: %s", reason)


def _position(require: Require, connection: Connection) -> Position:
    """Returns up to where the primary's log is on disk, after `require` has passed."""
    require(connection)
    return dict(connection.execute(_POSITION).one()._mapping)


def _wait_until_replayed(connection: Connection, position: Position) -> None:
    give_up_at = time.monotonic() + _PATIENCE_S
    while not connection.execute(_HAS_REPLAYED, position).scalar_one():
        if time.monotonic() >= give_up_at:
            raise NotThereYetError
        time.sleep(_LOOK_AGAIN_S)
