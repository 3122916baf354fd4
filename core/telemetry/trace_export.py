"""Exports spans to a collector, with an allow-list of attributes that say what was done and how it ended.

No address with its query, no values of a statement, no message of an error, nothing of whom.
"""

from collections.abc import Callable, Sequence
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor
from opentelemetry.propagate import set_global_textmap
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from core.telemetry.span_attributes import JOB_ID, REQUEST_ID

# Statements contain no values. HTTP and database names are those of the old and the new semantic convention.
_TOLD = {
    JOB_ID,
    REQUEST_ID,
    "http.method",
    "http.request.method",
    "http.status_code",
    "http.response.status_code",
    "http.route",
    "db.system",
    "db.system.name",
    "db.statement",
    "db.query.text",
    "celery.action",
    "celery.state",
    "celery.task_name",
    "messaging.destination",
    "messaging.destination.name",
    "error.type",
    "exception.type",
}
# At a stop, the time to wait for a collector that does not respond.
_TIMEOUT_S = 2.0


def begin(endpoint: str, service: str) -> Callable[[], None]:
    """Starts tracing this process; returns a function that flushes and stops."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False)
    provider.sampler = NoOrphans(provider.sampler)
    provider.add_span_processor(BatchSpanProcessor(Exporter(f"{endpoint}/v1/traces", timeout=_TIMEOUT_S)))
    trace.set_tracer_provider(provider)
    # Without baggage: values that a browser sends are not propagated.
    set_global_textmap(TraceContextTextMapPropagator())
    for instrumentor in (HTTPXClientInstrumentor(), Psycopg2Instrumentor(), CeleryInstrumentor()):  # type: ignore[no-untyped-call]
        instrumentor.instrument()
    return provider.shutdown


class Exporter(OTLPSpanExporter):
    """Removes attributes that must not be exported, whichever library made the span."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return super().export([without_secrets(span) for span in spans])


class NoOrphans(Sampler):
    """Drops root spans of background work: statements and calls of the sweeper, tasks that the scheduler sends."""

    def __init__(self, inner: Sampler) -> None:
        self._inner = inner

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        *rest: Any,
        **more: Any,
    ) -> SamplingResult:
        has_parent = trace.get_current_span(parent_context).get_span_context().is_valid
        if kind in (SpanKind.CLIENT, SpanKind.CONSUMER) and not has_parent:
            return SamplingResult(Decision.DROP)
        return self._inner.should_sample(parent_context, trace_id, name, kind, *rest, **more)

    def get_description(self) -> str:
        return f"NoOrphans({self._inner.get_description()})"


def without_secrets(span: ReadableSpan) -> ReadableSpan:
    """Returns a copy with the allowed attributes, and the types of exceptions without their messages."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_told(span.attributes),
        events=[Event(event.name, _told(event.attributes), event.timestamp) for event in span.events],
        links=[Link(link.context) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _told(attributes: Any) -> dict[str, Any]:
    return {name: value for name, value in (attributes or {}).items() if name in _TOLD}
