"""The recordings of learners: upload, progress, result; and the webhook of the analysis server."""

from dataclasses import replace
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from common.webhook_signatures import HEADERS as WEBHOOK_HEADERS
from common.webhook_signatures import TARGET_HEADER
from container import Container
from core.errors import (
    AudioEmpty,
    AudioMissing,
    AudioTooLarge,
    AudioTooLong,
    AudioTypeUnsupported,
    AudioUndecodable,
    DatabaseUnavailable,
    GuestLimitReached,
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
from core.security import Principal, read_access_token, read_stream_ticket
from core.settings import Settings
from dependencies import (
    ContainerDep,
    CurrentPrincipal,
    JobId,
    LanguageDep,
    OptionalPrincipal,
    PathId,
    RateLimitedRoute,
    S3Dep,
    SessionCookie,
    SessionDep,
    VerifiedWebhook,
    counted_uploader,
)
from jobs.webhook_payloads import AnalysisReport, WebhookTaken
from routers.shared.accepted_uploads import LOCATION, IdempotencyKey, UploadAccepted, accepted_response
from routers.shared.multipart import BODY_DOCUMENTATION, MAX_BODY_BYTES, audio_field, declared_bytes
from routers.shared.problems import problem_responses
from routers.shared.progress_events import EVENT_SCHEMA
from routers.shared.recorded_words import RecordedWordsDep
from routers.shared.security_schemes import FOR_STREAMS
from schemas import AnalysisResultResponse
from services import user_audio
from services.quotas import AcceptedJob, UploadRequest
from services.responses import ResponseDict
from services.upload_intake import NewJob, Recording

TAGS = [
    {"name": "recordings", "description": "Recordings of learners: upload, progress, result"},
    {"name": "webhook", "description": "For the analysis server"},
]
router = APIRouter(prefix="/tokens", tags=["recordings"], route_class=RateLimitedRoute)
# Reports are signed and not rate limited: a refused report delays a result.
webhook_router = APIRouter(prefix="/tokens", tags=["webhook"])
# An example and the meaning of each of WEBHOOK_HEADERS.
_SIGNATURE = (
    ("msg_2Kd1c8Xb", "The sender's id of the report; a repetition has the same"),
    ("1790000000", "Seconds since 1970; at most five minutes from the server's clock"),
    ("v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=", "Over id, time and body, as in Standard Webhooks"),
)
# The framework's own limit is only a backstop here: it responds before the route can raise AudioTooLarge.
_BACKSTOP_BYTES = 4 * MAX_BODY_BYTES
# Forms up to this size are held in memory. Their recordings are accepted in batches; each larger one in its own thread.
_SMALL_BYTES = 1024 * 1024


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
            GuestLimitReached,
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
    principal: OptionalPrincipal,
    token_id: PathId,
    words: RecordedWordsDep,
    idempotency_key: IdempotencyKey = None,
) -> UploadAccepted:
    """Accepts a recording; the analysis runs after the response.

    Follow `progress_url` for the progress, or poll `result_url`. After a 202 response, the recording is stored durably.
    """
    if principal is None:
        raise NotAuthenticated
    await container.rate_limiter.require("upload", counted_uploader(request, principal))
    announced = (declared_bytes(request) or 0) if principal.is_guest else 0
    upload = UploadRequest(principal, token_id, idempotency_key, announced, words=words)
    if (declared_bytes(request) or MAX_BODY_BYTES) > _SMALL_BYTES:
        await container.reads.in_thread(partial(container.intake.require, upload))
    async with audio_field(request) as sent:
        recording = Recording(replace(upload, size=sent.size or 0), sent.file)
        with container.priority_gate.hold():
            job = await _accept(container, recording)
    return accepted_response(container, principal, job, response, background)


async def _accept(container: Container, recording: Recording) -> AcceptedJob:
    in_upload_thread = partial(to_thread.run_sync, limiter=container.limits.uploads)
    if recording.upload.size > _SMALL_BYTES:
        return await in_upload_thread(container.intake.accept_alone, recording)
    job = await container.upload_batcher.submit(recording)
    return await in_upload_thread(container.intake.settle, job) if isinstance(job, NewJob) else job


@router.get(
    "/analysis-progress/{job_id}",
    summary="Follow a job (server-sent events)",
    response_class=Response,
    openapi_extra=FOR_STREAMS,
    responses={
        200: {
            "description": "Events of the default type; `id` is the version of the job, `data` its complete state",
            "content": {"text/event-stream": {"schema": EVENT_SCHEMA}},
        },
        204: {"description": "The job has ended and `Last-Event-ID` names its last state: do not reconnect"},
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
    bearer: OptionalPrincipal,
    cookie: SessionCookie,
    language: LanguageDep,
    ticket: Annotated[
        str | None,
        Query(
            max_length=2048, description="From `progress_url`; 60 s, this job only", examples=["eyJhbGciOiJIUzI1NiIs…"]
        ),
    ] = None,
    last_event_id: Annotated[
        str | None,
        Header(alias="Last-Event-ID", max_length=64, description="`id` of the last event received", examples=["7"]),
    ] = None,
) -> Response:
    """Sends the current state at once, then every newer state until the job ends.

    Authenticate with the `Authorization` header, with `?ticket=`, or with the session cookie, which also counts when
    the ticket has expired.
    """
    principal = bearer or _read_stream_credentials(container.settings, job_id, ticket, cookie)
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
    response_model=AnalysisResultResponse,
    responses=problem_responses(NotAuthenticated, InvalidAccessToken, JobNotFound, DatabaseUnavailable),
)
def get_result(
    session: SessionDep, store: S3Dep, principal: CurrentPrincipal, job_id: JobId, language: LanguageDep
) -> ResponseDict:
    """Returns the current state of a job and, once it is completed, its scores and feedback."""
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
            *(
                {
                    "name": name,
                    "in": "header",
                    "required": True,
                    "schema": {"type": "string", "examples": [example]},
                    "description": description,
                }
                for name, (example, description) in zip(WEBHOOK_HEADERS, _SIGNATURE, strict=True)
            ),
            {
                "name": TARGET_HEADER,
                "in": "header",
                "required": False,
                "schema": {"type": "string", "examples": [_SIGNATURE[-1][0]]},
                "description": "A signature of the same id and time over `yousync-target POST ` and the path of the "
                "request, instead of the body. Required unless WEBHOOK_TARGET_OPTIONAL is true.",
            },
        ],
    },
)
async def take_report(container: ContainerDep, webhook: VerifiedWebhook) -> WebhookTaken:
    """Receives progress, completion or failure of a job, signed as Standard Webhooks. A duplicate has no effect."""
    try:
        report = AnalysisReport.model_validate_json(webhook.body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
    changed = await container.limits.reports.run(container.jobs.apply_report, report, webhook.message_id)
    return WebhookTaken(changed=changed)


def _read_stream_credentials(settings: Settings, job_id: JobId, ticket: str | None, cookie: str | None) -> Principal:
    """Returns the user of the ticket or, where it has expired or there is none, of the session cookie.

    Raises InvalidStreamTicket, InvalidAccessToken or NotAuthenticated.
    """
    if ticket is not None:
        try:
            return read_stream_ticket(settings, ticket, job_id)
        except InvalidStreamTicket:
            if cookie is None:
                raise
    if cookie is None:
        raise NotAuthenticated
    return read_access_token(settings, cookie)


def _seen_version(last_event_id: str | None) -> int:
    """Returns the version in a Last-Event-ID header, 0 if there is none."""
    text = last_event_id or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
