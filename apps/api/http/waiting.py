"""Answers that wait for a job: the header Prefer: wait=N (RFC 7240)."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.db import connection
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from jobs.models import UNFINISHED, Job
from processes.stopping import is_ending

MOST_SECONDS = 60
LONGEST_HEADER = 500
# A load balancer gives up after 60 s: the answer must be there before.
LONGEST = 55.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 1.0
# Who waits holds a thread: half of them stay for all others.
MOST_AT_ONCE = settings.WEB_THREADS // 2

PREFER = OpenApiParameter(
    "Prefer",
    str,
    OpenApiParameter.HEADER,
    description=f"`wait=N`: answer once the job has ended, or after N seconds, {MOST_SECONDS} at "
    "most. An answer without `Preference-Applied` has not waited: too many wait already.",
)

_turns = BoundedSemaphore(MOST_AT_ONCE)
_preference = re.compile(r'\s*([!#$%&\'*+.^_`|~\w-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s";,]*))?\s*')
_part = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^",])+')


def preferred_seconds(request: Request) -> int | None:
    """The N of Prefer: wait=N, at most 60; None without one, or where it is no whole number.

    Where it is said more than once, the first counts; what else is preferred is left aside.
    """
    for part in _part.findall(request.headers.get("Prefer", "")[:LONGEST_HEADER]):
        named = _preference.match(part)
        if named and named[1].lower() == "wait":
            value = (named[2] or "").strip('"')
            return min(int(value), MOST_SECONDS) if re.fullmatch(r"[0-9]{1,9}", value) else None
    return None


def wait_as_preferred(request: Request, job: Job) -> dict[str, str]:
    """Wait for the job's end as long as the caller prefers; the headers that tell so."""
    seconds = preferred_seconds(request)
    if seconds is None or not waited(job, seconds):
        return {}
    return {"Preference-Applied": f"wait={seconds}"}


def waited(job: Job, seconds: float, *, since: float | None = None) -> bool:
    """Wait until the job has ended, `seconds` are over or the server stops.

    They count from now, or `since` a reading of `time.monotonic`. False, at once, where half of
    the server's threads wait already.
    """
    began = time.monotonic() if since is None else since
    with turn_to_wait() as may_wait:
        if may_wait:
            _wait(lambda: _has_ended(job), began + min(seconds, LONGEST))
        return may_wait


@contextmanager
def turn_to_wait() -> Iterator[bool]:
    """Whether the block may wait: not where half of the server's threads wait already."""
    may_wait = _turns.acquire(blocking=False)
    try:
        yield may_wait
    finally:
        if may_wait:
            _turns.release()


def _wait(is_over: Callable[[], bool], end: float) -> None:
    pause = FIRST_PAUSE
    while not is_over():
        left = end - time.monotonic()
        if left <= 0 or is_ending():
            return
        _rest(min(pause, left))
        pause = min(pause * 1.25, LONGEST_PAUSE)


def _rest(seconds: float) -> None:
    """Pause without a connection to the database, which others may need."""
    if not connection.in_atomic_block:
        connection.close()
    time.sleep(seconds)


def _has_ended(job: Job) -> bool:
    """Also when it is gone: nobody will end it any more."""
    rows = type(job)._default_manager.filter(pk=job.pk)  # noqa: SLF001  Django's own name
    return not rows.filter(state__in=UNFINISHED).exists()
