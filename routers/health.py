"""Whether the server lives, and whether it can do its work."""

from collections.abc import Callable

from anyio import create_task_group, move_on_after, to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import text

from dependencies import LanguageDep, PartsDep
from errors import PROBLEM_JSON, RETRY_AFTER_S, NotReady, problem, problem_responses
from schemas import Health

router = APIRouter(prefix="/health", tags=["health"])
_PATIENCE_S = 5.0


@router.get("/live", summary="The process is up")
async def get_live() -> Health:
    return Health(status="ok")


@router.get(
    "/ready",
    summary="Database, object store, event bus and analysis server can be reached",
    response_model=Health,
    responses=problem_responses(NotReady),
)
async def get_ready(parts: PartsDep, language: LanguageDep) -> Health | JSONResponse:
    """503 names in `checks` what is down. Recordings are taken even while the store or the analysis is down."""

    def check_database() -> None:
        with parts.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    checks = {"database": "down", "storage": "down", "events": "down", "analysis": "down"}

    async def run(name: str, check: Callable[[], object]) -> None:
        try:
            await to_thread.run_sync(check, abandon_on_cancel=True)
            checks[name] = "ok"
        except Exception:
            checks[name] = "down"

    with move_on_after(_PATIENCE_S):
        async with create_task_group() as group:
            group.start_soon(run, "database", check_database)
            group.start_soon(run, "storage", parts.store.check)
            group.start_soon(run, "analysis", parts.analysis.check)
            checks["events"] = "down" if parts.hub.is_closing else "ok"
    if set(checks.values()) == {"ok"}:
        return Health(status="ok", checks=checks)
    body = problem(NotReady.status, NotReady.code, language) | {"checks": checks}
    return JSONResponse(body, NotReady.status, {"Retry-After": str(RETRY_AFTER_S)}, media_type=PROBLEM_JSON)
