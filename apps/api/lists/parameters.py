"""What may be asked in the query, as OpenAPI describes it."""

from collections.abc import Sequence
from typing import Any

import django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from api.http.pagination import LARGEST_LIMIT
from api.lists.filters import MomentFilter, YesNoFilter
from api.lists.listing import Listing
from api.lists.query import CURSOR, FIELDS, LIMIT, ORDERING


def list_parameters(listing: Listing) -> list[OpenApiParameter]:
    """All that a list knows, but for the fields."""
    limit = {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": listing.limit}
    found = [
        OpenApiParameter(LIMIT, limit, description="How many at most."),
        OpenApiParameter(CURSOR, str, description="From `next` or `previous` of an answer."),
    ]
    if listing.orderings:
        names = listing.names_of_orderings()
        found.append(
            OpenApiParameter(
                ORDERING,
                {"type": "string", "enum": names, "default": listing.ordering},
                description="With a minus the other way round; a cursor is for one order alone.",
            )
        )
    filters: dict[str, Any] = listing.filters.base_filters
    return found + [_of_filter(name, asked) for name, asked in filters.items()]


def fields_parameter(names: Sequence[str]) -> OpenApiParameter:
    """Which fields are shown."""
    return OpenApiParameter(
        FIELDS,
        {"type": "array", "items": {"type": "string", "enum": list(names)}},
        explode=False,
        style="form",
        description="Only these fields, with commas between.",
    )


def _of_filter(name: str, asked: Any) -> OpenApiParameter:
    schema = _schema(asked)
    many = isinstance(asked, django_filters.MultipleChoiceFilter)
    return OpenApiParameter(
        name,
        {"type": "array", "items": schema} if many else schema,
        explode=True if many else None,
        description=asked.extra["help_text"],
    )


def _schema(asked: Any) -> Any:
    """A basic type, or JSON Schema."""
    extra = asked.extra
    for kind, basic in _BASIC.items():
        if isinstance(asked, kind):
            return basic
    if "choices" in extra:
        return {"type": "string", "enum": [value for value, _label in extra["choices"]]}
    if isinstance(asked, django_filters.NumberFilter):
        return {"type": "number", "minimum": extra["min_value"], "maximum": extra["max_value"]}
    return {"type": "string", "maxLength": extra["max_length"]}


_BASIC: dict[type, OpenApiTypes] = {
    YesNoFilter: OpenApiTypes.BOOL,
    MomentFilter: OpenApiTypes.DATETIME,
    django_filters.UUIDFilter: OpenApiTypes.UUID,
}
