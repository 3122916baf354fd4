"""Traces of OpenTelemetry, sent to OTEL_EXPORTER_OTLP_ENDPOINT: a job's spans go on with its caller's trace.

Unset, nothing is sent, and what sends (analysis/telemetry/trace_export.py) is not even loaded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from opentelemetry import context, trace

from analysis.telemetry.span_attributes import JOB_ID

tracer = trace.get_tracer("yousync.analysis")


class Wait:
    """The span of a job's wait in this process, in the trace of the request that makes this."""

    def __init__(self, job_id: UUID) -> None:
        self._origin = context.get_current()
        self._span = tracer.start_span("queued", attributes={JOB_ID: str(job_id)})

    @contextmanager
    def over(self) -> Iterator[None]:
        """Ends the wait. What is done within, in whatever task, goes on with the request's trace."""
        self._span.end()
        token = context.attach(self._origin)
        try:
            yield
        finally:
            context.detach(token)


class JobTrace:
    """The spans of a job's run and of the stages of that, in the present trace."""

    def __init__(self, job_id: UUID) -> None:
        self._about = {JOB_ID: str(job_id)}
        self._stage: trace.Span = trace.INVALID_SPAN

    @contextmanager
    def running(self) -> Iterator[None]:
        """Around the work."""
        with tracer.start_as_current_span("analyze", attributes=self._about):
            try:
                yield
            finally:
                self._stage.end()

    def enter(self, stage: str) -> None:
        """Ends the stage before and begins this one."""
        self._stage.end()
        self._stage = tracer.start_span(stage)


def is_untraced(scope: Any) -> bool:
    """Of an ASGI scope: what watches the service is no trace."""
    return scope["type"] != "http" or str(scope["path"]).startswith("/health/")


def start_tracing(endpoint: str | None, service: str = "yousync-analysis") -> Callable[[], None]:
    """Begins to trace this process; returns what sends the rest and ends it, which blocks.

    To be called once a process. The standard variables OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG and
    OTEL_EXPORTER_OTLP_HEADERS count, too.
    """
    if not endpoint:
        return lambda: None
    from analysis.telemetry.trace_export import begin

    return begin(endpoint, service)
