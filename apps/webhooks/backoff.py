"""When a delivery that failed is tried again."""

import random
from datetime import datetime, timedelta

PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 25_200, 32_400)
)
"""Seven more tries, at most 23 h 35 min after the first one."""
LONGEST = timedelta(hours=24)
LONGEST_WISH = timedelta(hours=2)
LEAST_SHARE = 0.8


def next_try(
    attempt: int, *, first_tried_at: datetime, now: datetime, wish: timedelta | None
) -> datetime | None:
    """When to try again after `attempt` tries (from 1 up); None when it is given up.

    A pause is shortened by up to a fifth at random, so that what failed together does not come
    back together. `wish` is the receiver's Retry-After: it lengthens a pause, to 2 hours at most.
    """
    if attempt > len(PAUSES):
        return None
    pause = PAUSES[attempt - 1] * random.uniform(LEAST_SHARE, 1)  # noqa: S311  no secret
    if wish is not None:
        pause = max(pause, min(wish, LONGEST_WISH))
    moment = now + pause
    return moment if moment <= first_tried_at + LONGEST else None
