"""Traces, sent with OpenTelemetry's protocol to the address in the settings, if there is one."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from config.request_paths import PROBES, hide_secrets

if TYPE_CHECKING:
    from opentelemetry.trace import Span

TRACER = "vanish"
# The tracing middleware comes after TrustedProxies and RequestLogMiddleware.
MIDDLEWARE_POSITION = 2
URL_ATTRIBUTES = ("http.target", "http.url", "url.full", "url.path")


def start_tracing(service: str) -> None:
    """Start sending this process's traces. Call it once in each process, after the last fork.

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
    _install_instrumentation()


def stop_tracing() -> None:
    """Send the traces that still wait; for processes that end without Python's exit functions."""
    if not settings.TRACES_ENDPOINT:
        return
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider

    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


def start_span(name: str, **attributes: str | float | bool) -> AbstractContextManager[object]:
    """Start a span in the current trace, for one stage of the work."""
    if not settings.TRACES_ENDPOINT:
        return nullcontext()
    from opentelemetry import trace

    return trace.get_tracer(TRACER).start_as_current_span(name, attributes=attributes)


def _install_instrumentation() -> None:
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
    """Remove the query string, which may hold signatures, and the secrets from the path.

    The names of the attributes depend on the semantic conventions in use.
    """
    from opentelemetry.sdk.trace import ReadableSpan

    if not isinstance(span, ReadableSpan):
        return
    path = hide_secrets(request)
    safe_values = dict.fromkeys(URL_ATTRIBUTES, path) | {"url.query": ""}
    for name in safe_values.keys() & (span.attributes or {}).keys():
        span.set_attribute(name, safe_values[name])
