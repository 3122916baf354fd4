"""Traces of OpenTelemetry, sent to OTEL_EXPORTER_OTLP_ENDPOINT. The spans of a job continue the trace of its request.

When that is unset, nothing is sent, and the exporter (analysis/telemetry/trace_export.py) is not even loaded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from opentelemetry import context, trace

from analysis.telemetry.span_attributes import JOB_ID

tracer = trace.get_tracer("yousync.analysis")


class QueuedSpan:
    """The span of a job's wait in memory, in the trace of the request that creates this object."""

    def __init__(self, job_id: UUID) -> None:
        self._request_context = context.get_current()
        self._span = tracer.start_span("queued", attributes={JOB_ID: str(job_id)})

    @contextmanager
    def resume_trace(self) -> Iterator[None]:
        """Ends the span; spans inside the `with` block belong to the trace of the request."""
        self._span.end()
        token = context.attach(self._request_context)
        try:
            yield
        finally:
            context.detach(token)


class JobTrace:
    """The span of a job's run, and a span for each of its stages, in the current trace."""

    def __init__(self, job_id: UUID) -> None:
        self._attributes = {JOB_ID: str(job_id)}
        self._stage: trace.Span = trace.INVALID_SPAN

    @contextmanager
    def running(self) -> Iterator[None]:
        """Surrounds the run of the job."""
        with tracer.start_as_current_span("analyze", attributes=self._attributes):
            try:
                yield
            finally:
                self._stage.end()

    def enter(self, stage: str) -> None:
        """Ends the span of the previous stage and starts that of this one."""
        self._stage.end()
        self._stage = tracer.start_span(stage)


def is_untraced(scope: Any) -> bool:
    """Returns True for an ASGI scope that starts no trace: health checks, and everything but HTTP."""
    return scope["type"] != "http" or str(scope["path"]).startswith("/health/")


def start_tracing(endpoint: str | None, service: str = "yousync-analysis") -> Callable[[], None]:
    """Starts to trace this process; returns a function that sends the remaining spans and stops, and blocks meanwhile.

    Call it once per process. The standard variables OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG and
    OTEL_EXPORTER_OTLP_HEADERS apply, too.
    """
    if not endpoint:
        return lambda: None
    # Heavy and optional: loaded only where traces are sent.
    from analysis.telemetry.trace_export import begin

    return begin(endpoint, service)
