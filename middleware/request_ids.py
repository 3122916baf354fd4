"""Gives each request an id, which appears in its log lines and in its response."""

import random
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.telemetry.logs import set_request_id
from core.telemetry.tracing import note_request

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIds:
    """Takes X-Request-ID from a proxy or generates one, and returns it in the response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
        identifier = given if _ACCEPTABLE_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"
        set_request_id(identifier)
        note_request(identifier)
        header = (b"x-request-id", identifier.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        await self.app(scope, receive, send_with_id)
