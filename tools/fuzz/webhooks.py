"""Webhooks of an attacker, of an unreliable network and of a genuine sender, against jobs in a real database."""

import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from common.webhook_signatures import HEADERS
from tests.support.factories import Learner, dubbable_line, make_job, signed, somebody
from tools.fuzz.report import AttackReport, exceptions_in, within
from tools.fuzz.servers import Target

PATH = "/api/tokens/webhook/analysis-complete"
_FOREIGN_SECRET = "whsec_Zm9yZWlnbi1zZWNyZXQtZm9yZWlnbi1zZWNyZXQtMDE="
_MIB = 1024 * 1024
_JOBS = 40
_INVALID_JOB_IDS: list[Any] = ["x", None, 7, []]
_INVALID_RESULTS: list[Any] = [None, [], "x", {"overall_score": 101}, {"overall_score": "x"}]


@dataclass
class Job:
    """The expected state of a job, according to the accepted webhooks."""

    id: str
    progress: int = 0
    overall: float | None = None
    accepted: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.overall is not None


class Attack:
    """Sends webhooks, and checks the state of each job against the expected one."""

    def __init__(self, target: Target, seed: int) -> None:
        self._secrets = target.webhook_secrets
        self._client = target.client
        self._rng = random.Random(seed)
        self._learner: Learner = somebody(target.client)
        self._line = dubbable_line(target.client)
        self.jobs = [self._new_job() for _ in range(_JOBS)]
        self.sent: Counter[str] = Counter()
        self.faults: list[str] = []

    def send_one(self) -> None:
        """Sends one random case, and checks its response and the job."""
        kind: Callable[[Job], None] = self._rng.choice(
            [
                *(
                    self.forge_signature,
                    self.forge_signature,
                    self.corrupt_header,
                    self.stale,
                    self.tamper,
                    self.foreign_secret,
                ),
                *(self.large, self.unknown, self.malformed, self.replay, self.reorder, self.complete_again),
                *(self.progress, self.progress, self.complete),
            ]
        )
        index = self._rng.randrange(len(self.jobs))
        job = self.jobs[index]
        self.sent[kind.__name__] += 1
        kind(job)
        self.check(job)
        if job.is_over and self._rng.random() < 0.3:
            self.jobs[index] = self._new_job()

    def check(self, job: Job) -> None:
        path = f"/api/tokens/analysis-result/{job.id}"
        row = self._client.get(path, headers=self._learner.headers).json()
        wanted = ("completed", 100, job.overall) if job.is_over else ("processing", job.progress, None)
        # Storing the recording advances a new job by itself, up to the progress at which reports begin.
        if not job.is_over and row["progress"] <= 10 and job.progress == 0:
            wanted = ("processing", row["progress"], None)
        found = (row.get("status"), row.get("progress"), row.get("overall_score"))
        if found != wanted:
            self.faults.append(f"job {job.id} is {found}, expected {wanted}")

    def forge_signature(self, job: Job) -> None:
        body = self._completed_body(job)
        headers = signed(body)
        headers["webhook-signature"] = self._rng.choice(
            [
                *("", "v1", "v1,", "v1,%%%", "v1,AAAA", "v1a,AAAA", "é", "v1,=", "v1," + "A" * 44, "x y z,"),
                "v2," + headers["webhook-signature"][3:],
                headers["webhook-signature"][:-2],
                headers["webhook-signature"].swapcase(),
                " ".join(["v1,AAAA"] * 500),
            ]
        )
        self._expect(401, body, headers)

    def corrupt_header(self, job: Job) -> None:
        body = self._completed_body(job)
        headers = signed(body)
        name = self._rng.choice(HEADERS)
        if self._rng.random() < 0.5:
            del headers[name]
        else:
            headers[name] = self._rng.choice(["", "nan", "1e999", "-1", "0x10", "yesterday", "9" * 400, "\xff"])
        self._expect(401, body, headers)

    def stale(self, job: Job) -> None:
        body = self._completed_body(job)
        age_s = self._rng.choice([-1, 1]) * self._rng.uniform(310, 10**6)
        self._expect(401, body, signed(body, at=time.time() + age_s))

    def tamper(self, job: Job) -> None:
        body = self._completed_body(job)
        headers = signed(body)
        index = self._rng.randrange(len(body))
        flipped = body[:index] + bytes([body[index] ^ (1 << self._rng.randrange(8))]) + body[index + 1 :]
        self._expect(401, self._rng.choice([flipped, body + b" ", body[:-1], b""]), headers)

    def foreign_secret(self, job: Job) -> None:
        body = self._completed_body(job)
        self._expect(401, body, signed(body, secret=_FOREIGN_SECRET))

    def large(self, job: Job) -> None:
        """Sends a large unsigned body, one beyond the limit, or a valid report with a megabyte of feedback."""
        if self._rng.random() < 0.5:
            self._expect(401, b'{"x":"' + b"a" * _MIB + b'"}', {"content-type": "application/json"})
        elif self._rng.random() < 0.5:
            body = b'{"x":"' + b"a" * (3 * _MIB) + b'"}'
            self._expect(413, body, signed(body))
        else:
            self._complete(job, {"notes": "a" * _MIB})

    def unknown(self, _: Job) -> None:
        body = self._completed_body(Job(str(uuid.uuid4())))
        self._expect(404, body, self._sign(body))

    def malformed(self, job: Job) -> None:
        end = json.loads(self._completed_body(job))
        changes: list[dict[str, Any]] = [
            *({"job_id": wrong} for wrong in _INVALID_JOB_IDS),
            *({"result": wrong} for wrong in _INVALID_RESULTS),
            *({"result": {"detailed_feedback": value}} for value in ([1], {"x": "\x00"}, {"x": float("inf")})),
            *({"type": value} for value in ("analysis.unknown", 1, None)),
            {"type": "analysis.progress", "progress": -1},
        ]
        garbage = [b"", b"{", b"[]", b"null", b"[" * 10_000, b'{"job_id":' * 2000]
        body = self._rng.choice([json.dumps(end | self._rng.choice(changes)).encode(), *garbage[1:]])
        self._expect(422, body, self._sign(body))

    def progress(self, job: Job) -> None:
        value = self._rng.randint(11, 99)
        body = self._progress_body(job, value)
        self._expect_accepted(job, body, self._sign(body), changes=not job.is_over and value > job.progress)
        if not job.is_over:
            job.progress = max(job.progress, value)

    def reorder(self, job: Job) -> None:
        """Sends two reports in the wrong order."""
        low, high = sorted(self._rng.sample(range(11, 100), 2))
        for value in (high, low):
            body = self._progress_body(job, value)
            self._expect_accepted(job, body, self._sign(body), changes=not job.is_over and value > job.progress)
            if not job.is_over:
                job.progress = max(job.progress, value)

    def replay(self, job: Job) -> None:
        if job.accepted:
            self._expect_accepted(job, *self._rng.choice(job.accepted), changes=False)
        else:
            self.progress(job)

    def complete(self, job: Job) -> None:
        self._complete(job, {"words": []})

    def complete_again(self, job: Job) -> None:
        """Sends another result for a job that may have ended; the first one must remain."""
        self._complete(job, {"words": [{"text": "again"}]})

    def _complete(self, job: Job, feedback: dict[str, Any]) -> None:
        overall = round(self._rng.uniform(0, 100), 2)
        body = self._completed_body(job, overall, feedback)
        self._expect_accepted(job, body, self._sign(body), changes=not job.is_over)
        job.overall = overall if job.overall is None else job.overall

    def _expect_accepted(self, job: Job, body: bytes, headers: dict[str, str], *, changes: bool) -> None:
        answer = self._post(body, headers)
        if answer.status_code != 200:
            self.faults.append(f"a valid report was refused: {answer.status_code} {answer.text[:200]}")
        elif answer.json()["changed"] is not changes:
            self.faults.append(f"'changed' is not {changes}: {body[:200]!r}")
        if len(body) < 10_000:
            job.accepted.append((body, headers))

    def _expect(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        answer = self._post(body, headers)
        if answer.status_code != status:
            shown = {name: value[:60] for name, value in headers.items()}
            self.faults.append(f"got {answer.status_code}, expected {status}: {body[:120]!r} {shown}")

    def _post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        raw = [(name.encode(), value.encode("utf-8")) for name, value in headers.items()]
        return self._client.post(PATH, content=body, headers=raw)

    def _sign(self, body: bytes) -> dict[str, str]:
        """Signs with a random one of the secrets that are valid during a rotation."""
        message_id = f"msg_{uuid.UUID(int=self._rng.getrandbits(128)).hex}"
        return signed(body, secret=self._rng.choice(self._secrets), message_id=message_id)

    def _new_job(self) -> Job:
        return Job(make_job(self._client, self._learner, self._line))

    def _completed_body(self, job: Job, overall: float = 99.9, feedback: dict[str, Any] | None = None) -> bytes:
        result = {"overall_score": overall, "detailed_feedback": feedback or {}}
        return json.dumps({"type": "analysis.completed", "job_id": job.id, "result": result}).encode()

    def _progress_body(self, job: Job, value: int) -> bytes:
        body = {"type": "analysis.progress", "job_id": job.id, "progress": value, "stage": "pronunciation"}
        return json.dumps(body).encode()


def attack_webhooks(target: Target, count: int, seconds: float, seed: int) -> AttackReport:
    log_offset = len(target.server.log)
    attack, report = Attack(target, seed), AttackReport("webhooks")
    for _ in within(iter(int, 1), count, seconds, report.name):
        report.cases += 1
        attack.send_one()
    report.faults = attack.faults
    report.notes = ", ".join(f"{name} {number}" for name, number in sorted(attack.sent.items()))
    report.faults += exceptions_in(target.server.log[log_offset:])
    return report
