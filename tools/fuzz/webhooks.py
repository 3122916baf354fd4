"""Webhooks as an attacker, a stuttering network and an honest sender post them, against rows in a real database."""

import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.factories import Learner, dubbable_line, make_job, signed, somebody
from tools.fuzz.report import Outcome, exceptions_in, within
from tools.fuzz.servers import Target

PATH = "/api/tokens/webhook/analysis-complete"
_FOREIGN_SECRET = "whsec_Zm9yZWlnbi1zZWNyZXQtZm9yZWlnbi1zZWNyZXQtMDE="
_MIB = 1024 * 1024
_JOBS = 40
_NO_JOB_IDS: list[Any] = ["x", None, 7, []]
_NO_RESULTS: list[Any] = [None, [], "x", {"overall_score": 101}, {"overall_score": "x"}]


@dataclass
class Job:
    """What the API must say about a job, by what it took."""

    id: str
    progress: int = 0
    overall: float | None = None
    taken: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.overall is not None


class Attack:
    """Knows what each job has to look like, whatever was sent in between."""

    def __init__(self, target: Target, seed: int) -> None:
        self._secrets = target.webhook_secrets
        self._client = target.client
        self._chance = random.Random(seed)
        self._learner: Learner = somebody(target.client)
        self._line = dubbable_line(target.client)
        self.jobs = [self._new_job() for _ in range(_JOBS)]
        self.sent: Counter[str] = Counter()
        self.faults: list[str] = []

    def one(self) -> None:
        """Sends one case and checks the answer; now and then also the row."""
        kind: Callable[[Job], None] = self._chance.choice(
            [
                *(self.forge, self.forge, self.spoil_header, self.stale, self.tamper, self.foreign_secret),
                *(self.large, self.unknown, self.malformed, self.replay, self.reorder, self.repeat_end),
                *(self.progress, self.progress, self.finish),
            ]
        )
        place = self._chance.randrange(len(self.jobs))
        job = self.jobs[place]
        self.sent[kind.__name__] += 1
        kind(job)
        self.check(job)
        if job.is_over and self._chance.random() < 0.3:
            self.jobs[place] = self._new_job()

    def check(self, job: Job) -> None:
        path = f"/api/tokens/analysis-result/{job.id}"
        row = self._client.get(path, headers=self._learner.headers).json()
        wanted = ("completed", 100, job.overall) if job.is_over else ("processing", job.progress, None)
        # Storing the recording moves a young job by itself, up to where reports begin.
        if not job.is_over and row["progress"] <= 10 and job.progress == 0:
            wanted = ("processing", row["progress"], None)
        found = (row.get("status"), row.get("progress"), row.get("overall_score"))
        if found != wanted:
            self.faults.append(f"job {job.id} is {found}, not {wanted}")

    def forge(self, job: Job) -> None:
        body = self._end(job)
        headers = signed(body)
        headers["webhook-signature"] = self._chance.choice(
            [
                *("", "v1", "v1,", "v1,%%%", "v1,AAAA", "v1a,AAAA", "é", "v1,=", "v1," + "A" * 44, "x y z,"),
                "v2," + headers["webhook-signature"][3:],
                headers["webhook-signature"][:-2],
                headers["webhook-signature"].swapcase(),
                " ".join(["v1,AAAA"] * 500),
            ]
        )
        self._expect(401, body, headers)

    def spoil_header(self, job: Job) -> None:
        body = self._end(job)
        headers = signed(body)
        name = self._chance.choice(["webhook-id", "webhook-timestamp", "webhook-signature"])
        if self._chance.random() < 0.5:
            del headers[name]
        else:
            headers[name] = self._chance.choice(["", "nan", "1e999", "-1", "0x10", "yesterday", "9" * 400, "\xff"])
        self._expect(401, body, headers)

    def stale(self, job: Job) -> None:
        body = self._end(job)
        age_s = self._chance.choice([-1, 1]) * self._chance.uniform(310, 10**6)
        self._expect(401, body, signed(body, at=time.time() + age_s))

    def tamper(self, job: Job) -> None:
        body = self._end(job)
        headers = signed(body)
        place = self._chance.randrange(len(body))
        flipped = body[:place] + bytes([body[place] ^ (1 << self._chance.randrange(8))]) + body[place + 1 :]
        self._expect(401, self._chance.choice([flipped, body + b" ", body[:-1], b""]), headers)

    def foreign_secret(self, job: Job) -> None:
        body = self._end(job)
        self._expect(401, body, signed(body, secret=_FOREIGN_SECRET))

    def large(self, job: Job) -> None:
        """Up to what the server reads, unsigned; or a good report with a megabyte of feedback around it."""
        if self._chance.random() < 0.5:
            self._expect(401, b'{"x":"' + b"a" * _MIB + b'"}', {"content-type": "application/json"})
        elif self._chance.random() < 0.5:
            body = b'{"x":"' + b"a" * (3 * _MIB) + b'"}'
            self._expect(413, body, signed(body))
        else:
            self._finish(job, {"notes": "a" * _MIB})

    def unknown(self, _: Job) -> None:
        body = self._end(Job(str(uuid.uuid4())))
        self._expect(404, body, self._sign(body))

    def malformed(self, job: Job) -> None:
        end = json.loads(self._end(job))
        changes: list[dict[str, Any]] = [
            *({"job_id": wrong} for wrong in _NO_JOB_IDS),
            *({"result": wrong} for wrong in _NO_RESULTS),
            *({"result": {"detailed_feedback": value}} for value in ([1], {"x": "\x00"}, {"x": float("inf")})),
            *({"type": value} for value in ("analysis.unknown", 1, None)),
            {"type": "analysis.progress", "progress": -1},
        ]
        garbage = [b"", b"{", b"[]", b"null", b"[" * 10_000, b'{"job_id":' * 2000]
        body = self._chance.choice([json.dumps(end | self._chance.choice(changes)).encode(), *garbage[1:]])
        self._expect(422, body, self._sign(body))

    def progress(self, job: Job) -> None:
        value = self._chance.randint(11, 99)
        body = self._progress(job, value)
        self._take(job, body, self._sign(body), changes=not job.is_over and value > job.progress)
        if not job.is_over:
            job.progress = max(job.progress, value)

    def reorder(self, job: Job) -> None:
        """Two reports that overtake each other."""
        low, high = sorted(self._chance.sample(range(11, 100), 2))
        for value in (high, low):
            body = self._progress(job, value)
            self._take(job, body, self._sign(body), changes=not job.is_over and value > job.progress)
            if not job.is_over:
                job.progress = max(job.progress, value)

    def replay(self, job: Job) -> None:
        if job.taken:
            self._take(job, *self._chance.choice(job.taken), changes=False)
        else:
            self.progress(job)

    def finish(self, job: Job) -> None:
        self._finish(job, {"words": []})

    def repeat_end(self, job: Job) -> None:
        """Another result for a job that may be over: the first one stays."""
        self._finish(job, {"words": [{"text": "again"}]})

    def _finish(self, job: Job, feedback: dict[str, Any]) -> None:
        overall = round(self._chance.uniform(0, 100), 2)
        body = self._end(job, overall, feedback)
        self._take(job, body, self._sign(body), changes=not job.is_over)
        job.overall = overall if job.overall is None else job.overall

    def _take(self, job: Job, body: bytes, headers: dict[str, str], *, changes: bool) -> None:
        answer = self._post(body, headers)
        if answer.status_code != 200:
            self.faults.append(f"lost: a valid report was answered {answer.status_code} {answer.text[:200]}")
        elif answer.json()["changed"] is not changes:
            self.faults.append(f"changed is not {changes}: {body[:200]!r}")
        if len(body) < 10_000:
            job.taken.append((body, headers))

    def _expect(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        answer = self._post(body, headers)
        if answer.status_code != status:
            shown = {name: value[:60] for name, value in headers.items()}
            self.faults.append(f"wrongly answered {answer.status_code}, not {status}: {body[:120]!r} {shown}")

    def _post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        raw = [(name.encode(), value.encode("utf-8")) for name, value in headers.items()]
        return self._client.post(PATH, content=body, headers=raw)

    def _sign(self, body: bytes) -> dict[str, str]:
        """By any of the secrets that are valid while one is being rotated in."""
        message_id = f"msg_{uuid.UUID(int=self._chance.getrandbits(128)).hex}"
        return signed(body, secret=self._chance.choice(self._secrets), message_id=message_id)

    def _new_job(self) -> Job:
        return Job(make_job(self._client, self._learner, self._line))

    def _end(self, job: Job, overall: float = 99.9, feedback: dict[str, Any] | None = None) -> bytes:
        result = {"overall_score": overall, "detailed_feedback": feedback or {}}
        return json.dumps({"type": "analysis.completed", "job_id": job.id, "result": result}).encode()

    def _progress(self, job: Job, value: int) -> bytes:
        body = {"type": "analysis.progress", "job_id": job.id, "progress": value, "stage": "pronunciation"}
        return json.dumps(body).encode()


def attack_webhooks(target: Target, count: int, seconds: float, seed: int) -> Outcome:
    logged = len(target.server.log)
    attack, outcome = Attack(target, seed), Outcome("webhooks")
    for _ in within(iter(int, 1), count, seconds, outcome.name):
        outcome.cases += 1
        attack.one()
    outcome.faults = attack.faults
    outcome.notes = ", ".join(f"{name} {number}" for name, number in sorted(attack.sent.items()))
    outcome.faults += exceptions_in(target.server.log[logged:])
    return outcome
