"""The view of a list: DRF's generic view with our filters, pages and choice of fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from api.http.pagination import CURSOR, LIMIT, ORDERING, SignedCursorPagination
from api.lists.fields import FIELDS, read_fields
from api.lists.filters import StrictFilters
from api.views.base import ApiView

BY_AGE = {"created_at": ("created_at", "-id")}


class ListView(ApiView, GenericAPIView[Any]):
    """A list, page by page. `get` passes the rows to `list_rows`.

    `field_queries` says what the query needs for a field, and `field_loaders` what is looked up for
    all rows of a page together; neither is done for a field that is not shown.
    """

    filter_backends = (StrictFilters,)
    pagination_class = SignedCursorPagination
    filterset_class: type[FilterSet] | None = None
    # From the names of `?ordering=` to columns, the last of them unique.
    orderings: Mapping[str, tuple[str, ...]] = BY_AGE
    ordering = "-created_at"
    page_size = 50
    field_queries: Mapping[str, Callable[[QuerySet[Any]], QuerySet[Any]]] = {}
    field_loaders: Mapping[str, Callable[[Sequence[Any]], None]] = {}

    def list_rows(
        self, rows: QuerySet[Any] | Sequence[Any], *, context: Mapping[str, Any] | None = None
    ) -> Response:
        """Return the page of `rows` that the query selects. Raises Problem for a bad query."""
        serializer: Any = self.get_serializer_class()(context=dict(context or {}))
        rows = self.filter_queryset(rows)  # type: ignore[arg-type]  # or a sequence
        fields = read_fields(self.request.query_params, list(serializer.fields))
        for name in set(serializer.fields) - set(fields):
            serializer.fields.pop(name)
        for name, add in self.field_queries.items():
            rows = add(rows) if name in fields else rows
        page = self.paginate_queryset(rows) or ()
        for name, load in self.field_loaders.items():
            if name in fields:
                load(page)
        return self.get_paginated_response([serializer.to_representation(row) for row in page])

    def list_parameters(self) -> list[str]:
        """Return the names of all parameters of the query."""
        ordering = [ORDERING] if self.orderings else []
        filters = self.filterset_class.base_filters if self.filterset_class else ()
        return [LIMIT, CURSOR, *ordering, FIELDS, *filters]

    def select_fields(self, response: Response) -> Response:
        """Return the response as it is: `list_rows` has selected the fields of each row."""
        return response
