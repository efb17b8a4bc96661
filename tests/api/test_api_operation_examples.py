"""Every operation is shown by example, and every example is true to its own schema."""

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
def operations() -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for methods in build_api_schema()["paths"].values()
        for operation in methods.values()
    }


def contents(operation: Body) -> Iterator[tuple[str, Body]]:
    """All bodies that it is sent or answers, in all media types."""
    asked = operation.get("requestBody", {})
    for place in (asked, *operation["responses"].values()):
        yield from place.get("content", {}).items()


def examples(operation: Body) -> Iterator[tuple[Body, Any]]:
    """Each example with its schema."""
    shown = [content for _, content in contents(operation)] + operation.get("parameters", [])
    for place in shown:
        for example in place.get("examples", {}).values():
            yield place["schema"], example["value"]


def faults(schema: Body, value: object) -> list[str]:
    whole = Resource.from_contents(build_api_schema(), default_specification=DRAFT202012)
    validator = Draft202012Validator(
        _within(schema),
        registry=Registry().with_resource("urn:api", whole),
        format_checker=FormatChecker(),
    )
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]


def _within(schema: Any) -> Any:
    """The schema with its references leading into the whole document."""
    if isinstance(schema, Mapping):
        return {
            key: f"urn:api{value}" if key == "$ref" else _within(value)
            for key, value in schema.items()
        }
    return [_within(item) for item in schema] if isinstance(schema, list) else schema


def test_no_example_is_of_an_operation_that_there_is_not() -> None:
    assert set(OPERATION_EXAMPLES) == set(operations())


@pytest.mark.parametrize("operation_id", OPERATION_EXAMPLES)
def test_every_body_and_every_place_in_a_path_is_shown(operation_id: str) -> None:
    operation = operations()[operation_id]
    is_text = {"application/json", "application/problem+json", "multipart/form-data"}
    bodies = [(kind, content) for kind, content in contents(operation) if kind in is_text]
    places = [each for each in operation.get("parameters", []) if each["in"] == "path"]
    # A body that may be a form or JSON is shown in one of the two at least.
    asked = operation.get("requestBody", {}).get("content", {})
    assert not asked.keys() & is_text or any("examples" in body for body in asked.values())
    answers = [body for _, body in bodies if body not in asked.values()]
    assert [place for place in (*answers, *places) if not place.get("examples")] == []


@pytest.mark.parametrize("operation_id", OPERATION_EXAMPLES)
def test_every_example_is_true_to_its_schema(operation_id: str) -> None:
    shown = list(examples(operations()[operation_id]))
    assert shown
    assert [found for schema, value in shown for found in faults(schema, value)] == []


@pytest.mark.parametrize("operation_id", OPERATION_EXAMPLES)
def test_an_answer_is_shown_with_all_its_fields(operation_id: str) -> None:
    answer = OPERATION_EXAMPLES[operation_id].response
    bodies = [
        content["schema"]
        for status, told in operations()[operation_id]["responses"].items()
        for kind, content in told.get("content", {}).items()
        if status.startswith("2") and kind == "application/json"
    ]
    for schema in bodies:
        assert answer is not None
        name = schema["$ref"].rpartition("/")[2]
        assert set(answer) == set(build_api_schema()["components"]["schemas"][name]["properties"])
