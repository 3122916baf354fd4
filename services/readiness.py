"""The readiness of the server: each part is asked at most once at a time, however many ask for it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from anyio import CapacityLimiter, create_task_group, move_on_after, to_thread
from sqlalchemy import Engine, text

from jobs.analysis_client import AnalysisClient, AnalysisUnavailable, Cause
from utils_s3 import ObjectStore

log = logging.getLogger("yousync.health")

TIMEOUT_S = 5.0
# Of its own, for several checks of three parts: one that hangs takes no thread from requests.
_THREADS = 12


@dataclass
class State:
    """Each part as `ok` or `down`, and why the analysis server cannot be used."""

    checks: dict[str, str]
    causes: dict[str, Cause] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        return set(self.checks.values()) == {"ok"}


class Readiness:
    """Belongs to the event loop."""

    def __init__(
        self, engine: Engine, store: ObjectStore, analysis: AnalysisClient, receives_events: Callable[[], bool]
    ) -> None:
        self._engine, self._receives_events = engine, receives_events
        self._parts: dict[str, Callable[[], object]] = {
            "database": self._ask_database,
            "storage": store.check,
            "analysis": analysis.check,
        }
        self._threads = CapacityLimiter(_THREADS)
        self._running: asyncio.Task[State] | None = None

    async def check(self) -> State:
        """Asks every part, for at most TIMEOUT_S, or waits for the answers to somebody who has just asked."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._check())
        return await asyncio.shield(self._running)

    async def _check(self) -> State:
        state = State({"database": "down", "storage": "down", "events": "down", "analysis": "down"})
        state.causes["analysis"] = "no_answer"
        with move_on_after(TIMEOUT_S):
            async with create_task_group() as group:
                for name, ask in self._parts.items():
                    group.start_soon(self._ask, state, name, ask)
                state.checks["events"] = "ok" if self._receives_events() else "down"
        if state.checks["analysis"] == "ok":
            del state.causes["analysis"]
        return state

    async def _ask(self, state: State, name: str, ask: Callable[[], object]) -> None:
        try:
            await to_thread.run_sync(ask, abandon_on_cancel=True, limiter=self._threads)
            state.checks[name] = "ok"
        except AnalysisUnavailable as error:
            state.causes["analysis"] = error.cause
            log.warning("the analysis server cannot be used: %s", error)
        except Exception as error:
            log.warning("%s is down: %s", name, type(error).__name__)

    def _ask_database(self) -> None:
        with self._engine.connect() as connection:
            connection.execute(text("SELECT 1"))
