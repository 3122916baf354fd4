"""How far one job is, what is told of it, and its way to the end: the same in one process and on many machines."""

import json
import logging
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from analysis.contract import AnalyzeRequest, JobStatus
from analysis.failures import RETRYABLE, AnalysisFailedError
from analysis.processes.pipeline import Pipeline
from analysis.processes.pool import PoolClosedError
from analysis.telemetry.tracing import JobTrace

log = logging.getLogger(__name__)

_MESSAGES: Final = {
    "queued": "Waiting for a free place.",
    "decoding": "Opening the recording.",
    "checking": "Checking the recording.",
    "pronunciation": "Listening to each sound.",
    "alignment": "Finding each word.",
    "prosody": "Following pitch and energy.",
    "scoring": "Putting the scores together.",
    "completed": "The analysis is complete.",
    "failed": "The analysis failed.",
}


@dataclass
class Job:
    """One job. `body` is the terminal webhook, compressed; it is also the answer to GET."""

    job_id: UUID
    status: JobStatus = "queued"
    stage: str = "queued"
    progress: int = 0
    error_code: str | None = None
    body: bytes | None = None

    @property
    def may_run_again(self) -> bool:
        """It failed for a reason that may have passed."""
        return self.status == "failed" and self.error_code in RETRYABLE

    def state(self) -> bytes:
        """The job as JSON (contract.JobState)."""
        if self.body is not None:
            body: bytes = zlib.decompress(self.body)
            return b'{"status":"%s",' % self.status.encode() + body[1:]
        return _dump(
            job_id=str(self.job_id),
            status=self.status,
            progress=self.progress,
            stage=self.stage,
            message=_MESSAGES[self.stage],
        )

    async def run(self, request: AnalyzeRequest, pipeline: Pipeline, report: Callable[[bytes], None]) -> bytes:
        """Takes the job to its end; the terminal webhook. `report` is given those before. Raises PoolClosedError."""
        trace = JobTrace(self.job_id)

        def advance(stage: str, progress: int) -> None:
            if progress > self.progress:
                trace.enter(stage)
                self.status, self.stage, self.progress = "processing", stage, progress
                news = {"progress": progress, "stage": stage, "message": _MESSAGES[stage]}
                report(_dump(type="analysis.progress", job_id=str(self.job_id), **news))

        try:
            with trace.running():
                result = await pipeline.analyze(request, advance)
        except AnalysisFailedError as error:
            return self._fail(error)
        except PoolClosedError:
            raise
        except Exception:
            log.exception("job %s failed in an unforeseen way", self.job_id)
            return self._fail(AnalysisFailedError("analysis_crashed"))
        return self._complete(result)

    def _complete(self, result: bytes) -> bytes:
        head = _dump(
            type="analysis.completed",
            job_id=str(self.job_id),
            progress=100,
            stage="completed",
            message=_MESSAGES["completed"],
        )
        return self._end("completed", head[:-1] + b',"result":' + result + b"}")

    def _fail(self, error: AnalysisFailedError) -> bytes:
        log.warning("job %s failed: %s", self.job_id, error.code)
        self.error_code = error.code
        body = _dump(
            type="analysis.failed",
            job_id=str(self.job_id),
            progress=self.progress,
            stage="failed",
            message=error.message,
            error={"code": error.code, "message": error.message},
        )
        return self._end("failed", body)

    def _end(self, status: JobStatus, body: bytes) -> bytes:
        self.status = self.stage = status
        self.body = zlib.compress(body)
        return body


def _dump(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()
