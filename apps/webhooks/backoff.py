"""The backoff: when a failed delivery is tried again."""

import random
from datetime import datetime, timedelta

PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 25_200, 32_400)
)
"""Seven more tries, at most 23 h 35 min after the first one."""
LONGEST = timedelta(hours=24)
LONGEST_RETRY_AFTER = timedelta(hours=2)
LEAST_SHARE = 0.8


def compute_next_try(
    attempt: int, *, first_tried_at: datetime, now: datetime, retry_delay: timedelta | None
) -> datetime | None:
    """Return when to try again, or None when the delivery has failed for good.

    The pause is shortened at random by up to a fifth, so that deliveries that failed together are
    not tried again together.

    Args:
        attempt: the number of tries so far, at least 1.
        first_tried_at: the time of the first try.
        now: the time of the last try.
        retry_delay: the receiver's Retry-After, if any; it can make a pause longer, up to 2 hours.
    """
    if attempt > len(PAUSES):
        return None
    pause = PAUSES[attempt - 1] * random.uniform(LEAST_SHARE, 1)  # noqa: S311  no secret
    if retry_delay is not None:
        pause = max(pause, min(retry_delay, LONGEST_RETRY_AFTER))
    moment = now + pause
    return moment if moment <= first_tried_at + LONGEST else None
