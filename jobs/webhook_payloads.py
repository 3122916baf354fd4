"""Bodies of the analysis server's webhooks. Only the signature is trusted, so every field is bounded."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from core.field_types import STORABLE, JsonObject, Word
from schemas import ReportedScores


class ReportedError(BaseModel):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,60}$")] = "analysis_failed"
    message: Annotated[str, StringConstraints(max_length=2000)] = ""


class ReportedResult(ReportedScores):
    """Result of an analysis; other keys are ignored."""

    detailed_feedback: JsonObject | None = None
    engine: JsonObject | None = None
    audio: JsonObject | None = None


class AnalysisReport(BaseModel):
    """A webhook of the analysis server. Without `type`, a body with a result counts as completed."""

    type: Literal["analysis.progress", "analysis.completed", "analysis.failed"] = "analysis.completed"
    job_id: UUID
    progress: int | None = Field(default=None, ge=0, le=100)
    stage: Annotated[Word, StringConstraints(pattern=r"^[a-z0-9_.-]+$")] | None = None
    message: Annotated[str, StringConstraints(max_length=2000), STORABLE] | None = None
    result: ReportedResult | None = None
    error: ReportedError | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "analysis.progress",
                    "job_id": "0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10",
                    "progress": 65,
                    "stage": "pronunciation",
                },
                {
                    "job_id": "0b1f6d1e-3c1c-4a53-9a5a-6c2a9f1f7f10",
                    "result": {"attempt_class": "scored", "pronunciation_score": 91.5, "overall_score": 88.0},
                },
            ]
        }
    )

    @model_validator(mode="after")
    def _complete(self) -> "AnalysisReport":
        if self.type == "analysis.completed" and self.result is None:
            raise PydanticCustomError("result_missing", "a completed analysis needs a result")
        if self.type == "analysis.progress" and self.progress is None:
            raise PydanticCustomError("progress_missing", "progress needs a value")
        return self


class WebhookTaken(BaseModel):
    taken: Literal[True] = True
    changed: bool = Field(description="False for a duplicate, a late or an out-of-order report")
