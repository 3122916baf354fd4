"""A learner's recording that goes straight to the store."""

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Body, Query, Response

from core.errors import (
    AudioEmpty,
    AudioTooLarge,
    AudioTooLong,
    AudioTypeUnsupported,
    AudioUndecodable,
    DatabaseUnavailable,
    DirectUploadsOff,
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
from dependencies import Bearer, ContainerDep, CountedRoute, JobId, PathId
from routers.shared.problems import problem_responses
from routers.user_audio import LOCATION, IdempotencyKey, answer_accepted
from schemas import UploadAccepted, UploadedParts, UploadOffer, UploadPart, UploadWish
from services.quotas import UploadRequest

router = APIRouter(prefix="/tokens/{token_id}/uploads", tags=["recordings"], route_class=CountedRoute)
_refusals = (
    NotAuthenticated,
    InvalidAccessToken,
    TokenNotFound,
    IdempotencyKeyReused,
    StorageQuotaExceeded,
    AudioEmpty,
    AudioTooLarge,
    MalformedRequest,
    TooManyUploads,
    TooManyJobs,
    DatabaseUnavailable,
)


@router.post(
    "",
    status_code=201,
    summary="Begin an upload straight to the store",
    responses=problem_responses(*_refusals, DirectUploadsOff, StorageUnavailable),
)
async def create_upload(
    container: ContainerDep,
    principal: Bearer,
    token_id: PathId,
    body: Annotated[UploadWish | None, Body()] = None,
    idempotency_key: IdempotencyKey = None,
) -> UploadOffer:
    """Answers a signed form: POST its `fields` and then the file, in a field named `file`, to `url`.

    A large recording can go in parts (`in_parts`): PUT each of `parts` where it says, and give the `ETag`s that come
    back to `complete_url`. In both cases POST to `complete_url` in the end, which checks the recording and answers as
    `upload-audio` does. Until then nothing is kept. Where the store cannot be reached, send the recording to
    `upload-audio` under the same Idempotency-Key.
    """
    if principal is None:
        raise NotAuthenticated
    await container.rate_limits.require("upload", str(principal.user_id))
    asked = body or UploadWish()
    container.uploads.require(asked.size)
    upload = UploadRequest(principal, token_id, idempotency_key, asked.size or 0)
    if asked.in_parts and asked.size:  # the store is asked
        offer = await to_thread.run_sync(container.uploads.offer_parts, upload, limiter=container.limits.uploads)
    else:
        offer = await container.offer_batcher.submit(upload)
    return UploadOffer(
        job_id=offer.job_id,
        url=offer.post.url if offer.post else None,
        fields=offer.post.fields if offer.post else {},
        parts=[UploadPart(url=part.url, size=part.size) for part in offer.parts],
        expires_in=container.settings.upload_ttl_s,
        max_bytes=MAX_AUDIO_BYTES,
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
    response: Response,
    background: BackgroundTasks,
    container: ContainerDep,
    principal: Bearer,
    token_id: PathId,
    job_id: JobId,
    body: Annotated[UploadedParts | None, Body()] = None,
    ticket: Annotated[str, Query(max_length=2048, description="From `complete_url`")] = "",
) -> UploadAccepted:
    """Makes a job of the recording that the store has been sent. Once this answers 202, it is safe.

    Completing it twice gives the same job. A recording that is refused is deleted at once.
    """
    if principal is None:
        raise NotAuthenticated
    await container.rate_limits.require("completion", str(principal.user_id))
    etags = body.etags if body else ()
    work = partial(container.uploads.complete, principal, token_id, job_id, ticket, etags)
    job = await to_thread.run_sync(work, limiter=container.limits.uploads)
    return answer_accepted(container, principal, job, response, background)
