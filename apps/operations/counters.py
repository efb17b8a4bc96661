"""Counters in the database, which all processes and machines share."""

import json
import logging
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import Error, connection, transaction

logger = logging.getLogger(__name__)

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
INSERT = "INSERT INTO operations_tally (name, labels, value) VALUES "
OR_ADD = " ON CONFLICT (name, labels) DO UPDATE SET value = operations_tally.value + excluded.value"


@dataclass(frozen=True)
class Amount:
    """What to add to one counter."""

    name: str
    amount: float = 1
    labels: Mapping[str, str] = field(default_factory=dict)


def count(name: str, amount: float = 1, **labels: str) -> None:
    """Add to one counter."""
    count_many([Amount(name, amount, labels)])


def build_observation(name: str, seconds: float, **labels: str) -> list[Amount]:
    """Return what one duration adds to a histogram.

    It adds one to the smallest bucket whose bound is not below `seconds`, and `seconds` to the sum.
    """
    bucket = next((bound for bound in BUCKETS if seconds <= bound), math.inf)
    return [
        Amount(f"{name}_bucket", 1, labels | {"le": str(bucket)}),
        Amount(f"{name}_sum", seconds, labels),
    ]


def count_many(amounts: Iterable[Amount]) -> None:
    """Add to all counters with one statement.

    A database error is only logged: counting must not break the work that is counted.
    """
    # Sorted, because two processes that lock the same rows in different orders cause a deadlock.
    rows = sorted(_sum_amounts(amounts).items())
    if not rows:
        return
    statement = INSERT + ", ".join(["(%s, %s, %s)"] * len(rows)) + OR_ADD
    values = [value for (name, labels), amount in rows for value in (name, labels, amount)]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except Error:
        names = ", ".join(name for (name, _labels), _amount in rows)
        logger.exception("These counters could not be increased: %s", names)


def _sum_amounts(amounts: Iterable[Amount]) -> dict[tuple[str, str], float]:
    """Return one sum for each counter, because a statement cannot add to the same row twice."""
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    for item in amounts:
        sums[item.name, json.dumps(item.labels, sort_keys=True)] += item.amount
    return sums
