"""Generated calls of every operation by three callers: each response conforms to the schema.

VANISH_FUZZ_EXAMPLES sets the number of calls of each; with `make fuzz-api` they differ by run.
"""

import copy
import os
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.http.headers import HEADERS
from api.operation_examples import OPERATION_EXAMPLES
from api.views.site import build_api_schema
from tests.access.sample_data import SampleData, build_sample_data
from tests.fuzz.inputs import CALLERS, build_credentials, build_path_parameters, build_valid_fields

FEW = 10
EXAMPLES = int(os.environ.get("VANISH_FUZZ_EXAMPLES", FEW))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Operations where wrong credentials in the body give 401 too.
SIGN_IN_OPERATIONS = {"tokens_create"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]


@cache
def build_handler() -> WSGIHandler:
    """Build the handler in the first test, since it reads folders that the tests replace."""
    return WSGIHandler()


def serve_site(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Serve the whole site as a web server does, closing each response after sending it."""
    response = build_handler()(environ, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()


@cache
def load_operations() -> dict[str, Any]:
    """Return the operations of the served schema by their ids."""
    # Credentials are set by the test, not generated.
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", serve_site, config=config)
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    return {operation.definition.raw["operationId"]: operation for operation in operations}


@st.composite
def generate_calls(draw: st.DrawFn, operation: Any, sample: SampleData) -> Case[Any]:
    """Generate calls, mostly of existing rows; some bodies and ids are invalid."""
    names = [each.name for each in operation.path_parameters]
    has_random_path = draw(st.integers(0, 9)) == 0
    path_parameters = None if has_random_path else build_path_parameters(sample, names)
    can_be_invalid = bool(operation.body) or bool(operation.query)
    is_invalid = can_be_invalid and draw(st.integers(0, 3)) == 0
    mode = GenerationMode.NEGATIVE if is_invalid else GenerationMode.POSITIVE
    case: Case[Any] = draw(
        operation.as_strategy(generation_mode=mode, path_parameters=path_parameters)
    )
    if any(each.name == "Prefer" for each in operation.headers):
        case.headers["Prefer"] = "wait=0"  # No worker runs, so a wait never ends early.
    if isinstance(case.body, dict):
        valid = build_valid_fields(sample, is_form=case.media_type == "multipart/form-data")
        known = sorted(case.body.keys() & valid.keys())
        if draw(st.booleans()):
            case.body = {name: valid[name] for name in known}
        for name in known:
            if draw(st.booleans()):
                case.body[name] = valid[name]
    return case


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("operation_id", OPERATION_EXAMPLES)
def test_every_response_conforms_to_the_schema(operation_id: str, caller: str) -> None:
    operation, sample = load_operations()[operation_id], build_sample_data()
    credentials = build_credentials(caller, sample)

    @settings(
        max_examples=EXAMPLES,
        derandomize=EXAMPLES == FEW,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=generate_calls(operation, sample))
    def send_case(case: Case[Any]) -> None:
        with transaction.atomic():
            # A copy, because the call changes its arguments.
            response = case.call(**copy.deepcopy(credentials))
            check_response(case, response)
            assert (response.status_code == 401) <= (
                caller == "nobody" or operation_id in SIGN_IN_OPERATIONS
            )
            transaction.set_rollback(True)

    send_case()


def check_response(case: Case[Any], response: Any) -> None:
    """Check a response against the schema; with `fields` it lacks required properties."""
    has_all_fields = "fields" not in (case.query or {})
    checks = [each for each in CHECKS if has_all_fields or each is not response_schema_conformance]
    case.validate_response(response, checks=checks)
    described = case.operation.definition.raw["responses"]
    status = str(response.status_code)
    assert response.status_code >= 400 or status in described
    assert response.status_code != 201 or "location" in response.headers
    described_headers = resolve(described.get(status, described["default"]))["headers"]
    sent = {name for name in HEADERS if name.lower() in response.headers}
    assert sent <= set(described_headers)


def resolve(response: dict[str, Any]) -> dict[str, Any]:
    """Return the response that a reference refers to, or the response itself."""
    if "$ref" not in response:
        return response
    name = response["$ref"].rpartition("/")[2]
    shared: dict[str, Any] = build_api_schema()["components"]["responses"][name]
    return shared
