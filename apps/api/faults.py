"""Inputs at fault: where they stand, what was expected there, and what came."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any, cast

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import Field

from web.errors import Fault, Place

Path = tuple[str | int, ...]

_TYPES: dict[type[Field[Any, Any, Any, Any]], str] = {
    serializers.BooleanField: "boolean",
    serializers.IntegerField: "integer",
    serializers.FloatField: "number",
    serializers.UUIDField: "uuid",
    serializers.DateTimeField: "date-time",
    serializers.ListField: "array",
}
_LIMITS = {
    "min_value": "minimum",
    "max_value": "maximum",
    "min_length": "min_length",
    "max_length": "max_length",
}
_LONGEST_ECHO = 100


class InvalidBody(ValidationError):
    """A body that is refused; `faults` knows what each field takes, and which do not exist."""

    def __init__(
        self, serializer: serializers.BaseSerializer[Any], unknown: Iterable[Fault] = ()
    ) -> None:
        super().__init__(cast("dict[str, Any]", serializer.errors))
        sent = getattr(serializer, "initial_data", None)
        self.faults = [
            Fault(
                fault.detail,
                fault.path,
                "body",
                *_expected_and_received(serializer, sent, fault.path),
            )
            for fault in faults_in(serializer.errors)
        ] + list(unknown)


def faults_in(detail: Any, path: Path = ()) -> list[Fault]:
    """Nested messages with their paths: {"boxes": [{}, {"x": ["…"]}]} is at ("boxes", 1, "x")."""
    inner: Iterable[tuple[str | int, Any]]
    if isinstance(detail, Mapping):
        inner = detail.items()
    elif all(isinstance(item, str) for item in detail):
        at = path[:-1] if path and path[-1] == "non_field_errors" else path
        return [Fault(str(item), at) for item in detail]
    else:
        inner = enumerate(detail)
    return [fault for key, value in inner if value for fault in faults_in(value, (*path, key))]


def told(fault: Fault) -> dict[str, object]:
    """The fault as the body of a problem shows it."""
    key, where = _ADDRESS[fault.place], str(fault.path[0]) if fault.path else ""
    if fault.place == "body":
        where = "#" + "".join(f"/{_escaped(step)}" for step in fault.path)
    said: dict[str, object] = {key: where, "detail": fault.detail}
    if fault.expected is not None:
        said["expected"] = fault.expected
    if fault.received is not None:
        said["received"] = fault.received
    return said


_ADDRESS: dict[Place, str] = {"body": "pointer", "query": "parameter", "header": "header"}


def sentence(faults: Sequence[Fault]) -> str:
    """All of it for people: "boxes.1.x: Too large. Send one of a, b."."""
    return " ".join(
        f"{'.'.join(map(str, fault.path))}: {fault.detail}" if fault.path else fault.detail
        for fault in faults
    )


def _escaped(step: str | int) -> str:
    """RFC 6901: a name may hold what parts the names."""
    return str(step).replace("~", "~0").replace("/", "~1")


def _expected_and_received(serializer: Any, sent: Any, path: Path) -> tuple[object, object]:
    """What the field at `path` takes, and what of `sent` is safe and short enough to repeat."""
    field = serializer
    for step in path:
        field = _inner(field, step)
        sent = _inside(sent, step)
    if field is None or field is serializer or field.write_only:
        return None, None
    expected = _expected(field)
    if expected is None or sent is None:
        return expected, None
    if isinstance(field, serializers.CharField):
        return expected, {"length": len(sent)} if isinstance(sent, str) else None
    if isinstance(sent, list):
        return expected, {"length": len(sent)}
    is_number = isinstance(sent, bool | int) or (isinstance(sent, float) and isfinite(sent))
    return expected, sent if is_number else str(sent)[:_LONGEST_ECHO]


def _inner(field: Any, step: str | int) -> Any:
    if isinstance(field, serializers.Serializer):
        return field.fields.get(str(step))
    return getattr(field, "child", None)


def _inside(sent: Any, step: str | int) -> Any:
    """What was sent there; in a form, a list is one text, which has no inside."""
    try:
        return None if isinstance(sent, str) else sent[step]
    except (LookupError, TypeError):
        return None


def _expected(field: Field[Any, Any, Any, Any]) -> object:
    """The choices, or the type and the limits in the words of JSON Schema; None for free text."""
    if isinstance(field, serializers.ChoiceField):
        return list(field.choices)
    types = [name for kind, name in _TYPES.items() if isinstance(field, kind)]
    limits = {
        word: limit
        for name, word in _LIMITS.items()
        if (limit := getattr(field, name, None)) is not None
    }
    return ({"type": types[0]} if types else {}) | limits or None
