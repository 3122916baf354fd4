"""Simulated learners: each retries an upload until it is accepted, and follows its progress until the end."""

import asyncio
import json
import random
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.factories import Learner
from tools.chaos.servers import Recording

# Percent of uploads that the client repeats with the same key, as if the response had been lost.
REPEATED_UPLOADS = 15
STREAMS_PER_JOB = (1, 1, 2)
RETRY_S = (0.3, 1.5)
# Statuses after which a client retries; 502 comes from the load balancer of a server that was killed.
RETRYABLE_STATUSES = (429, 502, 503, 507)


@dataclass
class Attempt:
    """One upload with all its retries. `job_ids` are all ids that were returned for its idempotency key.

    The account of an attempt that `is_erased` is erased before the end of the run.
    """

    learner: Learner
    recording: Recording
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    job_ids: set[str] = field(default_factory=set)
    accepted_at: float = 0.0
    is_erased: bool = False

    @property
    def job_id(self) -> str:
        return next(iter(self.job_ids))


class Load:
    """All learners who use the service during the run."""

    def __init__(
        self,
        base_url: str,
        learners: Sequence[Learner],
        recordings: Sequence[Recording],
        rng: random.Random,
        *,
        renews_access: bool = False,
    ) -> None:
        """`renews_access`: learners sign in again after 401, as when the time of the API server jumps."""
        self.attempts: list[Attempt] = []
        self.refusals = 0
        self.renewals = 0
        self.streams_opened = 0
        self.violations: list[str] = []
        self._learners, self._recordings, self._rng = learners, recordings, rng
        self._renews_access = renews_access
        self._renewed: dict[str, Learner] = {}
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        timeout = httpx.Timeout(30, connect=5)
        self._http = httpx.AsyncClient(base_url=base_url, limits=limits, timeout=timeout, trust_env=False)
        self._tasks: set[asyncio.Task[None]] = set()
        self._uploading = 0

    @property
    def accepted(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.job_ids]

    @property
    def lasting(self) -> list[Attempt]:
        """The accepted attempts of accounts that are not erased."""
        return [attempt for attempt in self.accepted if not attempt.is_erased]

    @property
    def uploading(self) -> int:
        return self._uploading

    def burst(self, count: int) -> None:
        """Starts `count` uploads in the background."""
        for _ in range(count):
            self.start(Attempt(self._rng.choice(self._learners), self._rng.choice(self._recordings)))

    def start(self, attempt: Attempt) -> None:
        """Starts one upload in the background, and the streams that follow it."""
        self._spawn(self._run_attempt(attempt))

    async def submit(self, attempt: Attempt) -> None:
        """Uploads until the recording is accepted."""
        self.attempts.append(attempt)
        self._uploading += 1
        try:
            await self._upload(attempt)
        finally:
            self._uploading -= 1

    def adopt(self, attempt: Attempt, job_id: str) -> None:
        """Adds an attempt that was accepted by another way, and follows it."""
        attempt.accepted_at = time.time()
        attempt.job_ids.add(job_id)
        self.attempts.append(attempt)
        self._spawn(self.follow(attempt))

    async def finish(self, timeout_s: float) -> None:
        """Waits for the last events of all streams; a task that is still waiting after that is a violation."""
        if self._tasks:
            _, waiting = await asyncio.wait(self._tasks, timeout=timeout_s)
            self.violations += ["a stream or an upload still waits at the end"] * len(waiting)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.violations.append(f"a client failed: {error!r}")

    async def _run_attempt(self, attempt: Attempt) -> None:
        await self.submit(attempt)
        for _ in range(self._rng.choice(STREAMS_PER_JOB)):
            self._spawn(self.follow(attempt))
        if self._rng.randrange(100) < REPEATED_UPLOADS:
            await asyncio.sleep(self._rng.uniform(0, 10))
            await self._upload(attempt)

    async def _upload(self, attempt: Attempt) -> None:
        path = f"/api/tokens/{attempt.recording.token_id}/upload-audio"
        while True:
            headers = {**self._access_of(attempt.learner), "Idempotency-Key": attempt.key}
            files = {"audio_file": ("take.flac", attempt.recording.audio)}
            try:
                answer = await self._http.post(path, files=files, headers=headers)
            except httpx.TransportError:
                self.refusals += 1
            else:
                if answer.status_code == 202:
                    attempt.accepted_at = attempt.accepted_at or time.time()
                    attempt.job_ids.add(answer.json()["job_id"])
                    return
                self.refusals += 1
                if not await self._may_retry(attempt.learner, answer.status_code):
                    self.violations.append(f"an upload got status {answer.status_code}: {answer.text[:200]}")
            await asyncio.sleep(self._rng.uniform(*RETRY_S))

    def _access_of(self, learner: Learner) -> dict[str, str]:
        return self._renewed.get(learner.user["email"], learner).headers

    async def _may_retry(self, learner: Learner, status: int) -> bool:
        """Returns whether a client may retry after a status; after 401 the learner has signed in again, if possible."""
        if status != 401 or not self._renews_access:
            return status in RETRYABLE_STATUSES
        self.renewals += 1
        email = learner.user["email"]
        with suppress(httpx.TransportError):
            answer = await self._http.post("/api/auth/dev", json={"email": email, "name": "Learner"})
            self._http.cookies.clear()
            if answer.is_success:
                body = answer.json()
                self._renewed[email] = Learner(body["user"], body["access_token"], body["refresh_token"])
        return True

    async def follow(self, attempt: Attempt) -> None:
        """Reconnects with Last-Event-ID until 204, as EventSource does."""
        listener = StreamListener(attempt.job_id)
        url = f"/api/tokens/analysis-progress/{attempt.job_id}"
        while True:
            headers = {**self._access_of(attempt.learner), "Last-Event-ID": str(listener.last_id)}
            try:
                async with self._http.stream("GET", url, headers=headers) as answer:
                    self.streams_opened += 1
                    if answer.status_code == 204:
                        break
                    if answer.status_code == 200:
                        async for line in answer.aiter_lines():
                            listener.receive(line)
                    elif not await self._may_retry(attempt.learner, answer.status_code):
                        listener.violations.append(f"its stream got status {answer.status_code}")
                        break
            except httpx.TransportError:
                pass
            await asyncio.sleep(self._rng.uniform(*RETRY_S))
        if not listener.has_ended:
            listener.violations.append("204 before the terminal state")
        self.violations += listener.violations


class StreamListener:
    """Checks the events of one stream against the contract."""

    def __init__(self, job_id: str) -> None:
        self.last_id = 0
        self.has_ended = False
        self.violations: list[str] = []
        self._job_id = job_id
        self._progress = 0
        self._id = 0

    def receive(self, line: str) -> None:
        name, _, value = line.partition(": ")
        if name == "id":
            self._id = int(value)
        elif name == "data":
            self._check(json.loads(value))

    def _check(self, state: dict[str, Any]) -> None:
        if self.has_ended:
            self._add_violation("a state after the terminal one")
        if self._id < self.last_id or state["progress"] < self._progress:
            self._add_violation(
                f"version {self.last_id} before {self._id}, {self._progress} % before {state['progress']} %"
            )
        self.last_id, self._progress = self._id, state["progress"]
        self.has_ended = state["status"] != "processing"
        if state["status"] == "failed" and not state.get("error", {}).get("code"):
            self._add_violation("failed without a reason")

    def _add_violation(self, text: str) -> None:
        self.violations.append(f"job {self._job_id}: {text}")
