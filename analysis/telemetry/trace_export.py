"""Sends the spans of the analysis server and its workers to a collector; imported only when one is configured."""

from collections.abc import Callable

from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

from analysis.telemetry.span_attributes import JOB_ID
from common.trace_export import start_export


def begin(endpoint: str, service: str) -> Callable[[], None]:
    """Starts to trace this process; returns a function that sends the remaining spans and stops."""
    instrumentors = (HTTPXClientInstrumentor(), CeleryInstrumentor())  # type: ignore[no-untyped-call]
    return start_export(endpoint, service, (JOB_ID,), instrumentors)
