"""Tells the API server how a job goes: progress once and in order, the end again and again until it is taken."""

import asyncio
import contextlib
import logging
import random
import uuid
from collections import deque
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from analysis.net.signatures import Signer

log = logging.getLogger(__name__)

_PROGRESS_TIMEOUT_S: Final = 3.0
_TERMINAL_TIMEOUT_S: Final = 10.0
_FIRST_DELAY_S: Final = 0.5
_LONGEST_DELAY_S: Final = 60.0
# The receiver may not know the job or the secret *yet*: asked again, but seldom and not for hours.
_SLOW_STATUSES: Final = frozenset({401, 403, 404})
_SLOW_DELAY_S: Final = 15.0
_SLOW_TRIES: Final = 40
_RETRIED_4XX: Final = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Outcome:
    """What became of one try: taken, or worth another, and how long the receiver asks to wait."""

    taken: bool
    retry: bool
    slow: bool = False
    retry_after_s: float = 0.0


class Delivery:
    """The webhooks of one job, sent by one task: so they arrive in order, and nothing follows the last."""

    def __init__(self, client: httpx.AsyncClient, signer: Signer, url: str, window_s: float) -> None:
        self._client, self._signer, self._url, self._window_s = client, signer, url, window_s
        self._progress: deque[bytes] = deque()
        self._terminal: bytes | None = None
        self._news = asyncio.Event()
        self.taken = False

    def progress(self, body: bytes) -> None:
        """Sends this when all before it is sent; once, and not at all when the end comes first."""
        self._progress.append(body)
        self._news.set()

    def finish(self, body: bytes) -> None:
        """Sends this until it is taken or the window closes; what progress is still unsent is dropped."""
        self._terminal = body
        self._progress.clear()
        self._news.set()

    async def run(self) -> None:
        """Ends when the terminal webhook is taken, refused for good, or given up."""
        while self._terminal is None:
            await self._news.wait()
            self._news.clear()
            while self._progress:
                await self._post(self._progress.popleft(), _message_id(), _PROGRESS_TIMEOUT_S)
        await self._deliver(self._terminal)

    async def _deliver(self, body: bytes) -> None:
        loop = asyncio.get_running_loop()
        message_id, deadline = _message_id(), loop.time() + self._window_s
        delay_s, slow_tries = _FIRST_DELAY_S, 0
        while True:
            outcome = await self._post(body, message_id, _TERMINAL_TIMEOUT_S)
            slow_tries += outcome.slow
            if outcome.taken or not outcome.retry or slow_tries >= _SLOW_TRIES:
                self.taken = outcome.taken
                break
            wait_s = max(_jittered(max(delay_s, _SLOW_DELAY_S if outcome.slow and slow_tries > 3 else 0.0)), 0.0)
            wait_s = max(wait_s, min(outcome.retry_after_s, _LONGEST_DELAY_S))
            if loop.time() + wait_s > deadline:
                break
            await asyncio.sleep(wait_s)
            delay_s = min(delay_s * 2, _LONGEST_DELAY_S)
        if not self.taken:
            log.error("webhook %s to %s was not taken", message_id, urlsplit(self._url).hostname)

    async def _post(self, body: bytes, message_id: str, timeout_s: float) -> Outcome:
        headers = {**self._signer.headers(message_id, body), "content-type": "application/json"}
        try:
            async with asyncio.timeout(timeout_s):
                response = await self._client.post(self._url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            log.warning("webhook to %s failed: %s", urlsplit(self._url).hostname, type(error).__name__)
            return Outcome(taken=False, retry=True)
        return _read(response)


def _message_id() -> str:
    return f"msg_{uuid.uuid4().hex}"


def _jittered(delay_s: float) -> float:
    """Between half of the delay and all of it, so that many senders do not knock together."""
    return delay_s * (0.5 + 0.5 * random.random())  # noqa: S311


def _read(response: httpx.Response) -> Outcome:
    status = response.status_code
    if response.is_success:
        return Outcome(taken=True, retry=False)
    retry_after_s = 0.0
    with contextlib.suppress(ValueError):
        retry_after_s = max(0.0, float(response.headers.get("retry-after", "0")))
    if status in _SLOW_STATUSES:
        return Outcome(taken=False, retry=True, slow=True, retry_after_s=retry_after_s)
    retry = status >= 500 or status in _RETRIED_4XX or status < 400
    return Outcome(taken=False, retry=retry, retry_after_s=retry_after_s)
