"""Learners: each uploads until the recording is taken, and follows its progress until the end."""

import asyncio
import json
import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.factories import Learner
from tools.chaos.servers import Recording

# In a hundred: the answer seems lost to the client, who sends the recording again with the same key.
REPEATED_UPLOADS = 15
LISTENERS_EACH = (1, 1, 2)
RETRY_S = (0.3, 1.5)
# What asks a client to come again; 502 is the word of a proxy before a server that died.
PASSING = (429, 502, 503, 507)


@dataclass
class Attempt:
    """One recording on its way. `job_ids` are all that its key was ever answered with."""

    learner: Learner
    recording: Recording
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    job_ids: set[str] = field(default_factory=set)
    accepted_at: float = 0.0

    @property
    def job_id(self) -> str:
        return next(iter(self.job_ids))


class Load:
    """Everybody who uses the service during the run."""

    def __init__(
        self, base_url: str, learners: Sequence[Learner], recordings: Sequence[Recording], chance: random.Random
    ) -> None:
        self.attempts: list[Attempt] = []
        self.refusals = 0
        self.streams_opened = 0
        self.offences: list[str] = []
        self._learners, self._recordings, self._chance = learners, recordings, chance
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        timeout = httpx.Timeout(30, connect=5)
        self._http = httpx.AsyncClient(base_url=base_url, limits=limits, timeout=timeout, trust_env=False)
        self._tasks: set[asyncio.Task[None]] = set()
        self._uploading = 0

    @property
    def accepted(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.job_ids]

    @property
    def uploading(self) -> int:
        return self._uploading

    def burst(self, count: int) -> None:
        """Sends that many recordings at once, behind the caller's back."""
        for _ in range(count):
            attempt = Attempt(self._chance.choice(self._learners), self._chance.choice(self._recordings))
            self.attempts.append(attempt)
            self._spawn(self._go_through_with(attempt))

    async def finish(self, patience_s: float) -> None:
        """Gives listeners time to hear the end. Who has not heard it then has been forgotten."""
        if self._tasks:
            _, waiting = await asyncio.wait(self._tasks, timeout=patience_s)
            self.offences += ["a listener or uploader still waits at the end"] * len(waiting)

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
            self.offences.append(f"a client broke: {error!r}")

    async def _go_through_with(self, attempt: Attempt) -> None:
        self._uploading += 1
        try:
            await self._upload(attempt)
        finally:
            self._uploading -= 1
        for _ in range(self._chance.choice(LISTENERS_EACH)):
            self._spawn(self._follow(attempt))
        if self._chance.randrange(100) < REPEATED_UPLOADS:
            await asyncio.sleep(self._chance.uniform(0, 10))
            await self._upload(attempt)

    async def _upload(self, attempt: Attempt) -> None:
        path = f"/api/tokens/{attempt.recording.token_id}/upload-audio"
        headers = {**attempt.learner.headers, "Idempotency-Key": attempt.key}
        while True:
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
                if answer.status_code not in PASSING:
                    self.offences.append(f"an upload was answered {answer.status_code} {answer.text[:200]}")
            await asyncio.sleep(self._chance.uniform(*RETRY_S))

    async def _follow(self, attempt: Attempt) -> None:
        """As EventSource does: reconnects with Last-Event-ID until 204 says that there is no more."""
        listener = Listener(attempt.job_id)
        url = f"/api/tokens/analysis-progress/{attempt.job_id}"
        while True:
            headers = {**attempt.learner.headers, "Last-Event-ID": str(listener.last_id)}
            try:
                async with self._http.stream("GET", url, headers=headers) as answer:
                    self.streams_opened += 1
                    if answer.status_code == 204:
                        break
                    if answer.status_code == 200:
                        async for line in answer.aiter_lines():
                            listener.hear(line)
                    elif answer.status_code not in PASSING:
                        listener.offences.append(f"its stream was answered {answer.status_code}")
                        break
            except httpx.TransportError:
                pass
            await asyncio.sleep(self._chance.uniform(*RETRY_S))
        if not listener.has_ended:
            listener.offences.append("204 before the terminal state")
        self.offences += listener.offences


class Listener:
    """One learner's ear: notes whatever breaks the law of streams."""

    def __init__(self, job_id: str) -> None:
        self.last_id = 0
        self.has_ended = False
        self.offences: list[str] = []
        self._job_id = job_id
        self._progress = 0
        self._id = 0

    def hear(self, line: str) -> None:
        name, _, value = line.partition(": ")
        if name == "id":
            self._id = int(value)
        elif name == "data":
            self._judge(json.loads(value))

    def _judge(self, state: dict[str, Any]) -> None:
        if self.has_ended:
            self._object("a state after the terminal one")
        if self._id < self.last_id or state["progress"] < self._progress:
            self._object(f"back from version {self.last_id} to {self._id}, {self._progress} % to {state['progress']} %")
        self.last_id, self._progress = self._id, state["progress"]
        self.has_ended = state["status"] != "processing"
        if state["status"] == "failed" and not state.get("error", {}).get("code"):
            self._object("failed without a reason")

    def _object(self, what: str) -> None:
        self.offences.append(f"job {self._job_id}: {what}")
