"""Inputs at fault: where they are, what was expected there, and what was received."""

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
_PLACE_KEYS: dict[Place, str] = {"body": "pointer", "query": "parameter", "header": "header"}
_MAX_ECHO = 100


class InvalidBody(ValidationError):
    """A refused body; `faults` says what each field accepts and which fields do not exist."""

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
                *_describe_values(serializer, sent, fault.path),
            )
            for fault in collect_faults(serializer.errors)
        ] + list(unknown)


def collect_faults(detail: Any, path: Path = ()) -> list[Fault]:
    """Return nested messages as faults with their paths, which begin with `path`.

    The message of {"boxes": [{}, {"x": ["…"]}]} has the path ("boxes", 1, "x").
    """
    inner: Iterable[tuple[str | int, Any]]
    if isinstance(detail, Mapping):
        inner = detail.items()
    elif all(isinstance(item, str) for item in detail):
        place = path[:-1] if path and path[-1] == "non_field_errors" else path
        return [Fault(str(item), place) for item in detail]
    else:
        inner = enumerate(detail)
    return [fault for key, value in inner if value for fault in collect_faults(value, (*path, key))]


def render_fault(fault: Fault) -> dict[str, object]:
    """Return the fault as an entry of `errors` in the body of a problem."""
    key, where = _PLACE_KEYS[fault.place], str(fault.path[0]) if fault.path else ""
    if fault.place == "body":
        where = "#" + "".join(f"/{_escape_step(step)}" for step in fault.path)
    entry: dict[str, object] = {key: where, "detail": fault.detail}
    if fault.expected is not None:
        entry["expected"] = fault.expected
    if fault.received is not None:
        entry["received"] = fault.received
    return entry


def join_faults(faults: Sequence[Fault]) -> str:
    """Return all faults as one text for people: "boxes.1.x: Too large. Send one of a, b."."""
    return " ".join(
        f"{'.'.join(map(str, fault.path))}: {fault.detail}" if fault.path else fault.detail
        for fault in faults
    )


def _escape_step(step: str | int) -> str:
    """Escape one step of a JSON pointer after RFC 6901, since a name may contain “/” or “~”."""
    return str(step).replace("~", "~0").replace("/", "~1")


def _describe_values(serializer: Any, sent: Any, path: Path) -> tuple[object, object]:
    """Return what the field at `path` accepts, and what of `sent` is safe and short to repeat."""
    field = serializer
    for step in path:
        field = _get_child_field(field, step)
        sent = _get_child_value(sent, step)
    if field is None or field is serializer or field.write_only:
        return None, None
    expected = _describe_expected(field)
    if expected is None or sent is None:
        return expected, None
    if isinstance(field, serializers.CharField):
        return expected, {"length": len(sent)} if isinstance(sent, str) else None
    if isinstance(sent, list):
        return expected, {"length": len(sent)}
    is_number = isinstance(sent, bool | int) or (isinstance(sent, float) and isfinite(sent))
    return expected, sent if is_number else str(sent)[:_MAX_ECHO]


def _get_child_field(field: Any, step: str | int) -> Any:
    if isinstance(field, serializers.Serializer):
        return field.fields.get(str(step))
    return getattr(field, "child", None)


def _get_child_value(sent: Any, step: str | int) -> Any:
    """Return what was sent at the step; None inside a text, which a list is in a form."""
    try:
        return None if isinstance(sent, str) else sent[step]
    except (LookupError, TypeError):
        return None


def _describe_expected(field: Field[Any, Any, Any, Any]) -> object:
    """Return the choices, or type and limits in the words of JSON Schema; None for free text."""
    if isinstance(field, serializers.ChoiceField):
        return list(field.choices)
    types = [name for kind, name in _TYPES.items() if isinstance(field, kind)]
    limits = {
        word: limit
        for name, word in _LIMITS.items()
        if (limit := getattr(field, name, None)) is not None
    }
    return ({"type": types[0]} if types else {}) | limits or None
