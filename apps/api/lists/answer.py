"""From rows to the answer: {next, previous, results}; the links are paths, as a host may stand
behind a proxy."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from api.http.pagination import Page, Pager
from api.lists.listing import Listing
from api.lists.query import FIELDS, ListQuery, fields_asked


def list_answer(
    request: Request,
    listing: Listing,
    rows: QuerySet[Any] | Sequence[Any],
    serializer: Serializer[Any],
    more: Mapping[str, object],
) -> Response:
    """One page of `rows`, each shown by `serializer`; `more` stands beside the results.

    Raises Problem for a query that the listing does not know.
    """
    query = ListQuery(request.query_params, listing)
    shown = fields_asked(request.query_params, list(serializer.fields))
    for name in set(serializer.fields) - set(shown):
        serializer.fields.pop(name)
    page = _page(request, listing, query, rows, shown)
    answer = {
        "next": query.link(request.path, page.next),
        "previous": query.link(request.path, page.previous),
        **more,
        "results": [serializer.to_representation(row) for row in page.rows],
    }
    return Response(answer)


def _page(
    request: Request,
    listing: Listing,
    query: ListQuery,
    rows: QuerySet[Any] | Sequence[Any],
    shown: Sequence[str],
) -> Page:
    pager = Pager(request.path, query.order())
    if not isinstance(rows, QuerySet):
        return pager.part(rows, query.cursor(), query.limit())
    rows = listing.filters.chosen(rows, request.query_params)
    page = pager.page(listing.with_needs(rows, shown), query.cursor(), query.limit())
    listing.add_to(page.rows, shown)
    return page


def with_fields(body: Mapping[str, Any], query: QueryDict) -> Mapping[str, Any]:
    """One row's body with just the fields of `?fields=a,b`. Raises Problem for an unknown one."""
    if FIELDS not in query:
        return body
    return {name: body[name] for name in fields_asked(query, list(body))}
