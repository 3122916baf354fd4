"""Sends the spans of the API server and its workers to a collector; imported only when one is configured."""

from collections.abc import Callable

from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor

from common.trace_export import start_export
from core.telemetry.span_attributes import JOB_ID, REQUEST_ID

# Statements contain no values. Database names are those of the old and the new semantic convention.
_ATTRIBUTES = (JOB_ID, REQUEST_ID, "db.system", "db.system.name", "db.statement", "db.query.text")


def begin(endpoint: str, service: str) -> Callable[[], None]:
    """Starts tracing this process; returns a function that flushes and stops."""
    instrumentors = (HTTPXClientInstrumentor(), Psycopg2Instrumentor(), CeleryInstrumentor())  # type: ignore[no-untyped-call]
    return start_export(endpoint, service, _ATTRIBUTES, instrumentors, drop_orphans=True)
