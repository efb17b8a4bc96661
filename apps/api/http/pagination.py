"""Lists come in pages, each found by where the one beside it ended.

The place is told by the values that the list is ordered by, the last of them unique. So pages
stay whole while rows come and go, and the thousandth is as quick as the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet

from api.lists.refusals import bad_cursor

FORWARD, BACKWARD = "next", "previous"
DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


@dataclass(frozen=True)
class Order:
    """A name for callers, and the columns in the manner of `order_by`, the last of them unique."""

    name: str
    columns: tuple[str, ...]

    def reversed(self) -> tuple[str, ...]:
        """The columns, each the other way round."""
        return tuple(turned(column) for column in self.columns)


@dataclass(frozen=True)
class Page:
    """Some rows in a row, and the cursors of the pages beside them, None at an end."""

    rows: Sequence[Any]
    next: str | None
    previous: str | None


class Pager:
    """Cuts the list at `path` into pages; its cursors fit no other list and no other order."""

    def __init__(self, path: str, order: Order) -> None:
        self._order = order
        self._signer = Signer(salt=f"api.http.pagination:{path}:{order.name}", sep=".")

    def page(self, rows: QuerySet[Any], cursor: str, limit: int) -> Page:
        """The page at `cursor`, the first one for an empty cursor. Raises Problem for a bad one."""
        direction, place = self._read(cursor)
        columns = self._order.reversed() if direction == BACKWARD else self._order.columns
        rows = rows.order_by(*columns)
        if place:
            rows = rows.filter(_beyond(columns, place))
        found = list(rows[: limit + 1])
        has_more = len(found) > limit
        found = found[:limit]
        if direction == BACKWARD:
            found.reverse()
            return self._told(found, has_previous=has_more, has_next=True)
        return self._told(found, has_previous=bool(place), has_next=has_more)

    def part(self, rows: Sequence[Any], cursor: str, limit: int) -> Page:
        """Like `page`, of rows that are no table: the place is a number."""
        _direction, place = self._read(cursor)
        start = int(place[0]) if place else 0
        end = start + limit
        before = self._write(FORWARD, [max(0, start - limit)]) if start else None
        return Page(
            rows[start:end], self._write(FORWARD, [end]) if end < len(rows) else None, before
        )

    def _told(self, rows: Sequence[Any], *, has_previous: bool, has_next: bool) -> Page:
        """A page without rows has no place to go on from."""
        return Page(
            rows,
            next=self._write(FORWARD, self._place(rows[-1])) if rows and has_next else None,
            previous=self._write(BACKWARD, self._place(rows[0])) if rows and has_previous else None,
        )

    def _place(self, row: Model) -> list[str | int | float]:
        return [_as_json(row, column.removeprefix("-")) for column in self._order.columns]

    def _write(self, direction: str, place: list[Any]) -> str:
        return self._signer.sign_object([direction, place])

    def _read(self, cursor: str) -> tuple[str, list[Any]]:
        if not cursor:
            return FORWARD, []
        try:
            direction, place = self._signer.unsign_object(cursor)
        except BadSignature:
            raise bad_cursor() from None
        return direction, place


def turned(column: str) -> str:
    """A column of `order_by`, the other way round."""
    return column.removeprefix("-") if column.startswith("-") else f"-{column}"


def _beyond(columns: Sequence[str], place: Sequence[Any]) -> Q:
    """What comes after `place`: later in the first column, or level there and later in the next.

    The bound of the first column alone, which an index answers, stands before all of it.
    """
    steps = list(zip(columns, place, strict=True))
    name, value = steps[-1]
    condition = Q((_later(name), value))
    condition = reduce(
        lambda rest, step: (
            Q((_later(step[0]), step[1])) | (Q((step[0].removeprefix("-"), step[1])) & rest)
        ),
        reversed(steps[:-1]),
        condition,
    )
    return Q((f"{_later(columns[0])}e", place[0])) & condition


def _later(column: str) -> str:
    return f"{column.removeprefix('-')}__{'lt' if column.startswith('-') else 'gt'}"


def _as_json(row: Model, name: str) -> str | int | float:
    """The column's value; what JSON has no form for as the text that a filter takes."""
    value = reduce(getattr, name.split("__"), row)
    return value if isinstance(value, int | float) else str(value)
