"""schema/: the API describes itself completely and without warnings."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from api import urls
from tests.api.caller import Caller

pytestmark = pytest.mark.django_db
UNDESCRIBED = {"api-schema", "api-unknown"}


def test_the_schema_is_valid_and_raises_no_warning() -> None:
    out, errors = io.StringIO(), io.StringIO()
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null",
        stdout=out, stderr=errors,
    )  # fmt: skip
    assert "Warning" not in errors.getvalue()


def test_the_schema_is_public_and_describes_every_path() -> None:
    response = Caller().get("schema/")
    schema = response.json()
    assert (response.status_code, schema["openapi"]) == (200, "3.1.1")
    described = set(schema["paths"])
    named = {pattern.name for pattern in urls.urlpatterns} - UNDESCRIBED
    assert len(described) == len(named)
    for path in described:
        assert get_resolver().resolve(_fill_path(path)).url_name in named


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/api/v1/photos/", "post", {"201"}),
        ("/api/v1/photos/{photo_id}/edits/", "post", {"200", "202"}),
        ("/api/v1/edits/{edit_id}/", "delete", {"202"}),
        ("/api/v1/vanish/", "post", {"200", "202", "303"}),
        ("/api/v1/masks/{mask_id}/file/", "get", {"200", "206", "302", "304"}),
        ("/api/v1/auth/tokens/{token_id}/", "delete", {"204"}),
    ],
)
def test_statuses_and_problems_are_described(path: str, method: str, statuses: set[str]) -> None:
    schema = Caller().get("schema/").json()
    responses = schema["paths"][path][method]["responses"]
    assert set(responses) == statuses | {"default"}
    problem = _resolve(schema, responses["default"])
    assert list(problem["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(
    ("path", "method", "status", "names"),
    [
        ("photos/", "get", "200", {"ETag"}),
        ("photos/", "get", "304", set()),
        ("photos/", "get", "default", {"Retry-After"}),
        ("photos/", "post", "201", {"Location", "Idempotency-Replayed"}),
        ("photos/{photo_id}/original/", "get", "302", {"Location"}),
        ("vanish/", "post", "303", {"Location", "Idempotency-Replayed"}),
        (
            "photos/{photo_id}/edits/", "post", "202",
            {"Location", "Idempotency-Replayed", "Retry-After", "Preference-Applied"},
        ),
        ("edits/{edit_id}/", "get", "200", {"ETag", "Retry-After", "Preference-Applied"}),
        ("edits/{edit_id}/", "get", "304", {"Retry-After", "Preference-Applied"}),
        ("edits/{edit_id}/", "delete", "202", {"Retry-After"}),
    ],
)  # fmt: skip
def test_headers_are_described(path: str, method: str, status: str, names: set[str]) -> None:
    schema = Caller().get("schema/").json()
    response = schema["paths"][f"/api/v1/{path}"][method]["responses"][status]
    headers = _resolve(schema, response)["headers"]
    assert set(headers) == names | {"RateLimit", "RateLimit-Policy"}
    assert all(_resolve(schema, header)["schema"] for header in headers.values())


def test_files_are_sent_as_forms() -> None:
    body = Caller().get("schema/").json()["paths"]["/api/v1/photos/"]["post"]["requestBody"]
    assert set(body["content"]) == {"application/json", "multipart/form-data"}


def _fill_path(path: str) -> str:
    examples = {"{example_id}": "astronaut", "{number}": "1"}
    some_id = "00000000-0000-4000-8000-000000000000"
    parts = [
        examples.get(part, some_id) if part.startswith("{") else part for part in path.split("/")
    ]
    return "/".join(parts)


def _resolve(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference refers to; return other parts unchanged."""
    while "$ref" in part:
        _, _, kind, name = part["$ref"].split("/")
        part = schema["components"][kind][name]
    return part
