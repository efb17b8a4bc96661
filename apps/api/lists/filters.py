"""What lists are filtered by: parameters of the query that are checked before they are used."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django_filters.fields import IsoDateTimeField

from api.lists.refusals import bad_parameter
from web.errors import Problem

YES_OR_NO = [("true", "true"), ("false", "false")]


class MomentField(IsoDateTimeField):  # type: ignore[misc]  # untyped
    """A moment that every database can hold."""

    def clean(self, value: Any) -> datetime | None:
        """In UTC. Raises ValidationError."""
        moment: datetime | None = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError("Enter a moment of the years 1 to 9999.") from None


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]  # untyped
    """Before or after a moment of ISO 8601."""

    field_class = MomentField


class YesNoFilter(django_filters.TypedChoiceFilter):  # type: ignore[misc]  # untyped
    """True or false, and nothing else."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=YES_OR_NO, coerce=lambda text: text == "true", **options)


class AnyOfFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped
    """One of several values of a column, so that no row is found twice."""

    def __init__(self, **options: Any) -> None:
        super().__init__(distinct=False, **options)


class Filters(django_filters.FilterSet):  # type: ignore[misc]  # untyped
    """No filter yet; and the way from a query to rows."""

    @classmethod
    def names(cls) -> list[str]:
        """The parameters."""
        return list(cls.base_filters)

    @classmethod
    def chosen(cls, rows: QuerySet[Any], query: QueryDict) -> QuerySet[Any]:
        """The rows that the query asks for. Raises Problem for a value that makes no sense."""
        asked = cls(query, queryset=rows)
        if not asked.is_valid():
            raise _refusal(asked, query)
        chosen: QuerySet[Any] = asked.qs
        return chosen


class AgeFilters(Filters):
    """By when rows were made."""

    created_after = MomentFilter("created_at", "gt", help_text="Made later than this moment.")
    created_before = MomentFilter("created_at", "lt", help_text="Made before this moment.")


def _refusal(asked: Filters, query: QueryDict) -> Problem:
    name, errors = next(iter(asked.form.errors.get_json_data().items()))
    message = " ".join(error["message"] for error in errors)
    return bad_parameter(name, query.get(name, ""), message, _expected(asked.filters[name]))


def _expected(asked: Any) -> object:
    """The choices, or the type and its limits in the words of JSON Schema; None for free text."""
    extra = asked.extra
    if "choices" in extra:
        return list(dict(extra["choices"]))
    if isinstance(asked, MomentFilter):
        return {"type": "date-time"}
    if isinstance(asked, django_filters.UUIDFilter):
        return {"type": "uuid"}
    if isinstance(asked, django_filters.NumberFilter):
        return {"type": "number", "minimum": extra["min_value"], "maximum": extra["max_value"]}
    return {"max_length": extra["max_length"]}
