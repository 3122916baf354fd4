"""One job: its state, the webhooks it produces, and its run. Independent of the queue that it comes from."""

import json
import logging
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from analysis.contract import AnalyzeRequest, JobStatus, WebhookType
from analysis.failures import RETRYABLE, AnalysisFailedError, FailureCode
from analysis.processes.pipeline import Pipeline
from analysis.processes.pool import PoolClosedError
from analysis.stages import MESSAGES, STARTS_AT, Stage
from analysis.telemetry.tracing import JobTrace

log = logging.getLogger(__name__)


@dataclass
class Job:
    """The state of one job. `body` is the terminal webhook, compressed; GET returns it, too."""

    job_id: UUID
    status: JobStatus = "queued"
    stage: Stage = Stage.QUEUED
    progress: int = 0
    error_code: str | None = None
    body: bytes | None = None

    @property
    def may_run_again(self) -> bool:
        """True when it failed for a reason that may have passed."""
        return self.status == "failed" and self.error_code in RETRYABLE

    def state(self) -> bytes:
        """Returns the job as JSON (contract.JobState)."""
        if self.body is not None:
            body: bytes = zlib.decompress(self.body)
            return b'{"status":"%s",' % self.status.encode() + body[1:]
        return _dump(
            job_id=str(self.job_id),
            status=self.status,
            progress=self.progress,
            stage=self.stage,
            message=MESSAGES[self.stage],
        )

    async def run(self, request: AnalyzeRequest, pipeline: Pipeline, send_progress: Callable[[bytes], None]) -> bytes:
        """Runs the job to its end and returns the body of the terminal webhook.

        `send_progress` gets the bodies of the webhooks before that. Raises PoolClosedError.
        """
        trace = JobTrace(self.job_id)

        def advance(stage: Stage) -> None:
            if STARTS_AT[stage] > self.progress:
                trace.enter(stage)
                send_progress(self._advance(stage))

        try:
            with trace.running():
                result = await pipeline.analyze(request, advance)
        except AnalysisFailedError as error:
            return self._fail(error)
        except PoolClosedError:
            raise
        except Exception:
            log.exception("job %s failed unexpectedly", self.job_id)
            return self._fail(AnalysisFailedError(FailureCode.ANALYSIS_CRASHED))
        return self._complete(result)

    def _advance(self, stage: Stage) -> bytes:
        self.status, self.stage, self.progress = "processing", stage, STARTS_AT[stage]
        return self._webhook("analysis.progress", stage, self.progress, MESSAGES[stage])

    def _complete(self, result: bytes) -> bytes:
        head = self._webhook("analysis.completed", Stage.COMPLETED, 100, MESSAGES[Stage.COMPLETED])
        return self._end("completed", Stage.COMPLETED, head[:-1] + b',"result":' + result + b"}")

    def _fail(self, error: AnalysisFailedError) -> bytes:
        log.warning("job %s failed: %s", self.job_id, error.code)
        self.error_code = error.code
        reason = {"code": error.code, "message": error.message}
        body = self._webhook("analysis.failed", Stage.FAILED, self.progress, error.message, error=reason)
        return self._end("failed", Stage.FAILED, body)

    def _webhook(self, type_: WebhookType, stage: Stage, progress: int, message: str, **more: object) -> bytes:
        """Returns the body of a webhook (contract.WebhookBody)."""
        return _dump(type=type_, job_id=str(self.job_id), progress=progress, stage=stage, message=message, **more)

    def _end(self, status: JobStatus, stage: Stage, body: bytes) -> bytes:
        self.status, self.stage = status, stage
        self.body = zlib.compress(body)
        return body


def _dump(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()
