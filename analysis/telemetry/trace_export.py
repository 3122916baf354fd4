"""Sends spans to a collector, with only those attributes that name an operation and its outcome.

No URL (ours are signed), no text of a line, no message of an error.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.propagate import set_global_textmap
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.trace import Link, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from analysis.telemetry.span_attributes import JOB_ID

# HTTP attributes have the names of both the old and the new semantic convention.
_EXPORTED: Final = {
    JOB_ID,
    "http.method",
    "http.request.method",
    "http.status_code",
    "http.response.status_code",
    "http.route",
    "celery.action",
    "celery.state",
    "celery.task_name",
    "messaging.destination",
    "messaging.destination.name",
    "error.type",
    "exception.type",
}
# The longest wait for a collector that does not respond, also when the process stops.
_TIMEOUT_S: Final = 2.0


def begin(endpoint: str, service: str) -> Callable[[], None]:
    """Starts to trace this process; returns a function that sends the remaining spans and stops."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(Exporter(f"{endpoint}/v1/traces", timeout=_TIMEOUT_S)))
    trace.set_tracer_provider(provider)
    set_global_textmap(TraceContextTextMapPropagator())
    for instrumentor in (HTTPXClientInstrumentor(), CeleryInstrumentor()):  # type: ignore[no-untyped-call]
        instrumentor.instrument()
    return provider.shutdown


class Exporter(OTLPSpanExporter):
    """Removes secret attributes from every span, also from those of instrumented libraries."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return super().export([without_secrets(span) for span in spans])


def without_secrets(span: ReadableSpan) -> ReadableSpan:
    """Returns a copy with the listed attributes only, and the types of exceptions without their messages."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_exported(span.attributes),
        events=[Event(event.name, _exported(event.attributes), event.timestamp) for event in span.events],
        links=[Link(link.context) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _exported(attributes: Any) -> dict[str, Any]:
    return {name: value for name, value in (attributes or {}).items() if name in _EXPORTED}
