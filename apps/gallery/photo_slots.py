"""A whole photo in pixels takes up to gigabytes: a web process holds few of them at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from web.errors import Problem

MOST_AT_ONCE = 2
LONGEST_WAIT = 20.0

_turns = BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def whole_photo() -> Iterator[None]:
    """Wait for a turn, but not for ever: who waits holds a thread that others need.

    Raises Problem (503) when there is none in time.
    """
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise Problem("The server is busy. Try again in a moment.", code="busy")
    try:
        yield
    finally:
        _turns.release()
