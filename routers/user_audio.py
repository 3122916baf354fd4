"""A learner's recording: upload, progress, result; and the webhook of the analysis server."""

from dataclasses import replace
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from container import Container
from core.errors import (
    AudioEmpty,
    AudioMissing,
    AudioTooLarge,
    AudioTooLong,
    AudioTypeUnsupported,
    AudioUndecodable,
    DatabaseUnavailable,
    IdempotencyKeyReused,
    InvalidAccessToken,
    InvalidStreamTicket,
    InvalidWebhookSignature,
    JobNotFound,
    MalformedRequest,
    NotAuthenticated,
    SpoolFull,
    SpoolUnavailable,
    StorageQuotaExceeded,
    TokenNotFound,
    TooManyJobs,
    TooManyRequests,
    TooManyStreams,
    TooManyUploads,
)
from core.security import Principal, make_stream_ticket, read_access_token, read_stream_ticket
from core.telemetry.tracing import note_job
from dependencies import (
    Bearer,
    ContainerDep,
    CountedRoute,
    CurrentPrincipal,
    JobId,
    LanguageDep,
    PathId,
    S3Dep,
    SessionCookie,
    SessionDep,
    VerifiedWebhook,
)
from jobs.webhook_payloads import AnalysisReport, WebhookTaken
from routers.shared.multipart import BODY_DOCUMENTATION, MAX_BODY_BYTES, audio_field, declared_bytes
from routers.shared.problems import problem_responses
from schemas import AnalysisResultResponse, UploadAccepted
from services import user_audio
from services.quotas import AcceptedJob, UploadRequest
from services.upload_intake import NewJob, Recording
from tasks.sweeper import follow_up

router = APIRouter(prefix="/tokens", tags=["recordings"], route_class=CountedRoute)
# Signed, and never refused for asking often: a report that is turned away is a result that is late.
webhook_router = APIRouter(prefix="/tokens", tags=["webhook"])
# The native limiter is only a backstop here: it answers before the route can say audio_too_large.
_BACKSTOP_BYTES = 4 * MAX_BODY_BYTES
# What of a form is held in memory: such recordings are taken many at once, larger ones each in a thread of its own.
_SMALL_BYTES = 1024 * 1024

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=255, description="The same key answers the same job"),
]
LOCATION = {"headers": {"Location": {"description": "result_url", "schema": {"type": "string"}}}}
_EVENT = {
    "type": "object",
    "required": ["id", "data"],
    "properties": {
        "id": {"type": "string", "description": "The version of the state"},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/ProgressEvent"},
        },
    },
}


@router.post(
    "/{token_id}/upload-audio",
    status_code=202,
    summary="Upload a recording of a line",
    max_body_size=_BACKSTOP_BYTES,
    openapi_extra=BODY_DOCUMENTATION,
    responses={
        202: LOCATION,
        **problem_responses(
            NotAuthenticated,
            InvalidAccessToken,
            TokenNotFound,
            IdempotencyKeyReused,
            AudioTooLarge,
            AudioTypeUnsupported,
            AudioMissing,
            AudioEmpty,
            AudioTooLong,
            AudioUndecodable,
            MalformedRequest,
            TooManyRequests,
            TooManyUploads,
            TooManyJobs,
            StorageQuotaExceeded,
            SpoolFull,
            SpoolUnavailable,
            DatabaseUnavailable,
        ),
    },
)
async def create_job(
    request: Request,
    response: Response,
    background: BackgroundTasks,
    container: ContainerDep,
    principal: Bearer,
    token_id: PathId,
    idempotency_key: IdempotencyKey = None,
) -> UploadAccepted:
    """Takes a recording and answers at once; the analysis goes on behind it.

    Follow `progress_url` for the progress, or read `result_url`. Once this answers 202, the recording is safe.
    """
    if principal is None:
        raise NotAuthenticated
    await container.rate_limits.require("upload", str(principal.user_id))
    upload = UploadRequest(principal, token_id, idempotency_key)
    if (declared_bytes(request) or MAX_BODY_BYTES) > _SMALL_BYTES:
        await container.reads.in_thread(partial(container.intake.require, upload))
    async with audio_field(request) as sent:
        recording = Recording(replace(upload, size=sent.size or 0), sent.file)
        with container.priority_gate.hold():
            job = await _take(container, recording)
    return answer_accepted(container, principal, job, response, background)


