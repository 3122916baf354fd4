"""Health checks and metrics for operators."""

import logging
from collections.abc import Callable
from contextlib import suppress
from hmac import compare_digest
from typing import Literal

from anyio import create_task_group, fail_after, move_on_after, to_thread
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.errors import RETRY_AFTER_S, NotAuthenticated, NotReady
from core.telemetry.metrics import CONTENT_TYPE
from dependencies import ContainerDep, LanguageDep, MetricsToken
from jobs.analysis_client import AnalysisUnavailable, Cause
from routers.shared.problems import PROBLEM_JSON, problem, problem_responses

TAGS = [{"name": "health", "description": "For operators"}]
router = APIRouter(prefix="/health", tags=["health"])
metrics_router = APIRouter(tags=["health"])
_TIMEOUT_S = 5.0
log = logging.getLogger("yousync.health")


class Health(BaseModel):
    """The state of the server; `checks` names its parts as `ok` or `down`."""

    status: Literal["ok", "degraded"]
    checks: dict[str, str] = Field(default_factory=dict)


@router.get("/live", summary="The process is running")
async def get_live() -> Health:
    """Responds as long as the process runs."""
    return Health(status="ok")


@router.get(
    "/ready",
    summary="Database, object store, event bus and analysis server are reachable",
    response_model=Health,
    responses=problem_responses(NotReady),
)
async def get_ready(container: ContainerDep, language: LanguageDep) -> Health | JSONResponse:
    """Checks every part; a 503 response names those that are down in `checks`, and in `causes` why the analysis server
    cannot be used: `unreachable`, `not_ready`, `time_differs`, `secret_differs` or `unexpected_answer`.

    Uploads are accepted even while the store or the analysis server is down.
    """
    causes: dict[str, Cause] = {}

    def check_database() -> None:
        with container.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    checks = {"database": "down", "storage": "down", "events": "down", "analysis": "down"}

    async def run(name: str, check: Callable[[], object]) -> None:
        try:
            await to_thread.run_sync(check, abandon_on_cancel=True)
            checks[name] = "ok"
        except AnalysisUnavailable as error:
            causes[name] = error.cause
            log.warning("the analysis server cannot be used: %s", error)
        except Exception as error:
            log.warning("%s is down: %s", name, type(error).__name__)

    with move_on_after(_TIMEOUT_S):
        async with create_task_group() as group:
            group.start_soon(run, "database", check_database)
            group.start_soon(run, "storage", container.store.check)
            group.start_soon(run, "analysis", container.analysis.check)
            checks["events"] = "down" if container.hub.is_closing or not container.bus.is_connected else "ok"
    if set(checks.values()) == {"ok"}:
        return Health(status="ok", checks=checks)
    body = problem(NotReady.status, NotReady.code, language) | {"checks": checks, "causes": causes}
    return JSONResponse(body, NotReady.status, {"Retry-After": str(RETRY_AFTER_S)}, media_type=PROBLEM_JSON)


@metrics_router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    response_class=Response,
    openapi_extra={"security": [{}]},
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Text format of Prometheus"},
        **problem_responses(NotAuthenticated),
    },
)
async def get_metrics(container: ContainerDep, credentials: MetricsToken) -> Response:
    """Returns the metrics. Requires METRICS_TOKEN as bearer token, unless development leaves it unset.

    While the database is down, the metrics that are counted there keep their last value.
    """
    expected = container.settings.metrics_token
    is_open = expected is None and container.settings.is_development
    if not is_open and not (expected and credentials and _is_same(credentials.credentials, expected)):
        raise NotAuthenticated
    with suppress(SQLAlchemyError, TimeoutError), fail_after(_TIMEOUT_S):
        container.metrics.set_waiting(*await to_thread.run_sync(container.jobs.waiting, abandon_on_cancel=True))
    return Response(container.metrics.render(), media_type=CONTENT_TYPE)


def _is_same(given: str, expected: SecretStr) -> bool:
    return compare_digest(given.encode(), expected.get_secret_value().encode())
