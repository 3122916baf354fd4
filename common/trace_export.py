"""Sends spans to an OpenTelemetry collector, without anything that could name a person.

What leaves is a list of attributes that say what was done and how it ended: no address with its query, no values of a
statement, no message of an error.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import set_global_textmap
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

# Names of HTTP are those of the old and of the new semantic conventions.
ALLOWED_ATTRIBUTES = frozenset(
    {
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
)
# A stop waits no longer than this for a collector that does not answer.
_TIMEOUT_S = 2.0


def start_export(
    endpoint: str,
    service: str,
    attributes: Iterable[str],
    instrumentors: Sequence[Any],
    *,
    drop_orphans: bool = False,
) -> Callable[[], None]:
    """Starts tracing this process as `service`; returns a function that sends the rest and ends tracing, and blocks.

    attributes: names that may leave besides ALLOWED_ATTRIBUTES.
    instrumentors: those of opentelemetry.instrumentation, not started yet.
    drop_orphans: whether client and consumer spans without a parent are dropped.
    """
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False)
    if drop_orphans:
        provider.sampler = OrphanFilter(provider.sampler)
    exporter = AllowListExporter(ALLOWED_ATTRIBUTES | set(attributes), f"{endpoint}/v1/traces", timeout=_TIMEOUT_S)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    # Without baggage: what a browser sends along is not passed on.
    set_global_textmap(TraceContextTextMapPropagator())
    for instrumentor in instrumentors:
        instrumentor.instrument()
    return provider.shutdown


class AllowListExporter(OTLPSpanExporter):
    """Exports copies of spans that hold allowed attributes only, whichever library made the span."""

    def __init__(self, allowed: frozenset[str], endpoint: str, timeout: float) -> None:
        super().__init__(endpoint, timeout=timeout)
        self._allowed = allowed

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return super().export([without_secrets(span, self._allowed) for span in spans])


class OrphanFilter(Sampler):
    """Drops client and consumer spans without a parent: statements of the sweeper, tasks of the scheduler."""

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
        return f"OrphanFilter({self._inner.get_description()})"


def without_secrets(span: ReadableSpan, allowed: frozenset[str]) -> ReadableSpan:
    """Returns a copy with allowed attributes only, and exceptions by their types without their messages."""

    def filtered(attributes: Any) -> dict[str, Any]:
        return {name: value for name, value in (attributes or {}).items() if name in allowed}

    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=filtered(span.attributes),
        events=[Event(event.name, filtered(event.attributes), event.timestamp) for event in span.events],
        links=[Link(link.context) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
