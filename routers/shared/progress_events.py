"""Documents the progress stream in the OpenAPI document; events/ writes the events themselves."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core.field_types import Status
from schemas import JobError

# One server-sent event, as a schema for `text/event-stream`.
EVENT_SCHEMA = {
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


class ProgressEvent(BaseModel):
    """The `data` of one server-sent event: always the complete state of the job."""

    job_id: UUID
    status: Status
    stage: str
    progress: int
    message: str | None
    result: dict[str, Any] | None = None
    error: JobError | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "job_id": "0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10",
                    "status": "processing",
                    "stage": "pronunciation",
                    "progress": 65,
                    "message": "Listening to your pronunciation",
                }
            ]
        }
    )
