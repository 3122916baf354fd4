"""The span exporter of both servers: only allowed attributes are exported."""

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import SpanKind

from common.trace_export import ALLOWED_ATTRIBUTES, OrphanFilter, without_secrets

SECRET = "https://store.test/take.flac?signature=0123456789"


def make_provider(exporter: InMemorySpanExporter) -> TracerProvider:
    provider = TracerProvider(sampler=OrphanFilter(ALWAYS_ON), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider


def test_only_allowed_attributes_are_exported() -> None:
    exporter = InMemorySpanExporter()
    tracer = make_provider(exporter).get_tracer("test")
    with tracer.start_as_current_span("GET", attributes={"http.route": "/api/tokens", "url.full": SECRET, "own": "1"}):
        trace.get_current_span().record_exception(ValueError(SECRET))
    (span,) = exporter.get_finished_spans()
    sent = without_secrets(span, ALLOWED_ATTRIBUTES | {"own"})
    assert dict(sent.attributes or {}) == {"http.route": "/api/tokens", "own": "1"}
    assert [dict(event.attributes or {}) for event in sent.events] == [{"exception.type": "ValueError"}]
    assert SECRET not in sent.to_json()


def test_client_spans_without_a_parent_are_dropped() -> None:
    exporter = InMemorySpanExporter()
    tracer = make_provider(exporter).get_tracer("test")
    with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT):
        pass
    with tracer.start_as_current_span("request"), tracer.start_as_current_span("INSERT", kind=SpanKind.CLIENT):
        pass
    assert [span.name for span in exporter.get_finished_spans()] == ["INSERT", "request"]
