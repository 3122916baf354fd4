"""The response to an accepted recording, for uploads through this server and directly to the store."""

from typing import Annotated
from uuid import UUID

from fastapi import BackgroundTasks, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from container import Container
from core.field_types import Status
from core.security import Principal, make_stream_ticket
from core.telemetry.tracing import note_job
from services.quotas import AcceptedJob
from tasks.sweeper import follow_up

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="The same key returns the same job",
        examples=["5f0c1d0e-9a7b-4c7d-8a52-c0f2a1b3d4e5"],
    ),
]
LOCATION = {
    "headers": {"Location": {"description": "result_url", "schema": {"type": "string", "format": "uri-reference"}}}
}


class UploadAccepted(BaseModel):
    """The job of an accepted recording."""

    job_id: UUID
    status: Status
    progress_url: str = Field(description="Event stream; contains a ticket for this job, valid for 60 s")
    result_url: str

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "job_id": "0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10",
                    "status": "processing",
                    "progress_url": "/api/tokens/analysis-progress/0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10?ticket=eyJ…",
                    "result_url": "/api/tokens/analysis-result/0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10",
                }
            ]
        }
    )


def accepted_response(
    container: Container, principal: Principal, job: AcceptedJob, response: Response, background: BackgroundTasks
) -> UploadAccepted:
    """Returns the body for an accepted recording; schedules the analysis of a new job after the response."""
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
