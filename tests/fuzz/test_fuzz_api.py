"""Made-up calls of every operation, by three people: what comes back is what the schema says.

VANISH_FUZZ_EXAMPLES says how many of each; from `make fuzz-api` they differ from run to run.
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
from tests.access.scene import Scene, build
from tests.fuzz.people_of_the_api import WHO, meant_well, path_of, signed_in

FEW = 10
EXAMPLES = int(os.environ.get("VANISH_FUZZ_EXAMPLES", FEW))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Where wrong words in the body are answered by 401 too.
OPEN = {"tokens_create"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]


@cache
def handler() -> WSGIHandler:
    """Made in the first test, for it looks at folders that tests have of their own."""
    return WSGIHandler()


def site(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The whole site as a web server runs it: what has been sent is closed."""
    answer = handler()(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


@cache
def operations() -> dict[str, Any]:
    """What the served schema describes, by its ids."""
    # Who asks is ours to say, not to be made up.
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", site, config=config)
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    return {operation.definition.raw["operationId"]: operation for operation in found}


@st.composite
def calls(draw: st.DrawFn, operation: Any, scene: Scene) -> Case[Any]:
    """Most are of things that are there; some bodies are wrong, and some ids."""
    names = [each.name for each in operation.path_parameters]
    is_wild = draw(st.integers(0, 9)) == 0
    path = None if is_wild else path_of(scene, names)
    can_be_wrong = bool(operation.body) or bool(operation.query)
    is_wrong = can_be_wrong and draw(st.integers(0, 3)) == 0
    mode = GenerationMode.NEGATIVE if is_wrong else GenerationMode.POSITIVE
    case: Case[Any] = draw(operation.as_strategy(generation_mode=mode, path_parameters=path))
    if any(each.name == "Prefer" for each in operation.headers):
        case.headers["Prefer"] = "wait=0"  # Nobody works here: who waits would wait in vain.
    if isinstance(case.body, dict):
        well = meant_well(scene, is_form=case.media_type == "multipart/form-data")
        named = sorted(case.body.keys() & well.keys())
        if draw(st.booleans()):
            case.body = {name: well[name] for name in named}
        for name in named:
            if draw(st.booleans()):
                case.body[name] = well[name]
    return case


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("operation_id", OPERATION_EXAMPLES)
def test_what_comes_back_is_what_the_schema_says(operation_id: str, who: str) -> None:
    operation, scene = operations()[operation_id], build()
    credentials = signed_in(who, scene)

    @settings(
        max_examples=EXAMPLES,
        derandomize=EXAMPLES == FEW,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=calls(operation, scene))
    def call(case: Case[Any]) -> None:
        with transaction.atomic():
            # A copy, for what is handed over gets used up.
            answer = case.call(**copy.deepcopy(credentials))
            check(case, answer)
            assert (answer.status_code == 401) <= (who == "nobody" or operation_id in OPEN)
            transaction.set_rollback(True)

    call()


def check(case: Case[Any], answer: Any) -> None:
    """Who asks for some of the fields gets no others."""
    is_whole = "fields" not in (case.query or {})
    wanted = [each for each in CHECKS if is_whole or each is not response_schema_conformance]
    case.validate_response(answer, checks=wanted)
    told = case.operation.definition.raw["responses"]
    status = str(answer.status_code)
    assert answer.status_code >= 400 or status in told
    assert answer.status_code != 201 or "location" in answer.headers
    described = resolved(told.get(status, told["default"]))["headers"]
    sent = {name for name in HEADERS if name.lower() in answer.headers}
    assert sent <= set(described)


def resolved(response: dict[str, Any]) -> dict[str, Any]:
    """What stands under its reference, where it is one."""
    if "$ref" not in response:
        return response
    name = response["$ref"].rpartition("/")[2]
    shared: dict[str, Any] = build_api_schema()["components"]["responses"][name]
    return shared
