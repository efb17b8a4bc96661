"""Traces are sent to the configured collector, without secrets."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from processes.programs import build_environment
from tests.web_server import WebServer

SIGNATURE = "0123456789abcdef"
UNKNOWN = "/api/v1/nowhere/"


@dataclass
class Collector:
    """A stand-in for OpenTelemetry's collector; other requests get an empty response."""

    server: ThreadingHTTPServer
    spans: dict[str, list[Span]] = field(default_factory=dict)
    """The received spans by service name."""

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that make a process send here."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url}

    @property
    def url(self) -> str:
        """The URL of the collector."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def store(self, message: ExportTraceServiceRequest) -> None:
        """Store the spans of one message."""
        for resource in message.resource_spans:
            known = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans.setdefault(known["service.name"], []).extend(scope.spans)


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A running collector."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                running.store(ExportTraceServiceRequest.FromString(body))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        running = Collector(server)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield running
        server.shutdown()
        thread.join()


def run_program(folder: Path, program: str, **variables: str) -> str:
    """Run a program after setting up Django; return what it prints."""
    result = subprocess.run(
        [sys.executable, "-c", f"import os, sys, django\ndjango.setup()\n{program}"],
        env=build_environment() | {"VANISH_DATA_DIR": str(folder)} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.mark.parametrize("conventions", ["", "http"])
def test_requests_are_traced_without_their_query_strings(
    tmp_path: Path, collector: Collector, conventions: str
) -> None:
    variables = collector.variables | {"OTEL_SEMCONV_STABILITY_OPT_IN": conventions}
    with WebServer(tmp_path, **variables) as server:
        with closing(server.connect()) as connection:
            for path in ("/livez", f"{UNKNOWN}?X-Amz-Signature={SIGNATURE}"):
                connection.request("GET", path)
                connection.getresponse().read()
        server.terminate()
        server.wait()

    spans = collector.spans["web"]
    (request,) = (span for span in spans if span.kind == Span.SPAN_KIND_SERVER)
    assert request.name.startswith("GET api/v1/")
    assert UNKNOWN in [each.value.string_value for each in request.attributes]
    assert SIGNATURE not in str(spans)


def test_stages_and_aws_calls_are_parts_of_one_trace(tmp_path: Path, collector: Collector) -> None:
    program = """
import boto3
from config.tracing import start_span, start_tracing, stop_tracing

start_tracing("worker")
s3 = boto3.client("s3", endpoint_url=os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"])
with start_span("decode", edit_id="e1"):
    photo = {"Bucket": "photos", "Key": "a"}
    print(s3.generate_presigned_url("get_object", photo))
    s3.get_object(**photo)
stop_tracing()
sys.stdout.flush()
os._exit(0)
"""
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_REGION": "eu-west-1"}
    signed_url = run_program(tmp_path, program, **keys, **collector.variables)

    spans = {span.name: span for span in collector.spans["worker"]}
    assert set(spans) == {"decode", "S3.GetObject"}
    assert spans["S3.GetObject"].parent_span_id == spans["decode"].span_id
    (stage,) = spans["decode"].attributes
    assert (stage.key, stage.value.string_value) == ("edit_id", "e1")
    assert "Signature=" in signed_url
    assert "Signature" not in str(collector.spans)


def test_statements_are_traced_without_their_values(
    tmp_path: Path, collector: Collector, postgres_url: str
) -> None:
    program = """
from django.db import connection
from config.tracing import start_tracing, stop_tracing

start_tracing("worker")
with connection.cursor() as cursor:
    cursor.execute("SELECT %s", ["somebody's name"])
stop_tracing()
"""
    run_program(tmp_path, program, DATABASE_URL=postgres_url, **collector.variables)

    statements = [
        each.value.string_value
        for span in collector.spans["worker"]
        for each in span.attributes
        if each.key == "db.statement"
    ]
    assert "SELECT %s" in statements
    assert "somebody" not in str(collector.spans)


def test_opentelemetry_is_not_imported_where_tracing_is_off(tmp_path: Path) -> None:
    program = """
import config.wsgi
from config.tracing import start_span, start_tracing, stop_tracing

start_tracing("web")
with start_span("decode", edit_id="e1"):
    stop_tracing()
print(sorted(name for name in sys.modules if name.startswith("opentelemetry")))
"""
    assert run_program(tmp_path, program, OTEL_EXPORTER_OTLP_ENDPOINT="") == "[]"
