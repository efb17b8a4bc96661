"""Semaphore for decoded photos: each takes up to gigabytes of memory in a web process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from web.errors import Problem

MAX_SLOTS = 2
LONGEST_WAIT = 20.0

_slots = BoundedSemaphore(MAX_SLOTS)


@contextmanager
def hold_photo_slot() -> Iterator[None]:
    """Hold one of the slots for a decoded photo while the block runs.

    The wait is limited to LONGEST_WAIT seconds, because a waiting request blocks a thread.
    Raises Problem (503, busy) when no slot becomes free in this time.
    """
    if not _slots.acquire(timeout=LONGEST_WAIT):
        raise Problem("The server is busy. Try again in a moment.", code="busy")
    try:
        yield
    finally:
        _slots.release()
