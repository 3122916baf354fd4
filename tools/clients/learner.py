"""A learner of the service under test, as the harness itself speaks to it."""

import time
import uuid
from typing import Any

import httpx

from tools.clients.toolbox import ClientFailed

JOB_TIMEOUT_S = 60.0


def new_email() -> str:
    return f"{uuid.uuid4().hex}@yousync.test"


class Learner:
    """Signed in for development, with the id of a line that has audio."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=60, trust_env=False, headers={"Accept-Language": "en"})
        session = self._http.post("/api/auth/dev", json={"email": new_email()}).raise_for_status().json()
        self._http.cookies.clear()
        self.token: str = session["access_token"]
        self._http.headers["Authorization"] = f"Bearer {self.token}"

    def line(self) -> int:
        """Returns the id of a line that has reference audio."""
        lines = self._http.get("/api/tokens").raise_for_status().json()["items"]
        return int(next(line["id"] for line in lines if line["has_audio"]))

    def upload(self, line: int, audio: bytes) -> dict[str, Any]:
        """Returns the accepted job."""
        answer = self._http.post(f"/api/tokens/{line}/upload-audio", files={"audio_file": ("take.wav", audio)})
        return dict(answer.raise_for_status().json())

    def result(self, job_id: str) -> dict[str, Any]:
        return dict(self._http.get(f"/api/tokens/analysis-result/{job_id}").raise_for_status().json())

    def document(self) -> dict[str, Any]:
        """Returns the OpenAPI document."""
        return dict(self._http.get("/openapi.json").raise_for_status().json())


def require_completed(url: str, accepted: dict[str, Any]) -> None:
    """Waits for the end of a job. `accepted` is the answer to the upload with the access token of its owner."""
    headers, give_up_at = {"Authorization": f"Bearer {accepted['access_token']}"}, time.monotonic() + JOB_TIMEOUT_S
    address = f"{url}/api/tokens/analysis-result/{accepted['job_id']}"
    while True:
        result = httpx.get(address, headers=headers, timeout=60, trust_env=False).raise_for_status().json()
        if result["status"] == "completed":
            return
        if result["status"] == "failed" or time.monotonic() > give_up_at:
            raise ClientFailed(f"the job is {result['status']} at {result['stage']}: {result['error']}")
        time.sleep(0.2)
