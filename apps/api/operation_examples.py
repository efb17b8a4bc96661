"""The examples of all operations in the schema, read from operation_examples.yaml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any, Literal

import yaml
from drf_spectacular.utils import OpenApiExample

Body = Mapping[str, Any]

JSON, FORM, PROBLEM_JSON = "application/json", "multipart/form-data", "application/problem+json"
PATH: Literal["path"] = "path"


@dataclass(frozen=True)
class OperationExample:
    """The requests and responses of an operation; the data file describes the fields."""

    requests: Mapping[str, Body] = field(default_factory=dict)
    forms: Mapping[str, Body] = field(default_factory=dict)
    response: Body | None = None
    status: int = 200
    ended: Body | None = None
    refusals: Mapping[str, Body] = field(default_factory=dict)


def build_examples(operation_id: str) -> list[OpenApiExample]:
    """Return the operation's examples as drf-spectacular takes them."""
    example = OPERATION_EXAMPLES.get(operation_id, OperationExample())
    return [*_build_path_examples(), *_build_requests(example), *_build_responses(example)]


def _build_path_examples() -> Iterator[OpenApiExample]:
    for name, value in _DOCUMENT["path_parameters"].items():
        yield OpenApiExample(name, value, parameter_only=(name, PATH))


def _build_requests(example: OperationExample) -> Iterator[OpenApiExample]:
    for media_type, bodies in ((JSON, example.requests), (FORM, example.forms)):
        for title, body in bodies.items():
            yield OpenApiExample(title, body, request_only=True, media_type=media_type)


def _build_responses(example: OperationExample) -> Iterator[OpenApiExample]:
    if example.response is not None:
        yield _build_response("Answer", example.response, str(example.status), JSON)
    if example.ended is not None:
        yield _build_response("Ended", example.ended, "200", JSON)
    for title, problem in (_DOCUMENT["common_refusals"] | example.refusals).items():
        yield _build_response(title, problem, "default", PROBLEM_JSON)


def _build_response(title: str, body: Body, status: str, media_type: str) -> OpenApiExample:
    return OpenApiExample(
        title, body, response_only=True, status_codes=[status], media_type=media_type
    )


def _load_document() -> dict[str, Any]:
    """Return the data file with its `names` put in."""
    text = Path(__file__).with_suffix(".yaml").read_text("utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    names = document.pop("names")
    return {key: _replace_names(value, names) for key, value in document.items()}


def _replace_names(value: Any, names: Mapping[str, str]) -> Any:
    """Return `value` with each `$NAME` in its texts replaced. Raises KeyError if it is unknown."""
    if isinstance(value, str):
        return Template(value).substitute(names)
    if isinstance(value, Mapping):
        return {key: _replace_names(item, names) for key, item in value.items()}
    return [_replace_names(item, names) for item in value] if isinstance(value, list) else value


_DOCUMENT = _load_document()
OPERATION_EXAMPLES: dict[str, OperationExample] = {
    operation_id: OperationExample(**bodies)
    for operation_id, bodies in _DOCUMENT["operations"].items()
}
