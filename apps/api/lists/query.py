"""The query of a list, read once: strict, because a misspelt filter would answer too much."""

import re
from collections.abc import Collection, Sequence

from django.http import QueryDict
from django_filters import MultipleChoiceFilter

from api.http.pagination import LARGEST_LIMIT, Order
from api.lists.listing import Listing
from api.lists.refusals import bad_parameter, unknown_fields, unknown_parameters

FIELDS, LIMIT, CURSOR, ORDERING = "fields", "limit", "cursor", "ordering"


class ListQuery:
    """What a caller asks of a list. Everything raises Problem where it makes no sense."""

    def __init__(self, query: QueryDict, listing: Listing, extra: Collection[str] = ()) -> None:
        self._query = query
        self._listing = listing
        _refuse_unknown(query, {*parameters_of(listing), *extra})
        _refuse_repeated(query, listing)

    def limit(self) -> int:
        """How many rows."""
        asked = self._query.get(LIMIT, str(self._listing.limit))
        limit = int(asked) if re.fullmatch("[0-9]{1,3}", asked) else 0
        if not 1 <= limit <= LARGEST_LIMIT:
            expected = {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT}
            raise bad_parameter(LIMIT, asked, f"Choose 1 to {LARGEST_LIMIT}.", expected)
        return limit

    def order(self) -> Order:
        """In which order."""
        if not self._listing.orderings:
            return Order("", ())
        return self._listing.order(self._query.get(ORDERING, self._listing.ordering))

    def cursor(self) -> str:
        """From where on; empty for the first page."""
        return self._query.get(CURSOR, "")

    def link(self, path: str, cursor: str | None) -> str | None:
        """The path and query of the same list at another cursor."""
        if cursor is None:
            return None
        query = self._query.copy()
        query[CURSOR] = cursor
        return f"{path}?{query.urlencode()}"


def parameters_of(listing: Listing) -> list[str]:
    """The names of all parameters that the list knows."""
    ordering = [ORDERING] if listing.orderings else []
    return [LIMIT, CURSOR, *ordering, FIELDS, *listing.filters.names()]


def fields_asked(query: QueryDict, known: Sequence[str]) -> list[str]:
    """The fields to show, in their usual order: all, or those of `?fields=a,b`."""
    if FIELDS not in query:
        return list(known)
    asked = [name.strip() for name in str(query[FIELDS]).split(",")]
    if unknown := [name for name in asked if name not in known]:
        raise unknown_fields(unknown, known)
    return [name for name in known if name in asked]


def _refuse_unknown(query: QueryDict, known: Collection[str]) -> None:
    if unknown := set(query) - set(known):
        raise unknown_parameters(unknown, known)


def _refuse_repeated(query: QueryDict, listing: Listing) -> None:
    """Nobody could tell which of two values was meant."""
    filters = listing.filters.base_filters
    for name, values in query.lists():
        if len(values) > 1 and not isinstance(filters.get(name), MultipleChoiceFilter):
            raise bad_parameter(name, values[-1], "Give it once.")
