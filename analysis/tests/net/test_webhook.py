"""Delivery of webhooks to a receiver that accepts, refuses or fails, without a server."""

import asyncio
import json
from collections.abc import Sequence

import httpx
import pytest

from analysis.net import webhook
from analysis.net.http import RETRY_AFTER
from analysis.net.webhook import Delivery
from analysis.tests.support.api_stub import SIGNER
from common.webhook_signatures import WEBHOOK_ID, target_of

TERMINAL = b'{"type":"analysis.completed"}'


class Receiver:
    """Responds with the given statuses in turn and keeps the requests; the last status is repeated."""

    def __init__(self, statuses: Sequence[int], headers: dict[str, str] | None = None) -> None:
        self._statuses = list(statuses)
        self._headers = headers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        SIGNER.verify(request.headers, request.content, [target_of("POST", request.url.path)])
        self.requests.append(request)
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return httpx.Response(status, headers=self._headers)

    @property
    def types(self) -> list[str]:
        return [json.loads(request.content)["type"] for request in self.requests]


def deliver(receiver: Receiver, progress: Sequence[bytes] = (), window_s: float = 60.0) -> Delivery:
    """Sends progress, then the terminal webhook, and returns when the delivery has ended."""

    async def run() -> Delivery:
        async with httpx.AsyncClient(transport=httpx.MockTransport(receiver)) as client:
            delivery = Delivery(client, SIGNER, "http://receiver.test/hook", window_s)
            for body in progress:
                delivery.progress(body)
            running = asyncio.create_task(delivery.run())
            async with asyncio.timeout(10):
                while len(receiver.requests) < len(progress):
                    await asyncio.sleep(0)
                delivery.finish(TERMINAL)
                await running
            return delivery

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_FIRST_DELAY_S", "_MAX_DELAY_S", "_SLOW_DELAY_S"):
        monkeypatch.setattr(webhook, name, 0.001)


def test_progress_is_posted_once_even_when_it_is_refused() -> None:
    receiver = Receiver([500, 200])
    assert deliver(receiver, [b'{"type":"analysis.progress"}']).accepted
    assert receiver.types == ["analysis.progress", "analysis.completed"]


@pytest.mark.parametrize("status", [400, 409, 410, 422])
def test_a_permanently_refused_webhook_is_not_posted_again(status: int) -> None:
    receiver = Receiver([status, 200])
    assert not deliver(receiver).accepted
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [302, 401, 404, 408, 429, 500, 503])
def test_other_refusals_are_retried_with_the_same_id(status: int) -> None:
    receiver = Receiver([status, status, 204], {RETRY_AFTER: "9999"})
    assert deliver(receiver).accepted
    assert len(receiver.requests) == 3
    assert len({request.headers[WEBHOOK_ID] for request in receiver.requests}) == 1


def test_webhook_of_an_unknown_job_is_dropped_after_several_attempts() -> None:
    receiver = Receiver([404])
    assert not deliver(receiver).accepted
    assert len(receiver.requests) == webhook._SLOW_TRIES


def test_delivery_stops_when_its_window_ends() -> None:
    receiver = Receiver([503])
    assert not deliver(receiver, window_s=0.0).accepted
    assert len(receiver.requests) == 1
