"""Logs that tell one request from another: a request id in every line and every answer."""

import json
import logging
import random
import re
import sys
from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.telemetry.redaction import keep_secrets_out_of_logs
from core.telemetry.tracing import note_request, trace_id

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id() -> str | None:
    return _request_id.get()


class RequestIds:
    """Takes X-Request-ID from a proxy or makes one, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
        identifier = given if _ACCEPTABLE_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"
        _request_id.set(identifier)
        note_request(identifier)
        header = (b"x-request-id", identifier.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        await self.app(scope, receive, send_with_id)


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id(),
            "trace_id": trace_id(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class _PlainFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(levelname)-7s %(name)s: %(message)s [%(ids)s]")

    def format(self, record: logging.LogRecord) -> str:
        record.ids = " ".join(filter(None, (request_id() or "-", trace_id())))
        return super().format(record)


def configure_logging(level: str, *, as_json: bool) -> None:
    """One line per record on stderr, uvicorn's and Celery's too: JSON in production, words for people in development.

    Access lines stay away where uvicorn was told so (--no-access-log): it has taken their handlers before.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter() if as_json else _PlainFormatter())
    for name in ("yousync", "uvicorn", "uvicorn.access", "celery"):
        logger = logging.getLogger(name)
        if name == "uvicorn.access" and not logger.handlers:
            continue
        logger.handlers = [handler]
        logger.propagate = False
    for name in ("yousync", "celery"):
        logging.getLogger(name).setLevel(level)
    keep_secrets_out_of_logs()
