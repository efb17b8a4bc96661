"""Taking calls from allowances in one SQL statement, which is safe with many processes.

The generic cell rate algorithm (ITU-T I.371): an allowance is the moment by which all of it is
free again. A call moves that moment on by the time that one call takes; if it would be further
ahead than the window, the call is refused.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection

from api.http.limits.rates import WINDOW_SECONDS, Rate
from api.models import Allowance

logger = logging.getLogger(__name__)

INSERT = "INSERT INTO api_allowance (subject, free_at) VALUES "
OR_ADD = """
    ON CONFLICT (subject) DO UPDATE SET free_at = (excluded.free_at - %s)
        + CASE WHEN api_allowance.free_at > %s THEN api_allowance.free_at ELSE %s END
    WHERE (excluded.free_at - %s)
        + CASE WHEN api_allowance.free_at > %s THEN api_allowance.free_at ELSE %s END <= %s
    AND NOT EXISTS (SELECT 1 FROM api_allowance AS used WHERE """
IS_USED_UP = "(used.subject = %s AND used.free_at > %s)"
RETURNING = ") RETURNING subject, free_at"
# The rounding error of adding up fractions of a second many times.
SLACK = 1e-3


@dataclass(frozen=True)
class Level:
    """How much of a rate is left now; all of it is free again in `free_in_seconds`."""

    rate: Rate
    free_in_seconds: float

    @property
    def remaining(self) -> int:
        """The number of calls that may come now."""
        left = WINDOW_SECONDS + SLACK - self.free_in_seconds
        return max(0, math.floor(left / self.rate.seconds_per_call))

    @property
    def seconds_until_full(self) -> int:
        """The time until the whole quota is free again, in whole seconds."""
        return math.ceil(self.free_in_seconds)

    @property
    def seconds_until_next(self) -> int:
        """The time until one more call may come, in whole seconds, at least 1."""
        wait = self.free_in_seconds + self.rate.seconds_per_call - WINDOW_SECONDS
        return max(1, math.ceil(wait))


def take_call(rates: Sequence[Rate], *, now: float) -> tuple[bool, list[Level]]:
    """Take one call from every rate, or from none if one is used up.

    Return whether the call is admitted, and the levels after it. `now` is in seconds since 1970.
    If the database fails, the call is admitted, the failure is logged, and there are no levels.
    """
    try:
        moments = _take_from_all(rates, now)
        is_admitted = len(moments) == len(rates)
        if not is_admitted:
            moments = _read_moments(rates)
    except DatabaseError:
        logger.exception("A call was not counted")
        return True, []
    levels = [Level(rate, max(0.0, moments.get(rate.subject, now) - now)) for rate in rates]
    return is_admitted, levels


def _take_from_all(rates: Sequence[Rate], now: float) -> dict[str, float]:
    """Return the new moments by subject; fewer than `rates` if one of them is used up."""
    # In the same order everywhere, or two processes could deadlock on each other's rows.
    ordered = sorted(rates, key=lambda rate: rate.subject)
    latest = now + WINDOW_SECONDS + SLACK
    values: list[str | float] = []
    for rate in ordered:
        values += [rate.subject, now + rate.seconds_per_call]
    values += [now, now, now, now, now, now, latest]
    for rate in ordered:
        values += [rate.subject, latest - rate.seconds_per_call]
    statement = (
        INSERT
        + ", ".join(["(%s, %s)"] * len(ordered))
        + OR_ADD
        + " OR ".join([IS_USED_UP] * len(ordered))
        + RETURNING
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


def _read_moments(rates: Sequence[Rate]) -> dict[str, float]:
    subjects = [rate.subject for rate in rates]
    rows = Allowance.objects.filter(subject__in=subjects)
    return dict(rows.values_list("subject", "free_at"))
