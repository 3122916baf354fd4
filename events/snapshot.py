"""The state of a job that listeners receive."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.i18n import Language, error_text, stage_text


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The visible state of a job; `version` grows by one with each change."""

    job_id: UUID
    version: int
    status: str
    stage: str
    progress: int
    message: str | None = None
    error_code: str | None = None
    result: dict[str, Any] | None = None

    @property
    def is_terminal(self) -> bool:
        return self.status != "processing"

    def as_event(self, language: Language) -> bytes:
        """Returns one server-sent event of the default type."""
        data: dict[str, Any] = {
            "job_id": str(self.job_id),
            "status": self.status,
            "stage": self.stage,
            "progress": self.progress,
            "message": stage_text(self.stage, self.message, language),
        }
        if self.error_code:
            data["error"] = {"code": self.error_code, "message": error_text(self.error_code, language)}
        if self.result is not None:
            data["result"] = self.result
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.version}\ndata: {text}\n\n".encode()
