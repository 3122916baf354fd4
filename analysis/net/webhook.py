"""Webhooks to the API server: progress once and in order, the terminal webhook until the server has accepted it."""

import asyncio
import contextlib
import logging
import uuid
from collections import deque
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from analysis.net.http import RETRIED_4XX, RETRY_AFTER
from common.jitter import jittered
from common.webhook_signatures import Signer, target_of

log = logging.getLogger(__name__)

_PROGRESS_TIMEOUT_S: Final = 3.0
_TERMINAL_TIMEOUT_S: Final = 10.0
_FIRST_DELAY_S: Final = 0.5
_MAX_DELAY_S: Final = 60.0
# The receiver may not know the job or the secret *yet*: retried, but less often and not for hours.
_SLOW_STATUSES: Final = frozenset({401, 403, 404})
_SLOW_DELAY_S: Final = 15.0
_SLOW_TRIES: Final = 40
# The first few refusals of this kind are retried at the usual pace.
_FAST_SLOW_TRIES: Final = 3
_UNSIGNED: Final = "its signature is refused: WEBHOOK_SECRET of the two servers differs, or their time by minutes"


@dataclass(frozen=True)
class PostOutcome:
    """One try to post a webhook: accepted (2xx), or worth a retry, and the pause that the receiver asks for."""

    accepted: bool
    retry: bool
    slow: bool = False
    retry_after_s: float = 0.0


class Delivery:
    """The webhooks of one job, posted by one coroutine: they arrive in order, and none follows the terminal one."""

    def __init__(self, client: httpx.AsyncClient, signer: Signer, url: str, window_s: float) -> None:
        self._client, self._signer, self._url, self._window_s = client, signer, url, window_s
        self._progress: deque[bytes] = deque()
        self._terminal: bytes | None = None
        self._queued = asyncio.Event()
        self.accepted = False

    def progress(self, body: bytes) -> None:
        """Queues a progress webhook. It is posted once, or dropped when the terminal webhook comes first."""
        self._progress.append(body)
        self._queued.set()

    def finish(self, body: bytes) -> None:
        """Queues the terminal webhook, which is posted until it is accepted or the window ends.

        Drops progress that has not been posted yet.
        """
        self._terminal = body
        self._progress.clear()
        self._queued.set()

    async def run(self) -> None:
        """Posts webhooks until the terminal one is accepted, permanently refused, or given up."""
        while self._terminal is None:
            await self._queued.wait()
            self._queued.clear()
            while self._progress:
                await self._post(self._progress.popleft(), _message_id(), _PROGRESS_TIMEOUT_S)
        await self._post_until_accepted(self._terminal)

    async def _post_until_accepted(self, body: bytes) -> None:
        loop = asyncio.get_running_loop()
        message_id, deadline = _message_id(), loop.time() + self._window_s
        delay_s, slow_tries = _FIRST_DELAY_S, 0
        while True:
            outcome = await self._post(body, message_id, _TERMINAL_TIMEOUT_S)
            slow_tries += outcome.slow
            if outcome.accepted or not outcome.retry or slow_tries >= _SLOW_TRIES:
                self.accepted = outcome.accepted
                break
            wait_s = _pause_s(outcome, delay_s, slow_tries)
            if loop.time() + wait_s > deadline:
                break
            await asyncio.sleep(wait_s)
            delay_s = min(delay_s * 2, _MAX_DELAY_S)
        if not self.accepted:
            log.error("webhook %s to %s was not delivered", message_id, urlsplit(self._url).hostname)

    async def _post(self, body: bytes, message_id: str, timeout_s: float) -> PostOutcome:
        signature = self._signer.headers(message_id, body, target_of("POST", self._url))
        headers = {**signature, "content-type": "application/json"}
        try:
            async with asyncio.timeout(timeout_s):
                response = await self._client.post(self._url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            log.warning("webhook to %s failed: %s", urlsplit(self._url).hostname, type(error).__name__)
            return PostOutcome(accepted=False, retry=True)
        if response.status_code == 401:
            log.warning("webhook to %s: %s", urlsplit(self._url).hostname, _UNSIGNED)
        return _classify(response)


def _message_id() -> str:
    return f"msg_{uuid.uuid4().hex}"


def _pause_s(outcome: PostOutcome, delay_s: float, slow_tries: int) -> float:
    """Returns the time until the next try: backoff with jitter, at least as long as the receiver asks for."""
    is_slow = outcome.slow and slow_tries > _FAST_SLOW_TRIES
    backoff_s = jittered(max(delay_s, _SLOW_DELAY_S if is_slow else 0.0))
    return max(backoff_s, min(outcome.retry_after_s, _MAX_DELAY_S))


def _classify(response: httpx.Response) -> PostOutcome:
    status = response.status_code
    if response.is_success:
        return PostOutcome(accepted=True, retry=False)
    retry_after_s = 0.0
    with contextlib.suppress(ValueError):
        retry_after_s = max(0.0, float(response.headers.get(RETRY_AFTER, "0")))
    if status in _SLOW_STATUSES:
        return PostOutcome(accepted=False, retry=True, slow=True, retry_after_s=retry_after_s)
    retry = status >= 500 or status in RETRIED_4XX or status < 400
    return PostOutcome(accepted=False, retry=retry, retry_after_s=retry_after_s)
