"""Kinds of filters of lists, how a query is checked by them, and how OpenAPI describes them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, Q, QuerySet
from django.http import QueryDict
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request

from api.lists.refusals import (
    build_parameter_problem,
    build_unknown_parameters_problem,
)
from web.errors import Problem

YES_OR_NO = [("true", "true"), ("false", "false")]
# The words of JSON Schema for the limits of form fields.
LIMITS = {"min_value": "minimum", "max_value": "maximum", "max_length": "maxLength"}


class MomentField(IsoDateTimeField):  # type: ignore[misc]  # untyped
    """A moment that every database can store."""

    def clean(self, value: Any) -> datetime | None:
        """Return the moment in UTC. Raises ValidationError."""
        moment: datetime | None = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError("Enter a moment of the years 1 to 9999.") from None


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]  # untyped
    """Before or after a moment of ISO 8601."""

    field_class = MomentField


class YesNoFilter(django_filters.TypedChoiceFilter):  # type: ignore[misc]  # untyped
    """Whether a condition is met: `true` or `false`, and nothing else."""

    def __init__(self, build_condition: Callable[[], Q | Exists], **options: Any) -> None:
        super().__init__(choices=YES_OR_NO, coerce=lambda text: text == "true", **options)
        self._build_condition = build_condition
        extend_schema_field({"type": "boolean"})(self)

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Return the rows that meet the condition, or those that do not; without a value, all."""
        if value in (None, ""):
            return rows
        condition = self._build_condition()
        return rows.filter(condition if value else ~condition)


class TextFilter(django_filters.CharFilter):  # type: ignore[misc]  # untyped
    """A text of a bounded length that a column contains, upper or lower case."""

    def __init__(self, *, max_length: int, lookup_expr: str = "icontains", **options: Any) -> None:
        super().__init__(lookup_expr=lookup_expr, max_length=max_length, **options)


class AnyOfFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped
    """One of several values of a column, so that no row is found twice."""

    def __init__(self, **options: Any) -> None:
        super().__init__(distinct=False, **options)


class StrictFilters(DjangoFilterBackend):  # type: ignore[misc]  # untyped
    """Filters rows; a misspelt or repeated parameter is refused, because it would find too much."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """Return the rows that the query selects. Raises Problem for a bad parameter."""
        query = request.query_params
        known = view.list_parameters()
        if unknown := set(query) - set(known):
            raise build_unknown_parameters_problem(unknown, known)
        filterset = self.get_filterset(request, queryset, view)
        filters = filterset.filters if filterset else {}
        for name, values in query.lists():
            if len(values) > 1 and not isinstance(filters.get(name), AnyOfFilter):
                raise build_parameter_problem(name, values[-1], "Give it once.")
        if filterset and not filterset.is_valid():
            raise _build_problem(filterset, query)
        return filterset.qs if filterset else queryset


class FilterParameters(DjangoFilterExtension):  # type: ignore[no-untyped-call]
    """Describes filters with their limits and their choices in order."""

    target_class = "api.lists.filters.StrictFilters"
    priority = 1

    def get_schema_operation_parameters(
        self, auto_schema: AutoSchema, *args: Any, **kwargs: Any
    ) -> list[dict[str, Any]]:
        """Describe the filters of a list; none of them needs a look at the model."""
        view: Any = auto_schema.view
        filterset_class = view.filterset_class
        filters = filterset_class.base_filters if filterset_class else {}
        return [
            self._describe(name, one, auto_schema, filterset_class) for name, one in filters.items()
        ]

    def _describe(
        self, name: str, one: Any, auto_schema: AutoSchema, filterset_class: Any
    ) -> dict[str, Any]:
        found = self.resolve_filter_field(auto_schema, None, filterset_class, name, one)  # type: ignore[no-untyped-call]
        parameter: dict[str, Any] = found[0] | {"description": one.extra["help_text"]}
        parameter.pop("style", None)
        schema = parameter["schema"].get("items", parameter["schema"])
        schema |= {word: one.extra[name] for name, word in LIMITS.items() if name in one.extra}
        if "choices" in one.extra and not isinstance(one, YesNoFilter):
            schema["enum"] = [value for value, _label in one.extra["choices"]]
        return parameter


def _build_problem(filterset: django_filters.FilterSet, query: QueryDict) -> Problem:
    name, errors = next(iter(filterset.form.errors.get_json_data().items()))
    message = " ".join(error["message"] for error in errors)
    expected = _describe_expected(filterset.filters[name])
    return build_parameter_problem(name, query.get(name, ""), message, expected)


def _describe_expected(one: Any) -> object:
    """Return the choices, or the type and its limits; for a text, its length alone."""
    extra = one.extra
    if "choices" in extra:
        return list(dict(extra["choices"]))
    if isinstance(one, MomentFilter):
        return {"type": "date-time"}
    if isinstance(one, django_filters.UUIDFilter):
        return {"type": "uuid"}
    if isinstance(one, django_filters.NumberFilter):
        return {"type": "number", "minimum": extra["min_value"], "maximum": extra["max_value"]}
    return {"max_length": extra["max_length"]}
