"""One list: what may be asked of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from api.http.pagination import DEFAULT_LIMIT, Order, turned
from api.lists.filters import Filters
from api.lists.refusals import bad_parameter

BY_AGE = {"created_at": ("created_at", "-id")}


@dataclass(frozen=True)
class Listing:
    """What may be asked of one list of rows.

    `orderings` leads from a name to columns, the last of them unique; each may be asked for with
    a minus too. `needs` says what the database must be asked for a field, when it is shown, and
    `adds` what is looked up for all rows of a page together.
    """

    filters: type[Filters] = Filters
    orderings: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: BY_AGE)
    ordering: str = "-created_at"
    limit: int = DEFAULT_LIMIT
    needs: Mapping[str, Callable[[QuerySet[Any]], QuerySet[Any]]] = field(default_factory=dict)
    adds: Mapping[str, Callable[[Sequence[Any]], None]] = field(default_factory=dict)

    def names_of_orderings(self) -> list[str]:
        """All that `?ordering=` takes."""
        return [sign + name for name in self.orderings for sign in ("", "-")]

    def order(self, name: str) -> Order:
        """The order called so. Raises Problem for one that there is not."""
        known = self.names_of_orderings()
        if name not in known:
            raise bad_parameter("ordering", name, f"Choose one of {', '.join(known)}.", known)
        columns = self.orderings[name.removeprefix("-")]
        return Order(name, tuple(map(turned, columns)) if name.startswith("-") else columns)

    def with_needs(self, rows: QuerySet[Any], fields: Sequence[str]) -> QuerySet[Any]:
        """`rows` with all that the shown fields need."""
        for name, add in self.needs.items():
            if name in fields:
                rows = add(rows)
        return rows

    def add_to(self, rows: Sequence[Any], fields: Sequence[str]) -> None:
        """Put on a page's rows what the shown fields need."""
        for name, add in self.adds.items():
            if name in fields:
                add(rows)


# A list in a fixed order, which is no table.
FIXED = Listing(orderings={}, ordering="")
