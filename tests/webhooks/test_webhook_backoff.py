"""When a delivery is retried: seven times within a day, later if Retry-After demands it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from webhooks.backoff import LONGEST, LONGEST_RETRY_AFTER, PAUSES, compute_next_try
from webhooks.sending import retry_after

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def list_tries(delay: timedelta | None = None) -> list[datetime]:
    """Return the times of all tries of a delivery that never succeeds."""
    moments = [START]
    while moment := compute_next_try(
        len(moments), first_tried_at=START, now=moments[-1], retry_delay=delay
    ):
        moments.append(moment)
    return moments


def test_a_delivery_is_tried_eight_times_within_a_day_with_growing_pauses() -> None:
    moments = list_tries()
    assert len(moments) == len(PAUSES) + 1 == 8
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    for pause, longest in zip(pauses, PAUSES, strict=True):
        assert longest * 0.8 <= pause <= longest
    assert timedelta(hours=18) < moments[-1] - START < LONGEST


def test_deliveries_that_failed_together_are_retried_at_different_times() -> None:
    assert len({list_tries()[1] for _ in range(20)}) > 1


def test_retry_after_can_only_make_the_pause_longer_up_to_a_limit() -> None:
    def compute_first_pause(delay: timedelta) -> timedelta:
        moment = compute_next_try(1, first_tried_at=START, now=START, retry_delay=delay)
        assert moment is not None
        return moment - START

    assert compute_first_pause(10 * MINUTE) == 10 * MINUTE
    assert compute_first_pause(timedelta(days=300)) == LONGEST_RETRY_AFTER
    assert compute_first_pause(timedelta()) >= PAUSES[0] * 0.8
    assert list_tries(timedelta(days=1))[-1] <= START + LONGEST


def test_after_a_day_there_is_no_further_try() -> None:
    late = START + LONGEST - MINUTE
    assert compute_next_try(2, first_tried_at=START, now=late, retry_delay=None) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("9" * 400, 10**8),
        ("Fri, 01 May 2026 12:00:30 GMT", 30),
        ("Fri, 01 May 2026 11:00:00 GMT", 0),
        ("Fri, 01 May 2026 12:00:30 -0000", 30),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str, seconds: int) -> None:
    assert retry_after(header, START) == timedelta(seconds=seconds)


@pytest.mark.parametrize("header", ["", "soon", "-5", "1.5", "²", "Fri, 99 May 2026 12:00:30 GMT"])
def test_an_invalid_retry_after_is_none(header: str) -> None:
    assert retry_after(header, START) is None
