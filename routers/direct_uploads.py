"""Recordings that browsers send directly to the object store."""

from functools import partial
from typing import Annotated, Any, Self
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from container import Container
from core.errors import (
    AudioEmpty,
    AudioTooLarge,
    AudioTooLong,
    AudioTypeUnsupported,
    AudioUndecodable,
    DatabaseUnavailable,
    DirectUploadsOff,
    GuestLimitReached,
    IdempotencyKeyReused,
    InvalidAccessToken,
    JobNotFound,
    MalformedRequest,
    NotAuthenticated,
    SpoolFull,
    SpoolUnavailable,
    StorageQuotaExceeded,
    StorageUnavailable,
    TokenNotFound,
    TooManyJobs,
    TooManyUploads,
    UploadMissing,
    UploadNotFound,
)
from core.settings import MAX_AUDIO_BYTES
from dependencies import (
    ContainerDep,
    JobId,
    OptionalPrincipal,
    PathId,
    RateLimitedRoute,
    counted_uploader,
    refuse_null_body,
)
from routers.shared.accepted_uploads import LOCATION, IdempotencyKey, UploadAccepted, accepted_response
from routers.shared.problems import problem_responses
from routers.shared.recorded_words import RecordedWordsDep
from schemas import RequestBody
from services.direct_uploads import Offer
from services.quotas import UploadRequest

router = APIRouter(prefix="/tokens/{token_id}/uploads", tags=["recordings"], route_class=RateLimitedRoute)
_refusals = (
    NotAuthenticated,
    InvalidAccessToken,
    TokenNotFound,
    GuestLimitReached,
    IdempotencyKeyReused,
    StorageQuotaExceeded,
    AudioEmpty,
    AudioTooLarge,
    MalformedRequest,
    TooManyUploads,
    TooManyJobs,
    DatabaseUnavailable,
)


# These bounds only document: sizes outside of them have errors of their own, audio_empty and audio_too_large.
_SIZE: dict[str, Any] = {"minimum": 1, "maximum": MAX_AUDIO_BYTES, "examples": [48_213]}


class UploadOfferRequest(RequestBody):
    """The size of a recording before it is sent, and the way to send it."""

    size: Annotated[int, Field(ge=0, json_schema_extra=_SIZE)] | None = Field(
        default=None, description="Bytes; a size over the limit is refused at once"
    )
    in_parts: bool = Field(default=False, description="Each part can be retried separately; requires `size`")

    @model_validator(mode="after")
    def _parts_have_a_size(self) -> Self:
        if self.in_parts and self.size is None:
            raise PydanticCustomError("parts_need_size", "in_parts needs size")
        return self

    model_config = ConfigDict(json_schema_extra={"examples": [{"size": 48_213}]})


class UploadPart(BaseModel):
    """One part: PUT the next `size` bytes to `url`, and keep the `ETag` of the response."""

    url: str
    size: int


class UploadOffer(BaseModel):
    """Permission to send one recording to the store.

    Send a form to `url`: `fields` first, then the file in a field named `file`. If parts were requested, send `parts`.
    """

    job_id: UUID
    url: str | None
    fields: dict[str, str]
    parts: list[UploadPart]
    expires_in: int = Field(description="Lifetime of the form and of `complete_url`, in seconds")
    max_bytes: int = Field(description="The announced size; without one, as much as the quota leaves")
    complete_url: str = Field(description="POST here after the upload; valid for this recording and its owner only")


class UploadedParts(RequestBody):
    """The `ETag` that the store returned for each part, in order."""

    etags: list[str] = Field(max_length=100)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"etags": ['"792f3c3a10124cac283b04d6193ab502"']}]},
    )


@router.post(
    "",
    status_code=201,
    summary="Start an upload directly to the store",
    responses=problem_responses(*_refusals, DirectUploadsOff, StorageUnavailable),
)
async def create_upload(
    request: Request,
    container: ContainerDep,
    principal: OptionalPrincipal,
    token_id: PathId,
    words: RecordedWordsDep,
    body: Annotated[UploadOfferRequest | None, Body()] = None,
    idempotency_key: IdempotencyKey = None,
) -> UploadOffer:
    """Returns a signed form: POST its `fields` and then the file, in a field named `file`, to `url`.

    A large recording can be sent in parts (`in_parts`): PUT each of `parts` to its `url`, and send the returned
    `ETag`s to `complete_url`. In both cases, POST to `complete_url` afterwards: it checks the recording and responds
    like `upload-audio`. Before that, nothing is stored permanently. If the store is unreachable, send the recording to
    `upload-audio` with the same Idempotency-Key.
    """
    if principal is None:
        raise NotAuthenticated
    await container.rate_limiter.require("upload", counted_uploader(request, principal))
    if body is None:
        await refuse_null_body(request)
    wanted = body or UploadOfferRequest()
    container.uploads.require(wanted.size)
    upload = UploadRequest(principal, token_id, idempotency_key, wanted.size or 0, words=words)
    offer = await _offer(container, upload, in_parts=wanted.in_parts)
    return UploadOffer(
        job_id=offer.job_id,
        url=offer.post.url if offer.post else None,
        fields=offer.post.fields if offer.post else {},
        parts=[UploadPart(url=part.url, size=part.size) for part in offer.parts],
        expires_in=container.settings.upload_ttl_s,
        max_bytes=offer.max_bytes,
        complete_url=f"/api/tokens/{token_id}/uploads/{offer.job_id}/complete?ticket={offer.ticket}",
    )


@router.post(
    "/{job_id}/complete",
    status_code=202,
    summary="Complete an upload",
    responses={
        202: LOCATION,
        **problem_responses(
            *_refusals,
            JobNotFound,
            UploadNotFound,
            UploadMissing,
            AudioTypeUnsupported,
            AudioTooLong,
            AudioUndecodable,
            SpoolFull,
            SpoolUnavailable,
            StorageUnavailable,
        ),
    },
)
async def complete_upload(
    request: Request,
    response: Response,
    background: BackgroundTasks,
    container: ContainerDep,
    principal: OptionalPrincipal,
    token_id: PathId,
    job_id: JobId,
    body: Annotated[UploadedParts | None, Body()] = None,
    ticket: Annotated[
        str, Query(max_length=2048, description="From `complete_url`", examples=["eyJhbGciOiJIUzI1NiIs…"])
    ] = "",
) -> UploadAccepted:
    """Creates a job from an uploaded recording. After a 202 response, the recording is stored durably.

    Completing an upload twice returns the same job. A refused recording is deleted at once.
    """
    if principal is None:
        raise NotAuthenticated
    await container.rate_limiter.require("completion", counted_uploader(request, principal))
    if body is None:
        await refuse_null_body(request)
    etags = body.etags if body else ()
    work = partial(container.uploads.complete, principal, token_id, job_id, ticket, etags)
    job = await to_thread.run_sync(work, limiter=container.limits.uploads)
    return accepted_response(container, principal, job, response, background)


async def _offer(container: Container, upload: UploadRequest, *, in_parts: bool) -> Offer:
    if not in_parts and (signed := await container.offer_batcher.submit(upload)):
        return signed
    work = container.uploads.offer_parts if in_parts else container.uploads.offer_alone
    return await to_thread.run_sync(work, upload, limiter=container.limits.uploads)
