"""When a delivery is tried again: seven times within a day, and as the receiver wishes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from webhooks.backoff import LONGEST, LONGEST_RETRY_AFTER, PAUSES, compute_next_try
from webhooks.sending import retry_after

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def tries(wish: timedelta | None = None) -> list[datetime]:
    """All moments of a delivery that never gets through."""
    moments = [START]
    while moment := compute_next_try(
        len(moments), first_tried_at=START, now=moments[-1], retry_delay=wish
    ):
        moments.append(moment)
    return moments


def test_eight_tries_further_and_further_apart_within_a_day() -> None:
    moments = tries()
    assert len(moments) == len(PAUSES) + 1 == 8
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    for pause, longest in zip(pauses, PAUSES, strict=True):
        assert longest * 0.8 <= pause <= longest
    assert timedelta(hours=18) < moments[-1] - START < LONGEST


def test_what_failed_together_does_not_come_back_together() -> None:
    assert len({tries()[1] for _ in range(20)}) > 1


def test_a_receiver_may_ask_for_more_time_but_not_for_less_nor_for_ever() -> None:
    def first(wish: timedelta) -> timedelta:
        moment = compute_next_try(1, first_tried_at=START, now=START, retry_delay=wish)
        assert moment is not None
        return moment - START

    assert first(10 * MINUTE) == 10 * MINUTE
    assert first(timedelta(days=300)) == LONGEST_RETRY_AFTER
    assert first(timedelta()) >= PAUSES[0] * 0.8
    assert tries(timedelta(days=1))[-1] <= START + LONGEST


def test_after_a_day_it_is_given_up_however_few_tries_there_were() -> None:
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
def test_retry_after_in_both_its_forms(header: str, seconds: int) -> None:
    assert retry_after(header, START) == timedelta(seconds=seconds)


@pytest.mark.parametrize("header", ["", "soon", "-5", "1.5", "²", "Fri, 99 May 2026 12:00:30 GMT"])
def test_what_is_no_retry_after_is_none(header: str) -> None:
    assert retry_after(header, START) is None
