"""Documents the progress stream in the OpenAPI document; events/ writes the events themselves."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core.field_types import Status
from schemas import JobError

_EVENT = {"$ref": "#/components/schemas/ProgressEvent"}
# The schema of `text/event-stream` says what `data` of each event holds, as generators of clients expect. `anyOf` adds
# nothing to `allOf` for a validator: hey-api reads `allOf` and types each event as ProgressEvent, while
# openapi-python-client, which cannot read streams, reads `anyOf` and returns the text instead of failing on it.
EVENT_SCHEMA = {"allOf": [_EVENT], "anyOf": [_EVENT, {"type": "string"}]}


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
