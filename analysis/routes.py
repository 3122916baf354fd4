"""The endpoints: submit a job, read its state, compute the features of a reference recording, report health."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ValidationError

from analysis import problem_details
from analysis.contract import Accepted, AnalyzeRequest, FeaturesRequest, Health, HealthStatus, JobState, Problem
from analysis.engine.result import ReferenceFeatures
from analysis.failures import RETRYABLE, AnalysisFailedError, FailureCode
from analysis.net.http import RETRY_AFTER
from analysis.net.seen_requests import SeenRequests
from analysis.problem_details import ProblemError
from analysis.processes.pipeline import Pipeline
from analysis.processes.pool import PoolClosedError
from analysis.queueing.job_queue import JobQueue, QueueFullError, QueueLoad, QueueUnavailableError, StoppingError
from common.webhook_signatures import BadSignatureError, SignedMessage, Signer, target_of

_MAX_BODY_BYTES: Final = 64 * 1024
_UNKNOWN_LOAD: Final = QueueLoad(queued=0, processes_ready=0, processes=0)

ModelT = TypeVar("ModelT", bound=BaseModel)

router = APIRouter()


async def read_signed_body(request: Request) -> bytes:
    """Returns the raw body of a request after verifying that it was signed for this route and serves now only."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            raise problem_details.body_too_large()
    message = _verify(request, bytes(body))
    seen: SeenRequests = request.app.state.seen_requests
    if not await seen.is_new(message):
        raise problem_details.request_repeated()
    return bytes(body)


def _verify(request: Request, body: bytes) -> SignedMessage:
    signer: Signer = request.app.state.signer
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    target = target_of(request.method, path)
    try:
        return signer.verify(
            request.headers, body, [target], target_optional=request.app.state.settings.target_optional
        )
    except BadSignatureError:
        raise problem_details.bad_signature() from None


def get_queue(request: Request) -> JobQueue:
    """Returns the queue of this app."""
    queue: JobQueue = request.app.state.queue
    return queue


def get_pipeline(request: Request) -> Pipeline:
    """Returns the pipeline of this app."""
    pipeline: Pipeline = request.app.state.pipeline
    return pipeline


SignedBody = Annotated[bytes, Depends(read_signed_body)]
QueueDep = Annotated[JobQueue, Depends(get_queue)]
PipelineDep = Annotated[Pipeline, Depends(get_pipeline)]


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"model": Problem, "content": {problem_details.MEDIA_TYPE: {}}, "description": "Problem"}
        for status in statuses
    }


def _parse(model: type[ModelT], body: bytes) -> ModelT:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise problem_details.invalid_request(error) from None


def _body_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Returns the OpenAPI schema of a body. FastAPI does not know it: the body is read raw, for its signature."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@contextmanager
def _queue_problems(queue: JobQueue) -> Iterator[None]:
    """Turns errors of the queue and the processes into problems."""
    try:
        yield
    except QueueFullError:
        raise problem_details.queue_full(queue.retry_after_s) from None
    except QueueUnavailableError:
        raise problem_details.queue_unavailable() from None
    except (StoppingError, PoolClosedError):
        raise problem_details.stopping() from None


@router.post("/analyze/", status_code=202, include_in_schema=False)
@router.post(
    "/analyze",
    status_code=202,
    responses=_problems(401, 409, 413, 422, 429, 503),
    openapi_extra=_body_schema(AnalyzeRequest),
    tags=["jobs"],
)
async def create_analysis(body: SignedBody, queue: QueueDep) -> Accepted:
    """Signed. Accepts one job; progress and the result go to `webhook_url`. The same job_id does not run twice."""
    request = _parse(AnalyzeRequest, body)
    with _queue_problems(queue):
        await queue.submit(request)
    return Accepted(job_id=request.job_id)


@router.get("/analyze/{job_id}/", include_in_schema=False)
@router.get("/analyze/{job_id}", response_model=JobState, responses=_problems(401, 404, 409, 503), tags=["jobs"])
async def get_analysis(job_id: str, _: SignedBody, queue: QueueDep) -> Response:
    """Signed (over an empty body). Returns the state of a job, and after its end also the body of its webhook."""
    try:
        parsed_id = UUID(job_id)
    except ValueError:
        raise problem_details.job_not_found() from None
    with _queue_problems(queue):
        job = await queue.find(parsed_id)
    if job is None:
        raise problem_details.job_not_found()
    return Response(job.state(), media_type="application/json")


@router.post("/features/", include_in_schema=False)
@router.post(
    "/features",
    response_model=ReferenceFeatures,
    responses=_problems(401, 409, 413, 422, 429, 503),
    openapi_extra=_body_schema(FeaturesRequest),
    tags=["references"],
)
async def create_features(body: SignedBody, queue: QueueDep, pipeline: PipelineDep) -> Response:
    """Signed. Returns the features of a reference recording: times, pitch, energy and posteriors, ready to plot."""
    request = _parse(FeaturesRequest, body)
    if queue.stopping:
        raise problem_details.stopping()
    try:
        with _queue_problems(queue), queue.direct_request():
            features = await pipeline.features(request)
    except AnalysisFailedError as error:
        may_pass = error.code in RETRYABLE - {FailureCode.AUDIO_FETCH_FAILED}
        raise ProblemError(503 if may_pass else 422, error.code, error.message) from None
    return Response(features, media_type="application/json")


@router.get("/health/live/", include_in_schema=False)
@router.get("/health/live", tags=["health"])
async def get_live(queue: QueueDep) -> Health:
    """Returns 200 while the process is up."""
    try:
        return _health(queue, await queue.load(), "ok")
    except QueueUnavailableError:
        return _health(queue, _UNKNOWN_LOAD, "ok")


@router.get("/health/ready/", include_in_schema=False)
@router.get("/health/ready", responses={503: {"model": Health}}, tags=["health"])
async def get_ready(response: Response, queue: QueueDep, pipeline: PipelineDep) -> Health:
    """Returns 200 when engine processes are warmed up, here or in workers, and the queue has room; 503 otherwise."""
    try:
        load = await queue.load()
    except QueueUnavailableError:
        health = _health(queue, _UNKNOWN_LOAD, "queue_away")
    else:
        health = _health(queue, load, _status(queue, load, pipeline))
    if health.status != "ready":
        response.status_code = 503
        response.headers[RETRY_AFTER] = str(problem_details.RETRY_AFTER_S)
    return health


def _status(queue: JobQueue, load: QueueLoad, pipeline: Pipeline) -> HealthStatus:
    if queue.stopping:
        return "stopping"
    if not (pipeline.ready and load.processes_ready):
        return "starting"
    return "busy" if load.queued >= queue.size else "ready"


def _health(queue: JobQueue, load: QueueLoad, status: HealthStatus) -> Health:
    return Health(
        status=status,
        workers_ready=load.processes_ready,
        workers=load.processes,
        queued=load.queued,
        queue_size=queue.size,
    )
