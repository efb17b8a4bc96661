"""The parameter `fields`: which fields of the rows, or of one thing, are shown."""

from collections.abc import Sequence

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from api.lists.refusals import build_unknown_fields_problem

FIELDS = "fields"


def read_fields(query: QueryDict, known: Sequence[str]) -> list[str]:
    """Return the fields to show, in the order of `known`: all, or those of `?fields=a,b`.

    Raises Problem for an unknown field.
    """
    if FIELDS not in query:
        return list(known)
    names = [name.strip() for name in str(query[FIELDS]).split(",")]
    if unknown := [name for name in names if name not in known]:
        raise build_unknown_fields_problem(unknown, known)
    return [name for name in known if name in names]


def describe_fields(names: Sequence[str]) -> OpenApiParameter:
    """Describe the parameter for OpenAPI."""
    return OpenApiParameter(
        FIELDS,
        {"type": "array", "items": {"type": "string", "enum": list(names)}},
        explode=False,
        style="form",
        description="Only these fields, with commas between.",
    )
