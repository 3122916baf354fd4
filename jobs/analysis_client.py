"""Client of the analysis server: hands over jobs, reads their state, requests the features of reference audio."""

import json
import time
import uuid
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx

from common.webhook_signatures import TOLERANCE_S
from core.security import sign_request
from core.settings import Settings

MAX_RESPONSE_BYTES = 4 * 1024 * 1024
LAST_PRIORITY = 9
# The longest time between a signature and the Date of the answer that refuses it.
_ANSWER_S = 15.0
# Pause after a full queue that sends no Retry-After.
DEFAULT_FULL_RETRY_S = 5.0

Cause = Literal["unreachable", "no_answer", "not_ready", "time_differs", "secret_differs", "unexpected_answer"]


class AnalysisUnavailable(Exception):
    """The analysis server is unreachable or full, or its response cannot be read: try again later."""

    def __init__(self, reason: str, retry_after_s: float | None = None, cause: Cause = "unexpected_answer") -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s
        self.cause = cause


class AnalysisFull(AnalysisUnavailable):
    """The analysis server has no room for another job now."""

    def __init__(self, retry_after_s: float | None = None) -> None:
        super().__init__("its queue is full", retry_after_s or DEFAULT_FULL_RETRY_S, "not_ready")


class AnalysisRejected(Exception):
    """The analysis server rejects this request permanently; `code` is its reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class JobUnknown(Exception):
    """The analysis server does not know the job (any more)."""


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """The text of a line and the URL of its reference audio, as the analysis server needs them.

    `spoken_form` is what readers are expected to say where an administrator has corrected it; `words` are the places of
    the first and the last word where a recording holds only a part of the line.
    """

    token_id: int
    text: str
    language: str
    audio_url: str | None
    spoken_form: str | None = None
    words: dict[str, int] | None = None

    def fields(self) -> dict[str, Any]:
        """Returns the text, its language and, only where there is one, its spoken form, as request fields."""
        corrected = {} if self.spoken_form is None else {"spoken_form": self.spoken_form}
        return {"text": self.text, "language": self.language, **corrected}


class AnalysisClient:
    """Sends signed requests, with time-outs, to TARGET_SERVER_URL only; follows no redirects. Blocks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = httpx.Client(
            base_url=settings.target_server_url,
            timeout=httpx.Timeout(10.0, connect=3.0),
            follow_redirects=False,
            trust_env=False,
        )

    def analyze(self, job_id: uuid.UUID, recording_url: str, line: ReferenceLine, priority: int) -> None:
        """Hands over a job; idempotent for one job id. Priority 0 is analysed first and LAST_PRIORITY last, if the
        server supports priorities.
        """
        body = {
            "job_id": str(job_id),
            "audio_url": recording_url,
            "reference_audio_url": line.audio_url,
            **line.fields(),
            **({} if line.words is None else {"words": line.words}),
            "token_id": line.token_id,
            "reference_features_url": None,
            "webhook_url": self._settings.webhook_url,
            "priority": priority,
        }
        self._post("/analyze", body, message_id=f"{job_id}.{uuid.uuid4().hex[:8]}")

    def state(self, job_id: uuid.UUID) -> dict[str, Any]:
        """Returns the state of a job; once it has finished, the body of its last webhook. Raises JobUnknown."""
        return self._send("GET", f"/analyze/{job_id}", b"", message_id=uuid.uuid4().hex)

    def features(self, line: ReferenceLine) -> dict[str, Any]:
        """Returns pitch, energy and word times of a line's reference audio."""
        body = {"audio_url": line.audio_url, **line.fields()}
        return self._post("/features", body, message_id=uuid.uuid4().hex, read_timeout_s=60.0)

    def check(self) -> None:
        """Raises AnalysisUnavailable when the server is not ready to take jobs, or refuses our signatures."""
        try:
            self._send("GET", "/health/ready", b"", message_id=uuid.uuid4().hex)
        except (JobUnknown, AnalysisRejected) as error:
            raise AnalysisUnavailable("it has no /health/ready") from error
        # Its health is public: only a request that needs a signature shows whether it would take a job.
        try:
            self.state(uuid.uuid4())
        except JobUnknown:
            return
        except AnalysisRejected as error:
            raise AnalysisUnavailable(f"it refuses a question about a job: {error}") from error

    def close(self) -> None:
        self._http.close()

    def _post(self, path: str, body: dict[str, Any], message_id: str, read_timeout_s: float = 10.0) -> dict[str, Any]:
        return self._send("POST", path, json.dumps(body).encode(), message_id, read_timeout_s)

    def _send(
        self, method: str, path: str, body: bytes, message_id: str, read_timeout_s: float = 10.0
    ) -> dict[str, Any]:
        signature = sign_request(self._settings, message_id, body, method, path)
        headers = {"Content-Type": "application/json", **signature}
        timeout = httpx.Timeout(10.0, connect=3.0, read=read_timeout_s)
        try:
            response = self._http.request(method, path, content=body, headers=headers, timeout=timeout)
        except httpx.HTTPError as error:
            cause: Cause = "no_answer" if isinstance(error, httpx.TimeoutException) else "unreachable"
            raise AnalysisUnavailable(type(error).__name__, cause=cause) from error
        return _parse_response(response)


def _parse_response(response: httpx.Response) -> dict[str, Any]:
    if response.status_code == 404:
        raise JobUnknown
    if response.status_code in (400, 413, 415, 422):
        raise AnalysisRejected(_problem_code(response))
    if not response.is_success:
        retry_after = response.headers.get("retry-after", "")
        retry_after_s = float(retry_after) if retry_after.isdecimal() else None
        if response.status_code == 429:
            raise AnalysisFull(retry_after_s)
        if response.status_code == 401:
            raise _signature_refused(response)
        cause: Cause = "not_ready" if response.status_code == 503 else "unexpected_answer"
        raise AnalysisUnavailable(f"HTTP {response.status_code}", retry_after_s, cause)
    if len(response.content) > MAX_RESPONSE_BYTES:
        raise AnalysisUnavailable("response too large")
    try:
        body = response.json()
    except (ValueError, RecursionError) as error:
        raise AnalysisUnavailable("response is not JSON") from error
    return body if isinstance(body, dict) else {}


def _signature_refused(response: httpx.Response) -> AnalysisUnavailable:
    """Tells a wrong time from a wrong secret by the time at which the server answered."""
    try:
        ahead_s = time.time() - parsedate_to_datetime(response.headers["date"]).timestamp()
    except (KeyError, ValueError):
        ahead_s = 0.0
    if abs(ahead_s) > TOLERANCE_S - _ANSWER_S:
        reason = f"it refuses our signature: our time is {ahead_s:+.0f} s from its time"
        return AnalysisUnavailable(reason, cause="time_differs")
    return AnalysisUnavailable("it refuses our signature: WEBHOOK_SECRET differs", cause="secret_differs")


def _problem_code(response: httpx.Response) -> str:
    try:
        code = response.json()["code"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return "analysis_rejected"
    return code if isinstance(code, str) and len(code) <= 60 else "analysis_rejected"
