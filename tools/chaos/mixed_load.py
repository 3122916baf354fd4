"""A steady, low load of all kinds of requests, as a school would make: about a quarter of a core in all."""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpx

from tests.support.factories import Learner
from tools.chaos.load import Attempt, Load
from tools.chaos.servers import Recording

VISITOR_EMAIL = "visitor@chaos.test"
# Addresses that a learner reads; {token} and {job} are a line and a finished or running job of the learner.
READS = (
    "/api/auth/me",
    "/api/scripts/popular",
    "/api/tokens?limit=20",
    "/api/tokens/{token}",
    "/api/tokens/{token}/audio",
    "/api/tokens/analysis-result/{job}",
    "/api/mypage/overview",
    "/api/mypage/attempts?token_id={token}",
    "/api/mypage/my-dubbed-tokens",
    "/api/mypage/recordings",
    "/api/mypage/progress",
    "/api/mypage/weak-sounds",
)


class MixedLoad:
    """Learners who read, record, leave, sign in and out, export and erase; `done` counts what they did.

    Nothing is broken during a soak, so each unexpected status is added to `load.violations`.
    """

    def __init__(
        self, load: Load, base_url: str, learners: list[Learner], recordings: list[Recording], rng: random.Random
    ) -> None:
        self.load = load
        self.done: Counter[str] = Counter()
        self._learners, self._recordings, self._rng = learners, recordings, rng
        self._renewals = 0
        # Below the servers' own limit of an idle connection: no request meets a connection that is being closed.
        limits = httpx.Limits(max_keepalive_connections=4, keepalive_expiry=1)
        self._http = httpx.AsyncClient(
            base_url=base_url, limits=limits, timeout=30, trust_env=False, follow_redirects=True
        )
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Works until `stop()`; each activity pauses for its mean time, more or less."""
        pauses_s: dict[Callable[[], Awaitable[None]], float] = {
            self._record: 4.0,
            self._read: 1.0,
            self._renew_session: 10.0,
            self._sign_in_and_out: 20.0,
            self._leave_stream: 20.0,
            self._break_off_upload: 30.0,
            self._upload_directly: 30.0,
            self._visit_and_erase: 60.0,
            self._export: 120.0,
        }
        try:
            async with asyncio.TaskGroup() as group:
                for activity, pause_s in pauses_s.items():
                    group.create_task(self._repeat(activity, pause_s))
        finally:
            await self._http.aclose()

    def stop(self) -> None:
        """Lets each activity end its present turn."""
        self._stopped.set()

    async def _repeat(self, activity: Callable[[], Awaitable[None]], pause_s: float) -> None:
        name = activity.__name__.strip("_").replace("_", " ")
        while not self._stopped.is_set():
            try:
                await activity()
                self.done[name] += 1
            except (httpx.HTTPError, OSError, ValueError) as error:
                self.load.violations.append(f"{name}: {error!r:.300}")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), self._rng.uniform(0.5, 1.5) * pause_s)

    async def _ask(self, method: str, path: str, status: int, who: Learner | None = None, **content: Any) -> Any:
        headers = who.headers if who else {}
        answer = await self._http.request(method, path, headers=headers, **content)
        self._http.cookies.clear()
        if answer.status_code != status:
            answer.raise_for_status()
            raise httpx.HTTPError(f"{method} {path} got status {answer.status_code}")
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return answer.json() if is_json and answer.content else answer.content

    def _choose(self) -> tuple[Learner, Recording]:
        return self._rng.choice(self._learners), self._rng.choice(self._recordings)

    async def _record(self) -> None:
        self.load.start(Attempt(*self._choose()))

    async def _read(self) -> None:
        attempts = self.load.lasting
        if not attempts:
            return
        attempt = self._rng.choice(attempts[-100:])
        path = self._rng.choice(READS).format(token=attempt.recording.token_id, job=attempt.job_id)
        learner = next(one for one in self._learners if one.user["id"] == attempt.learner.user["id"])
        await self._ask("GET", path, 200, learner)

    async def _sign_in(self, email: str) -> Learner:
        body = await self._ask("POST", "/api/auth/dev", 200, json={"email": email, "name": "Learner"})
        return Learner(body["user"], body["access_token"], body["refresh_token"])

    async def _refresh(self, learner: Learner) -> Learner:
        content = {"refresh_token": learner.refresh_token}
        body = await self._ask("POST", "/api/auth/refresh", 200, json=content)
        return Learner(body["user"], body["access_token"], body["refresh_token"])

    async def _renew_session(self) -> None:
        """Renews the session of one learner after the other, long before an access token expires."""
        place = self._renewals % len(self._learners)
        self._renewals += 1
        self._learners[place] = await self._refresh(self._learners[place])

    async def _sign_in_and_out(self) -> None:
        learner = await self._refresh(await self._sign_in(self._rng.choice(self._learners).user["email"]))
        await self._ask("GET", "/api/auth/me", 200, learner)
        await self._ask("POST", "/api/auth/logout", 204, learner)

    async def _leave_stream(self) -> None:
        """Closes a stream at its first line, as a page that is left."""
        attempt = Attempt(*self._choose())
        await self.load.submit(attempt)
        url = f"/api/tokens/analysis-progress/{attempt.job_id}"
        async with self._http.stream("GET", url, headers=attempt.learner.headers) as answer:
            async for _ in answer.aiter_lines():
                break

    async def _break_off_upload(self) -> None:
        """Sends half of an upload and disconnects, as a phone in a tunnel."""
        learner, recording = self._choose()
        files = {"audio_file": ("take.flac", recording.audio)}
        path = f"/api/tokens/{recording.token_id}/upload-audio"
        request = self._http.build_request("POST", path, files=files, headers=learner.headers)
        body = await request.aread()
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers.items())]
        _, writer = await asyncio.open_connection(request.url.host, request.url.port)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])
            await writer.drain()
            await asyncio.sleep(self._rng.uniform(0, 1))
        finally:
            writer.close()

    async def _upload_directly(self) -> None:
        attempt = Attempt(*self._choose())
        path = f"/api/tokens/{attempt.recording.token_id}/uploads"
        offer = await self._ask("POST", path, 201, attempt.learner, json={"size": len(attempt.recording.audio)})
        files = {"file": ("take.flac", attempt.recording.audio, "audio/flac")}
        sent = await self._http.post(offer["url"], data=offer["fields"], files=files)
        sent.raise_for_status()
        body = await self._ask("POST", offer["complete_url"], 202, attempt.learner)
        self.load.adopt(attempt, body["job_id"])

    async def _visit_and_erase(self) -> None:
        """Makes an account, records once, and erases the account: in turn during the analysis and after it."""
        visitor = await self._sign_in(VISITOR_EMAIL)
        attempt = Attempt(visitor, self._rng.choice(self._recordings), key=uuid.uuid4().hex, is_erased=True)
        await self.load.submit(attempt)
        if self.done["visit and erase"] % 2:
            await self.load.follow(attempt)
        await self._ask("DELETE", "/api/auth/me", 204, visitor)

    async def _export(self) -> None:
        await self._ask("GET", "/api/mypage/export", 200, self._rng.choice(self._learners))
