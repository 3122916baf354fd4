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

# A stream lives for minutes, and monitoring sends requests every few seconds.
_UNTRACED = ("/api/tokens/analysis-progress/", "/health/", "/metrics")


def is_untraced(scope: Any) -> bool:
    """Returns whether the request of an ASGI scope gets no trace."""
    return scope["type"] != "http" or str(scope["path"]).startswith(_UNTRACED)


def note_job(job_id: uuid.UUID) -> None:
    """Sets the job id on the current span, by which all traces of a job are found."""
    trace.get_current_span().set_attribute(JOB_ID, str(job_id))


def note_request(identifier: str) -> None:
    trace.get_current_span().set_attribute(REQUEST_ID, identifier)


def note_route(method: str, template: str) -> None:
    """Names the current span as FastAPI does, for a response that bypasses its router."""
    span = trace.get_current_span()
    span.update_name(f"{method} {template}")
    span.set_attribute("http.route", template)


@contextmanager
def new_traces() -> Iterator[None]:
    """Detaches the block from the current trace, so that each job of a sweep starts a trace of its own."""
    token = context.attach(context.Context())
    try:
        yield
    finally:
        context.detach(token)


def trace_id() -> str | None:
    """Returns the id of the current trace as 32 hexadecimal digits; None when it is not exported."""
    present = trace.get_current_span().get_span_context()
    return trace.format_trace_id(present.trace_id) if present.trace_flags.sampled else None


def start_tracing(endpoint: str | None, service: str) -> Callable[[], None]:
    """Starts tracing this process as `service`; returns a function that flushes and stops, which blocks.

    To be called once a process: at start-up of a server, or in worker_process_init of Celery. The standard variables
    OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG and OTEL_EXPORTER_OTLP_HEADERS count, too.
    """
    if not endpoint:
        return lambda: None
    from core.telemetry.trace_export import begin

    return begin(endpoint, service)
