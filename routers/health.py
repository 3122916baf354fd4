"""Health checks and metrics for operators."""

from contextlib import suppress
from hmac import compare_digest
from typing import Literal

from anyio import fail_after, to_thread
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy.exc import SQLAlchemyError

from core.errors import RETRY_AFTER_S, NotAuthenticated, NotReady
from core.telemetry.metrics import CONTENT_TYPE
from dependencies import ContainerDep, LanguageDep, MetricsToken
from routers.shared.problems import PROBLEM_JSON, problem, problem_responses
from routers.shared.security_schemes import FOR_ANYONE
from services.readiness import TIMEOUT_S

TAGS = [{"name": "health", "description": "For operators"}]
router = APIRouter(prefix="/health", tags=["health"])
metrics_router = APIRouter(tags=["health"])


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
    cannot be used: `unreachable`, `no_answer`, `not_ready`, `time_differs`, `secret_differs` or
    `unexpected_answer`.

    Uploads are accepted even while the store or the analysis server is down.
    """
    state = await container.readiness.check()
    if state.is_ready:
        return Health(status="ok", checks=state.checks)
    body = problem(NotReady.status, NotReady.code, language) | {"checks": state.checks, "causes": state.causes}
    return JSONResponse(body, NotReady.status, {"Retry-After": str(RETRY_AFTER_S)}, media_type=PROBLEM_JSON)


@metrics_router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    response_class=Response,
    openapi_extra=FOR_ANYONE,
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
    with suppress(SQLAlchemyError, TimeoutError), fail_after(TIMEOUT_S):
        container.metrics.set_waiting(*await to_thread.run_sync(container.jobs.waiting, abandon_on_cancel=True))
    return Response(container.metrics.render(), media_type=CONTENT_TYPE)


def _is_same(given: str, expected: SecretStr) -> bool:
    return compare_digest(given.encode(), expected.get_secret_value().encode())