async def _take(container: Container, recording: Recording) -> AcceptedJob:
    in_upload_thread = partial(to_thread.run_sync, limiter=container.limits.uploads)
    if recording.upload.size > _SMALL_BYTES:
        return await in_upload_thread(container.intake.accept_alone, recording)
    taken = await container.upload_batcher.submit(recording)
    return await in_upload_thread(container.intake.settle, taken) if isinstance(taken, NewJob) else taken


def answer_accepted(
    container: Container, principal: Principal, job: AcceptedJob, response: Response, background: BackgroundTasks
) -> UploadAccepted:
    """The answer to whoever sent a recording; the analysis of a new one goes on behind it."""
    note_job(job.job_id)
    if job.is_new:
        background.add_task(follow_up, container, job.job_id)
    result_url = f"/api/tokens/analysis-result/{job.job_id}"
    response.headers["Location"] = result_url
    ticket = make_stream_ticket(container.settings, principal, job.job_id)
    return UploadAccepted(
        job_id=job.job_id,
        status=job.status,
        progress_url=f"/api/tokens/analysis-progress/{job.job_id}?ticket={ticket}",
        result_url=result_url,
    )


@router.get(
    "/analysis-progress/{job_id}",
    summary="Follow a job (server-sent events)",
    response_class=Response,
    responses={
        200: {
            "description": "Events of the default type; `id` is the job's version, `data` its whole state",
            "content": {"text/event-stream": {"schema": _EVENT}},
        },
        204: {"description": "The job has ended, and `Last-Event-ID` says that you know: stop"},
        **problem_responses(
            NotAuthenticated,
            InvalidAccessToken,
            InvalidStreamTicket,
            JobNotFound,
            MalformedRequest,
            TooManyRequests,
            TooManyStreams,
            DatabaseUnavailable,
        ),
    },
)
async def stream_progress(
    container: ContainerDep,
    job_id: JobId,
    bearer: Bearer,
    cookie: SessionCookie,
    language: LanguageDep,
    ticket: Annotated[
        str | None, Query(max_length=2048, description="From `progress_url`; 60 s, this job only")
    ] = None,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", max_length=64)] = None,
) -> Response:
    """The present state at once, then each newer one as it happens, until the job has ended.

    Sign in by `Authorization` header, by `?ticket=`, or by the session cookie.
    """
    if bearer is not None:
        principal = bearer
    elif ticket is not None:
        principal = read_stream_ticket(container.settings, ticket, job_id)
    elif cookie is not None:
        principal = read_access_token(container.settings, cookie)
    else:
        raise NotAuthenticated
    if container.hub.streams_of(principal.user_id) >= container.settings.streams_per_user_max:
        raise TooManyStreams
    stream = container.hub.open_stream(principal.user_id, job_id, language)
    try:
        snapshot = await container.limits.reports.run(user_audio.load_snapshot, container.sessions, principal, job_id)
    except BaseException:
        container.hub.discard(stream)
        raise
    if snapshot.is_terminal and _seen_version(last_event_id) >= snapshot.version:
        container.hub.discard(stream)
        return Response(status_code=204)
    stream.offer(snapshot)
    return stream


@router.get(
    "/analysis-result/{job_id}",
    summary="State, scores and feedback of a job",
    responses=problem_responses(NotAuthenticated, InvalidAccessToken, JobNotFound, DatabaseUnavailable),
)
def get_result(
    session: SessionDep, store: S3Dep, principal: CurrentPrincipal, job_id: JobId, language: LanguageDep
) -> AnalysisResultResponse:
    return user_audio.get_result(session, store, principal.user_id, job_id, language)


@webhook_router.post(
    "/webhook/analysis-complete",
    summary="Reports of the analysis server",
    responses=problem_responses(InvalidWebhookSignature, JobNotFound, MalformedRequest, DatabaseUnavailable),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AnalysisReport"}}},
        },
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        ],
    },
)
async def take_report(container: ContainerDep, body: VerifiedWebhook) -> WebhookTaken:
    """Progress, completion or failure of a job, signed as Standard Webhooks. Taking a report twice changes nothing."""
    try:
        report = AnalysisReport.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_context=False)) from error
    changed = await container.limits.reports.run(container.jobs.apply_report, report)
    return WebhookTaken(changed=changed)


def _seen_version(last_event_id: str | None) -> int:
    """0 for anything that is not a version of ours."""
    text = last_event_id or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
