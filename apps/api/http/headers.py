"""The response headers in the schema; each is described once and then referenced."""

from collections.abc import Iterator, Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from api.http.idempotency.answers import REPLAYED

NUMBER = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
HEADERS: Mapping[str, dict[str, Any]] = {
    "Idempotency-Replayed": {
        "description": "`true` where this is the first answer again.",
        "schema": {"type": "string", "const": "true"},
    },
    "Location": {
        "description": "Where to look: at what was made, at the job, or for the file.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Preference-Applied": {"description": "What of `Prefer` was done.", "schema": TEXT},
    "RateLimit": {
        "description": "`r` calls are left, all of them again in `t` seconds.",
        "schema": TEXT,
        "example": '"user-reads";r=5999;t=1',
    },
    "RateLimit-Policy": {
        "description": "`q` calls are allowed in `w` seconds.",
        "schema": TEXT,
        "example": '"user-reads";q=6000;w=60',
    },
    "Retry-After": {"description": "Seconds to wait before asking again.", "schema": NUMBER},
}


def list_header_names(method: str, status: str, *, is_of_job: bool) -> Iterator[str]:
    """Yield the names of HEADERS that a response may have.

    `status` is as in the schema, `default` for problems. `is_of_job`: the operation starts or
    returns a job, which a caller may wait for.
    """
    yield from ("RateLimit", "RateLimit-Policy")
    is_success = status.startswith("2")
    is_job_response = is_of_job and status in {"200", "304"}
    is_started = method == "POST" and (status in {"201", "202"} or (is_of_job and status == "200"))
    if is_started or status in {"302", "303"}:
        yield "Location"
    if method == "POST" and (is_success or status == "303"):
        yield REPLAYED
    if status in {"202", "default"} or is_job_response:
        yield "Retry-After"
    if is_job_response or (is_of_job and is_success):
        yield "Preference-Applied"


def register_headers(schema: AutoSchema, names: Iterator[str]) -> dict[str, Any]:
    """Add the headers to the components of the schema; return references to them by name."""
    kind = ResolvedComponent.HEADER
    return {name: _register_component(schema, kind, name, HEADERS[name]) for name in names}


def register_response(schema: AutoSchema, name: str, response: dict[str, Any]) -> dict[str, Any]:
    """Add a response of many operations to the components; return a reference to it."""
    return _register_component(schema, ResolvedComponent.RESPONSE, name, response)


def _register_component(
    schema: AutoSchema, kind: str, name: str, content: dict[str, Any]
) -> dict[str, Any]:
    component = ResolvedComponent(name, kind, content, object=name)  # type: ignore[no-untyped-call]
    schema.registry.register_on_missing(component)
    return dict(component.ref)
