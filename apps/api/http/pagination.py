"""Pages of lists, found by the place where the page beside them ended (keyset pagination).

A place is the values of the columns that the list is ordered by, the last of them unique. So pages
stay whole while rows come and go, and the thousandth page is as quick as the first. The links are
paths, because the host may be behind a proxy.
"""

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from api.lists.refusals import build_cursor_problem, build_parameter_problem

LIMIT, CURSOR, ORDERING = "limit", "cursor", "ordering"
FORWARD, BACKWARD = "next", "previous"
MAX_LIMIT = 200


class SignedCursorPagination(BasePagination):
    """Pages whose signed cursors are valid for one path and one order only.

    The view has `page_size`, the default limit; `ordering`, the name of its default order; and
    `orderings`, from each name to columns of `order_by`, the last of them unique. A view without
    `orderings` lists a sequence, not a table.
    """

    next: str | None = None
    previous: str | None = None

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """Return the rows at the cursor, or the first ones. Raises Problem for a bad parameter."""
        self._request = request
        name, columns = _read_ordering(request, view)
        self._signer = Signer(salt=f"api.pagination:{request.path}:{name}", sep=".")
        limit = _read_limit(request, view)
        direction, place = self._read_cursor()
        if not isinstance(queryset, QuerySet):
            return self._cut_sequence(queryset, int(place[0]) if place else 0, limit)
        is_backward = direction == BACKWARD
        rows = _find_rows(queryset, _reverse(columns) if is_backward else columns, place, limit + 1)
        has_more, rows = len(rows) > limit, rows[:limit]
        if is_backward:
            rows.reverse()
        # A page without rows has no place to continue from.
        if rows and (has_more or is_backward):
            self.next = self._build_link(FORWARD, _read_place(rows[-1], columns))
        if rows and (has_more if is_backward else place):
            self.previous = self._build_link(BACKWARD, _read_place(rows[0], columns))
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page with the links to the pages beside it, None at an end."""
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe limit, cursor and order for OpenAPI."""
        limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": view.page_size}
        ordering = {"type": "string", "enum": list_orderings(view), "default": view.ordering}
        described = {
            LIMIT: (limit, "How many at most."),
            CURSOR: ({"type": "string"}, "From `next` or `previous` of an answer."),
        }
        if view.orderings:
            text = "With a minus the other way round; a cursor is for one order alone."
            described[ORDERING] = (ordering, text)
        return [
            {"in": "query", "name": name, "schema": schema, "description": text}
            for name, (schema, text) in described.items()
        ]

    def _cut_sequence(self, rows: Sequence[Any], start: int, limit: int) -> list[Any]:
        """Return the page of a sequence; the place is the number of its first row."""
        if start:
            self.previous = self._build_link(FORWARD, [max(0, start - limit)])
        if start + limit < len(rows):
            self.next = self._build_link(FORWARD, [start + limit])
        return list(rows[start : start + limit])

    def _build_link(self, direction: str, place: list[Any]) -> str:
        query = self._request.query_params.copy()
        query[CURSOR] = self._signer.sign_object([direction, place])
        return f"{self._request.path}?{query.urlencode()}"

    def _read_cursor(self) -> tuple[str, list[Any]]:
        cursor = self._request.query_params.get(CURSOR)
        if not cursor:
            return FORWARD, []
        try:
            direction, place = self._signer.unsign_object(cursor)
        except BadSignature:
            raise build_cursor_problem() from None
        return direction, place


def list_orderings(view: Any) -> list[str]:
    """Return the values of `?ordering=` that the view accepts."""
    return [sign + name for name in view.orderings for sign in ("", "-")]


def _read_limit(request: Request, view: Any) -> int:
    text = request.query_params.get(LIMIT, str(view.page_size))
    limit = int(text) if re.fullmatch("[0-9]{1,3}", text) else 0
    if not 1 <= limit <= MAX_LIMIT:
        expected = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT}
        raise build_parameter_problem(LIMIT, text, f"Choose 1 to {MAX_LIMIT}.", expected)
    return limit


def _read_ordering(request: Request, view: Any) -> tuple[str, tuple[str, ...]]:
    """Return the name of the order and its columns."""
    orderings: Mapping[str, tuple[str, ...]] = view.orderings
    if not orderings:
        return "", ()
    name = request.query_params.get(ORDERING, view.ordering)
    known = list_orderings(view)
    if name not in known:
        raise build_parameter_problem(ORDERING, name, f"Choose one of {', '.join(known)}.", known)
    columns = orderings[name.removeprefix("-")]
    return name, _reverse(columns) if name.startswith("-") else columns


def _find_rows(
    rows: QuerySet[Any], columns: Sequence[str], place: Sequence[Any], number: int
) -> list[Any]:
    rows = rows.order_by(*columns)
    return list((rows.filter(_build_condition(columns, place)) if place else rows)[:number])


def _build_condition(columns: Sequence[str], place: Sequence[Any]) -> Q:
    """Match what comes after `place`: later in the first column, or equal there and later below.

    The bound of the first column alone, which an index answers, is repeated before all of it.
    """
    condition = Q()
    for column, value in reversed(list(zip(columns, place, strict=True))):
        is_equal = Q((column.removeprefix("-"), value))
        later = Q((_name_lookup(column), value))
        condition = later | (is_equal & condition) if condition else later
    return Q((f"{_name_lookup(columns[0])}e", place[0])) & condition


def _name_lookup(column: str) -> str:
    return f"{column.removeprefix('-')}__{'lt' if column.startswith('-') else 'gt'}"


def _reverse(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in columns)


def _read_place(row: Model, columns: Sequence[str]) -> list[str | int | float]:
    """Return the row's values of the columns; as text where JSON has no form for them."""
    names = [column.removeprefix("-").split("__") for column in columns]
    values = [reduce(getattr, path, row) for path in names]
    return [value if isinstance(value, int | float) else str(value) for value in values]
