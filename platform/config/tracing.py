"""Traces, sent with OpenTelemetry's protocol to the address that is set; nothing without one."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from config.request_paths import PROBES, hide_secrets

if TYPE_CHECKING:
    from opentelemetry.trace import Span

TRACER = "vanish"
# The tracing middleware stands behind TrustedProxies and RequestLogMiddleware.
MIDDLEWARE_POSITION = 2
ADDRESSES = ("http.target", "http.url", "url.full", "url.path")


def start_tracing(service: str) -> None:
    """Send this process's traces. To be called after the last fork, once a process.

    The exporter reads OpenTelemetry's own variables: address, headers, certificates, sampling.
    """
    if not settings.TRACES_ENDPOINT:
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    _instrument()


def stop_tracing() -> None:
    """Send what is still held back; for processes that end without Python's exit functions."""
    if not settings.TRACES_ENDPOINT:
        return
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider

    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


def span(name: str, **attributes: str | float | bool) -> AbstractContextManager[object]:
    """A stage of the work, as a part of the trace that is under way."""
    if not settings.TRACES_ENDPOINT:
        return nullcontext()
    from opentelemetry import trace

    return trace.get_tracer(TRACER).start_as_current_span(name, attributes=attributes)


def _instrument() -> None:
    from opentelemetry.instrumentation.botocore import BotocoreInstrumentor
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor

    DjangoInstrumentor().instrument(
        middleware_position=MIDDLEWARE_POSITION,
        response_hook=_hide_query,
        excluded_urls=",".join(rf"{probe}\??$" for probe in PROBES),
    )
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]
    Psycopg2Instrumentor().instrument()
    BotocoreInstrumentor().instrument()  # type: ignore[no-untyped-call]


def _hide_query(span: "Span", request: HttpRequest, _response: HttpResponseBase) -> None:
    """A query string may hold signatures. Which names there are depends on the conventions set."""
    from opentelemetry.sdk.trace import ReadableSpan

    if not isinstance(span, ReadableSpan):
        return
    path = hide_secrets(request)
    shown = dict.fromkeys(ADDRESSES, path) | {"url.query": ""}
    for name in shown.keys() & (span.attributes or {}).keys():
        span.set_attribute(name, shown[name])
