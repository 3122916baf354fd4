"""An analysis server that completes each job at once, or holds it until `release`, and keeps what it was sent."""

import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx

from common.webhook_signatures import Signer, target_of

SCORE = 77.0
RESULT: dict[str, Any] = {"attempt_class": "scored", "overall_score": SCORE, "detailed_feedback": {"words": []}}


@dataclass(frozen=True)
class Handover:
    """One `POST /analyze` as it arrived."""

    headers: Mapping[str, str]
    body: str

    @property
    def job(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


class StandIn:
    """The server; `holds` decides whether jobs that arrive now are completed."""

    def __init__(self, secret: str) -> None:
        self.holds = False
        self.handovers: dict[str, Handover] = {}
        self._signer = Signer([secret])
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                if self.path != "/analyze":
                    return self._answer(404, {"code": "not_found"})
                headers = {name.lower(): value for name, value in self.headers.items()}
                job_id = stand_in.take(Handover(headers, body))
                self._answer(202, {"job_id": job_id, "accepted": True})

            def do_GET(self) -> None:
                is_known = self.path.startswith("/health/")
                self._answer(200 if is_known else 404, {"status": "ready"} if is_known else {"code": "job_not_found"})

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "StandIn":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, handover: Handover) -> str:
        """Keeps a hand-over; completes the job soon unless it is to be held. Returns the job's id."""
        job_id = str(handover.job["job_id"])
        is_new = job_id not in self.handovers
        self.handovers[job_id] = handover
        if is_new and not self.holds:
            threading.Timer(0.3, self.release, [job_id]).start()
        return job_id

    def release(self, job_id: str) -> None:
        """Reports progress and then the end of a job."""
        self.report(job_id, {"type": "analysis.progress", "progress": 60, "stage": "pronunciation"})
        self.report(job_id, {"type": "analysis.completed", "result": RESULT})

    def report(self, job_id: str, body: dict[str, Any]) -> None:
        """Sends one webhook."""
        url = str(self.handovers[job_id].job["webhook_url"])
        content = json.dumps({"job_id": job_id, **body}).encode()
        signature = self._signer.headers(f"msg_{uuid.uuid4().hex}", content, target_of("POST", urlsplit(url).path))
        headers = {"content-type": "application/json", **signature}
        httpx.post(url, content=content, headers=headers, timeout=30, trust_env=False).raise_for_status()
