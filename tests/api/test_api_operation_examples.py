"""Every operation has examples, and every example matches its schema."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from api.operation_examples import OPERATION_EXAMPLES
from api.views.site import build_api_schema

Body = Mapping[str, Any]


@cache
def get_operations() -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for methods in build_api_schema()["paths"].values()
        for operation in methods.values()
    }


def list_contents(operation: Body) -> Iterator[tuple[str, Body]]:
    """Yield the bodies of the request and the responses, in all media types."""
    request = operation.get("requestBody", {})
    for part in (request, *operation["responses"].values()):
        yield from part.get("content", {}).items()


def list_examples(operation: Body) -> Iterator[tuple[Body, Any]]:
    """Yield each example with its schema."""
    parts = [content for _, content in list_contents(operation)] + operation.get("parameters", [])
    for part in parts:
        for example in part.get("examples", {}).values():
            yield part["schema"], example["value"]


def list_faults(schema: Body, value: object) -> list[str]:
    whole = Resource.from_contents(build_api_schema(), default_specification=DRAFT202012)
    validator = Draft202012Validator(
        _expand_references(schema),
        registry=Registry().with_resource("urn:api", whole),
        format_checker=FormatChecker(),
    )
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]


def _expand_references(schema: Any) -> Any:
    """Return the schema with references into the whole document."""
    if isinstance(schema, Mapping):
        return {
            key: f"urn:api{value}" if key == "$ref" else _expand_references(value)
            for key, value in schema.items()
        }
    return [_expand_references(item) for item in schema] if isinstance(schema, list) else schema


def test_the_examples_are_of_exactly_the_existing_operations() -> None:
    assert set(OPERATION_EXAMPLES) == set(get_operations())


@pytest.mark.parametrize("operation_id", OPERATION_EXAMPLES)
def test_every_body_and_path_parameter_has_an_example(operation_id: str) -> None:
    operation = get_operations()[operation_id]
    text_types = {"application/json", "application/problem+json", "multipart/form-data"}
    bodies = [(kind, content) for kind, content in list_contents(operation) if kind in text_types]
    parameters = [each for each in operation.get("parameters", []) if each["in"] == "path"]
    # A body that may be a form or JSON needs an example in at least one of the two.
    request = operation.get("requestBody", {}).get("content", {})
    assert not request.keys() & text_types or any("examples" in body for body in request.values())
    responses = [body for _, body in bodies if body not in request.values()]
    assert [part for part in (*responses, *parameters) if not part.get("examples")] == []


@pytest.mark.parametrize("operation_id", OPERATION_EXAMPLES)
def test_every_example_matches_its_schema(operation_id: str) -> None:
    examples = list(list_examples(get_operations()[operation_id]))
    assert examples
    assert [fault for schema, value in examples for fault in list_faults(schema, value)] == []


@pytest.mark.parametrize("operation_id", OPERATION_EXAMPLES)
def test_a_response_example_has_all_fields(operation_id: str) -> None:
    example = OPERATION_EXAMPLES[operation_id].response
    bodies = [
        content["schema"]
        for status, response in get_operations()[operation_id]["responses"].items()
        for kind, content in response.get("content", {}).items()
        if status.startswith("2") and kind == "application/json"
    ]
    for schema in bodies:
        assert example is not None
        name = schema["$ref"].rpartition("/")[2]
        assert set(example) == set(build_api_schema()["components"]["schemas"][name]["properties"])
