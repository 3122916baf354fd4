"""Requests, responses and webhooks of the HTTP interface. `python -m analysis.contract` writes the result's schema."""

import json
import sys
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from analysis.engine.languages.registry import DEFAULT_TAG, TAG_PATTERN
from analysis.engine.result import SCHEMA_VERSION, AnalysisResult

HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]", max_length=4096)]
MAX_TEXT_LENGTH: Final = 1000
LineText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT_LENGTH)]
_SPOKEN_FORM: Final = "what readers are expected to say, in words; absent: the usual readings of the text"
LearnedLanguage = Annotated[str, StringConstraints(pattern=TAG_PATTERN)]
RESULT_SCHEMA_FILE: Final = Path(__file__).parent.parent / "docs" / "result.schema.json"
HealthStatus = Literal["ok", "ready", "starting", "busy", "queue_away", "stopping"]
JobStatus = Literal["queued", "processing", "completed", "failed"]
TerminalWebhook = Literal["analysis.completed", "analysis.failed"]
WebhookType = Literal["analysis.progress", TerminalWebhook]


class RecordedWords(BaseModel):
    """The first and the last word of a line that a recording holds, as places in `words` of its result, from 0."""

    first: int = Field(ge=0, examples=[2])
    last: int = Field(ge=0, examples=[4])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("words_reversed", "last must not be before first")
        return self


class AnalyzeRequest(BaseModel):
    """One recording to analyze. Unknown fields are ignored, so that callers may be newer than this server."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "job_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                    "audio_url": "https://store.example/recordings/1.webm?signature=…",
                    "reference_audio_url": "https://store.example/lines/12.mp3?signature=…",
                    "text": "Ask not what your country can do for you.",
                    "language": DEFAULT_TAG,
                    "token_id": 12,
                    "reference_features_url": None,
                    "webhook_url": "https://api.example/api/tokens/webhook/analysis-complete",
                    "priority": 0,
                }
            ]
        }
    )

    job_id: UUID
    audio_url: HttpUrl
    reference_audio_url: HttpUrl | None = None
    text: LineText
    spoken_form: LineText | None = Field(default=None, description=_SPOKEN_FORM)
    language: LearnedLanguage = DEFAULT_TAG
    words: RecordedWords | None = Field(default=None, description="absent or null: the whole line")
    token_id: int | None = None
    reference_features_url: HttpUrl | None = None
    webhook_url: HttpUrl
    priority: int = Field(default=0, ge=0, le=9, description="among waiting jobs, 0 runs first and 9 last")


class FeaturesRequest(BaseModel):
    """One reference recording whose features are to be computed."""

    audio_url: HttpUrl
    text: LineText
    spoken_form: LineText | None = Field(default=None, description=_SPOKEN_FORM)
    language: LearnedLanguage = DEFAULT_TAG


class Accepted(BaseModel):
    """The job is in the queue, or was already."""

    job_id: UUID
    accepted: Literal[True] = True


class Failure(BaseModel):
    """The reason of a failed job: a code of `analysis.failures`, and its message in English."""

    code: str
    message: str


class WebhookBody(BaseModel):
    """The body posted to `webhook_url`: progress once and in order, the terminal one until it is accepted (2xx)."""

    type: WebhookType
    job_id: UUID
    progress: int = Field(ge=0, le=100)
    stage: str
    message: str
    result: AnalysisResult | None = None
    error: Failure | None = None


class JobState(BaseModel):
    """The present state of a job; after its end with the body of its terminal webhook."""

    job_id: UUID
    status: JobStatus
    progress: int = Field(ge=0, le=100)
    stage: str
    message: str
    type: TerminalWebhook | None = None
    result: AnalysisResult | None = None
    error: Failure | None = None


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, str]] | None = None


class Health(BaseModel):
    """The state of the server; `workers` counts engine processes."""

    status: HealthStatus
    workers_ready: int
    workers: int
    queued: int
    queue_size: int


def result_schema() -> str:
    """Returns the JSON Schema of a result; its $id carries the version that results have in `schema_version`."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:yousync:analysis-result:{SCHEMA_VERSION}",
        **AnalysisResult.model_json_schema(mode="serialization"),
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    RESULT_SCHEMA_FILE.write_text(result_schema(), encoding="utf-8")
    sys.stdout.write(f"wrote docs/{RESULT_SCHEMA_FILE.name}\n")
