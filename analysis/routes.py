"""The endpoints: take a job, tell its state, prepare a reference, report health."""

from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ValidationError

from analysis.contract import Accepted, AnalyzeRequest, FeaturesRequest, Health, HealthStatus, JobState, Problem
from analysis.engine.result import ReferenceFeatures
from analysis.failures import RETRYABLE, AnalysisFailedError
from analysis.net.signatures import BadSignatureError, Signer
from analysis.problem_details import ProblemError, invalid_request
from analysis.processes.pipeline import Pipeline
from analysis.processes.pool import PoolClosedError
from analysis.queueing.memory_queue import JobQueue, Load, QueueAwayError, QueueFullError, StoppingError

_MAX_BODY_BYTES: Final = 64 * 1024
_RETRY_AFTER: Final = {"retry-after": "5"}
_NOBODY: Final = Load(queued=0, workers_ready=0, workers=0)

ModelT = TypeVar("ModelT", bound=BaseModel)

router = APIRouter()


async def signed_body(request: Request) -> bytes:
    """The raw body of a request signed with the shared secret; verified before anything reads it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            raise ProblemError(413, "body_too_large", "The request body is too large.")
    signer: Signer = request.app.state.signer
    try:
        signer.verify(request.headers, bytes(body))
    except BadSignatureError:
        raise ProblemError(401, "bad_signature", "The signature is missing, wrong or too old.") from None
    return bytes(body)


def get_queue(request: Request) -> JobQueue:
    """The queue of this app."""
    queue: JobQueue = request.app.state.queue
    return queue


def get_pipeline(request: Request) -> Pipeline:
    """The pipeline of this app."""
    pipeline: Pipeline = request.app.state.pipeline
    return pipeline


SignedBody = Annotated[bytes, Depends(signed_body)]
QueueDep = Annotated[JobQueue, Depends(get_queue)]
PipelineDep = Annotated[Pipeline, Depends(get_pipeline)]


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"model": Problem, "content": {"application/problem+json": {}}, "description": "Problem"}
        for status in statuses
    }


def _parse(model: type[ModelT], body: bytes) -> ModelT:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid_request(error) from None


def _body_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The body is read raw (its signature comes first), so OpenAPI is told its schema here."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _queue_full(queue: JobQueue) -> ProblemError:
    headers = {"retry-after": str(queue.retry_after_s)}
    return ProblemError(429, "queue_full", "The queue is full; try again later.", headers)


def _queue_away() -> ProblemError:
    return ProblemError(503, "queue_away", "The queue cannot be reached; try again later.", _RETRY_AFTER)


@router.post("/analyze/", status_code=202, include_in_schema=False)
@router.post(
    "/analyze",
    status_code=202,
    responses=_problems(401, 413, 422, 429, 503),
    openapi_extra=_body_schema(AnalyzeRequest),
    tags=["jobs"],
)
async def create_analysis(body: SignedBody, queue: QueueDep) -> Accepted:
    """Signed. Takes one recording; progress and the result are sent to `webhook_url`. Same job_id: no second run."""
    request = _parse(AnalyzeRequest, body)
    try:
        await queue.submit(request)
    except QueueFullError:
        raise _queue_full(queue) from None
    except QueueAwayError:
        raise _queue_away() from None
    except StoppingError:
        raise ProblemError(503, "stopping", "The server is shutting down.", _RETRY_AFTER) from None
    return Accepted(job_id=request.job_id)


@router.get("/analyze/{job_id}/", include_in_schema=False)
@router.get("/analyze/{job_id}", response_model=JobState, responses=_problems(401, 404, 503), tags=["jobs"])
async def get_analysis(job_id: str, _: SignedBody, queue: QueueDep) -> Response:
    """Signed (over an empty body). The state of a job; when it is finished, the same body as its webhook."""
    try:
        job = await queue.find(UUID(job_id))
    except ValueError:
        job = None
    except QueueAwayError:
        raise _queue_away() from None
    if job is None:
        raise ProblemError(404, "job_not_found", "No such job; it may have been forgotten after a restart.")
    return Response(job.state(), media_type="application/json")


@router.post("/features/", include_in_schema=False)
@router.post(
    "/features",
    response_model=ReferenceFeatures,
    responses=_problems(401, 413, 422, 429, 503),
    openapi_extra=_body_schema(FeaturesRequest),
    tags=["references"],
)
async def create_features(body: SignedBody, queue: QueueDep, pipeline: PipelineDep) -> Response:
    """Signed. What a reference recording is compared by: times, pitch, energy and posteriors, ready to plot."""
    request = _parse(FeaturesRequest, body)
    if queue.stopping:
        raise ProblemError(503, "stopping", "The server is shutting down.", _RETRY_AFTER)
    try:
        with queue.room():
            features = await pipeline.features(request.audio_url, request.text, request.language)
    except QueueFullError:
        raise _queue_full(queue) from None
    except PoolClosedError:
        raise ProblemError(503, "stopping", "The server is shutting down.", _RETRY_AFTER) from None
    except AnalysisFailedError as error:
        passing = error.code in RETRYABLE - {"audio_fetch_failed"}
        raise ProblemError(503 if passing else 422, error.code, error.message) from None
    return Response(features, media_type="application/json")


@router.get("/health/live/", include_in_schema=False)
@router.get("/health/live", tags=["health"])
async def get_live(queue: QueueDep) -> Health:
    """The process is up."""
    try:
        return _health(queue, await queue.load(), "ok")
    except QueueAwayError:
        return _health(queue, _NOBODY, "ok")


@router.get("/health/ready/", include_in_schema=False)
@router.get("/health/ready", responses={503: {"model": Health}}, tags=["health"])
async def get_ready(response: Response, queue: QueueDep, pipeline: PipelineDep) -> Health:
    """Worker processes are warmed up, here or on the machines of a shared queue, and it has room; 503 otherwise."""
    try:
        load = await queue.load()
    except QueueAwayError:
        health = _health(queue, _NOBODY, "queue_away")
    else:
        health = _health(queue, load, _status(queue, load, pipeline))
    if health.status != "ready":
        response.status_code = 503
        response.headers.update(_RETRY_AFTER)
    return health


def _status(queue: JobQueue, load: Load, pipeline: Pipeline) -> HealthStatus:
    if queue.stopping:
        return "stopping"
    if not (pipeline.ready and load.workers_ready):
        return "starting"
    return "busy" if load.queued >= queue.size else "ready"


def _health(queue: JobQueue, load: Load, status: HealthStatus) -> Health:
    return Health(
        status=status,
        workers_ready=load.workers_ready,
        workers=load.workers,
        queued=load.queued,
        queue_size=queue.size,
    )
