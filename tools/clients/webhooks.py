"""The Standard Webhooks packages of Python and Node.js on both directions of the service's signed requests."""

import json
import uuid
from urllib.parse import urlsplit

import httpx

from tools.clients.learner import Learner
from tools.clients.raw_requests import RAW_CLIENTS, send
from tools.clients.stand_in import RESULT, StandIn
from tools.clients.streams import environment, require_hold
from tools.clients.toolbox import ClientFailed, Toolbox, run

PROGRAMS = {"Python": "webhooks.py", "Node.js": "webhooks.mjs"}
_OTHER_SECRET = "whsec_b3RoZXItc2VjcmV0LW9mLXRoZS15b3VzeW5jLXRlc3Qtc3VpdGU="  # noqa: S105 - wrong on purpose


class WebhookTrial:
    """One held job, whose hand-over is verified and whose end is signed by a package."""

    def __init__(self, toolbox: Toolbox, service: str, stand_in: StandIn, secret: str, audio: bytes) -> None:
        self._toolbox, self._secret = toolbox, secret
        stand_in.holds = True
        learner = Learner(service)
        self.learner, self.job_id = learner, learner.upload(learner.line(), audio)["job_id"]
        require_hold(stand_in, self.job_id)
        stand_in.holds = False
        self._handover = stand_in.handovers[self.job_id]

    def verify(self, program: str) -> None:
        """Lets a package verify the hand-over; it has to refuse another secret. Raises ClientFailed."""
        given = {
            "headers": dict(self._handover.headers),
            "body": self._handover.body,
            "target": "yousync-target POST /analyze",
        }
        self._run(program, "verify", {"secret": self._secret, **given})
        try:
            self._run(program, "verify", {"secret": _OTHER_SECRET, **given})
        except ClientFailed:
            return
        raise ClientFailed("it verified a hand-over with another secret")

    def sign(self, program: str, *, secret: str | None = None, offers_upgrade: bool = False) -> httpx.Response:
        """Returns the answer of the service to the end of the job, signed by a package."""
        url = str(self._handover.job["webhook_url"])
        body = json.dumps({"type": "analysis.completed", "job_id": self.job_id, "result": RESULT})
        given = {"secret": secret or self._secret, "id": f"msg_{uuid.uuid4().hex}", "body": body}
        target = f"yousync-target POST {urlsplit(url).path}"
        headers = json.loads(self._run(program, "sign", {**given, "target": target}))
        if not offers_upgrade:
            kind = {"content-type": "application/json"}
            return httpx.post(url, content=body, headers=headers | kind, timeout=30, trust_env=False)
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        host, java = f"http://{urlsplit(url).netloc}", RAW_CLIENTS["Java HttpClient"]
        status, content = send(host, java, urlsplit(url).path, "application/json", body.encode(), more)
        return httpx.Response(status, content=content)

    def _run(self, program: str, word: str, given: dict[str, object]) -> str:
        words = [*self._toolbox.command(program), word]
        return run(words, env=environment(self._toolbox), cwd=self._toolbox.folder, given=json.dumps(given))


def require_taken(trial: WebhookTrial, program: str, *, offers_upgrade: bool = False) -> None:
    """Ends the job by a signed webhook: taken once, without effect the second time, 401 with another secret."""
    answers = [
        trial.sign(program, secret=_OTHER_SECRET, offers_upgrade=offers_upgrade),
        trial.sign(program, offers_upgrade=offers_upgrade),
        trial.sign(program, offers_upgrade=offers_upgrade),
    ]
    found = [(each.status_code, each.json().get("changed")) for each in answers]
    if found != [(401, None), (200, True), (200, False)]:
        raise ClientFailed(f"the webhooks were answered {found}")
    if trial.learner.result(trial.job_id)["status"] != "completed":
        raise ClientFailed("the job is not completed")
