"""Counting in the database, so that all processes and machines count together."""

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
    """So much more of something."""

    name: str
    amount: float = 1
    labels: Mapping[str, str] = field(default_factory=dict)


def count(name: str, amount: float = 1, **labels: str) -> None:
    """Add to one counter."""
    count_many([Amount(name, amount, labels)])


def observation(name: str, seconds: float, **labels: str) -> list[Amount]:
    """What one duration adds: one to the smallest bucket that takes it, and itself to the sum."""
    bucket = next((bound for bound in BUCKETS if seconds <= bound), math.inf)
    return [
        Amount(f"{name}_bucket", 1, labels | {"le": str(bucket)}),
        Amount(f"{name}_sum", seconds, labels),
    ]


def count_many(amounts: Iterable[Amount]) -> None:
    """Add to all of them by one statement.

    Counting breaks nothing that is counted: a database that will not is only logged.
    """
    # Two processes that add to the same rows in different orders would block each other for ever.
    rows = sorted(_summed(amounts).items())
    if not rows:
        return
    statement = INSERT + ", ".join(["(%s, %s, %s)"] * len(rows)) + OR_ADD
    values = [value for (name, labels), amount in rows for value in (name, labels, amount)]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except Error:
        logger.exception("Not counted: %s", ", ".join(name for (name, _labels), _amount in rows))


def _summed(amounts: Iterable[Amount]) -> dict[tuple[str, str], float]:
    """One statement cannot add to the same row twice."""
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    for item in amounts:
        found[item.name, json.dumps(item.labels, sort_keys=True)] += item.amount
    return found
