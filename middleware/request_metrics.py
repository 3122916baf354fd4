"""Counts and times each request by the template of its route, never by its URL."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.telemetry.metrics import Metrics, route_template


class RequestMetrics:
    """Reports method, route, status and duration (s) of each request to Metrics."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_and_observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_observe)
        finally:
            self._metrics.request_answered(
                scope["method"], route_template(scope), status, time.perf_counter() - started
            )
