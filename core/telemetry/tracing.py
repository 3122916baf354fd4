"""Traces of OpenTelemetry, sent to OTEL_EXPORTER_OTLP_ENDPOINT: one for each recording, through all servers.

Unset, nothing is sent, and what sends (core/telemetry/trace_export.py) is not even loaded.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import context, trace

from core.telemetry.span_attributes import JOB_ID, REQUEST_ID

tracer = trace.get_tracer("yousync")

# A stream lives for minutes, and what watches the service asks every few seconds.
_UNTRACED = ("/api/tokens/analysis-progress/", "/health/", "/metrics")


def is_untraced(scope: Any) -> bool:
    """Of an ASGI scope: whether it is no request of a trace."""
    return scope["type"] != "http" or str(scope["path"]).startswith(_UNTRACED)


def note_job(job_id: uuid.UUID) -> None:
    """Says on the present span which job it is about: several traces of one job are found by it."""
    trace.get_current_span().set_attribute(JOB_ID, str(job_id))


def note_request(identifier: str) -> None:
    trace.get_current_span().set_attribute(REQUEST_ID, identifier)


def note_route(method: str, template: str) -> None:
    """Names the present span as FastAPI does, for an answer that its router was not asked for."""
    span = trace.get_current_span()
    span.update_name(f"{method} {template}")
    span.set_attribute("http.route", template)


@contextmanager
def new_traces() -> Iterator[None]:
    """What begins within goes on with no trace: one of its own for each job that a sweep found."""
    token = context.attach(context.Context())
    try:
        yield
    finally:
        context.detach(token)


def trace_id() -> str | None:
    """Of the present trace, as 32 hexadecimal digits, when it is one that is sent."""
    present = trace.get_current_span().get_span_context()
    return trace.format_trace_id(present.trace_id) if present.trace_flags.sampled else None


def start_tracing(endpoint: str | None, service: str) -> Callable[[], None]:
    """Begins to trace this process as `service`; returns what sends the rest and ends it, which blocks.

    To be called once a process: at start-up of a server, or in worker_process_init of Celery. The standard variables
    OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG and OTEL_EXPORTER_OTLP_HEADERS count, too.
    """
    if not endpoint:
        return lambda: None
    from core.telemetry.trace_export import begin

    return begin(endpoint, service)
