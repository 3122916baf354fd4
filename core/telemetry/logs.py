"""Log format of the API server and its workers: one line per record, with request id and trace id."""

import json
import logging
import sys
from contextvars import ContextVar

from core.telemetry.redaction import keep_secrets_out_of_logs
from core.telemetry.tracing import trace_id

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def request_id() -> str | None:
    """Returns the id of the request that this task or thread works for."""
    return _request_id.get()


def set_request_id(identifier: str) -> None:
    _request_id.set(identifier)


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
    """Writes one line per record to stderr, also for uvicorn and Celery: JSON in production, plain text in development.

    With --no-access-log there are no access lines: uvicorn has already removed the handlers of their logger.
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
