"""Responses that wait for a job to end: the header Prefer: wait=N (RFC 7240)."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Event

from django.conf import settings
from django.db import connection
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from jobs.end_notices import end_notices
from jobs.models import UNFINISHED, Job
from processes.stopping import is_ending

MAX_PREFERRED_SECONDS = 60
MAX_HEADER_LENGTH = 500
# A load balancer gives up after 60 s: the response must be sent earlier.
MAX_SECONDS = 55.0
FIRST_PAUSE, MAX_PAUSE = 0.05, 1.0
# A request that waits blocks a thread: half of the threads stay free for other requests.
MAX_WAITING = settings.WEB_THREADS // 2

PREFER = OpenApiParameter(
    "Prefer",
    str,
    OpenApiParameter.HEADER,
    description="`wait=N`: answer once the job has ended, or after N seconds, "
    f"{MAX_PREFERRED_SECONDS} at most. An answer without "
    "`Preference-Applied` has not waited: too many wait already.",
)

_slots = BoundedSemaphore(MAX_WAITING)
_preference = re.compile(r'\s*([!#$%&\'*+.^_`|~\w-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s";,]*))?\s*')
_part = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^",])+')


def read_preferred_seconds(request: Request) -> int | None:
    """Read the N of Prefer: wait=N, at most 60; None without it, or if it is not a whole number.

    The first `wait` counts if there are several; other preferences are ignored.
    """
    for part in _part.findall(request.headers.get("Prefer", "")[:MAX_HEADER_LENGTH]):
        match = _preference.match(part)
        if match and match[1].lower() == "wait":
            value = (match[2] or "").strip('"')
            return (
                min(int(value), MAX_PREFERRED_SECONDS)
                if re.fullmatch(r"[0-9]{1,9}", value)
                else None
            )
    return None


def wait_as_preferred(request: Request, job: Job) -> dict[str, str]:
    """Wait for the end of the job as long as the client prefers; return the headers that say so."""
    seconds = read_preferred_seconds(request)
    if seconds is None or not wait_for_end(job, seconds):
        return {}
    return {"Preference-Applied": f"wait={seconds}"}


def wait_for_end(job: Job, seconds: float, *, since: float | None = None) -> bool:
    """Wait until the job has ended, `seconds` have passed or the server stops.

    The seconds count from now, or from `since`, a value of `time.monotonic`. Return False, at once,
    if half of the server's threads are waiting already.
    """
    start = time.monotonic() if since is None else since
    with acquire_waiting_slot() as may_wait:
        if may_wait:
            with end_notices.expect(job.pk) as notice:
                _wait(lambda: _has_ended(job), start + min(seconds, MAX_SECONDS), notice)
        return may_wait


@contextmanager
def acquire_waiting_slot() -> Iterator[bool]:
    """Yield whether the block may wait: not if half of the server's threads are waiting already."""
    may_wait = _slots.acquire(blocking=False)
    try:
        yield may_wait
    finally:
        if may_wait:
            _slots.release()


def _wait(is_over: Callable[[], bool], end: float, notice: Event) -> None:
    """Wait until `is_over`, until `end` of `time.monotonic`, or until the server stops.

    `notice` ends a pause early. Where no notices arrive, the first pauses are short.
    """
    pause = FIRST_PAUSE
    while True:
        # Before the look: a notice that comes after it must not be lost.
        notice.clear()
        left = end - time.monotonic()
        if is_over() or left <= 0 or is_ending():
            return
        _sleep(min(MAX_PAUSE if end_notices.is_listening else pause, left), notice)
        pause = min(pause * 1.25, MAX_PAUSE)


def _sleep(seconds: float, notice: Event) -> None:
    """Wait without a database connection, which other requests may need."""
    if not connection.in_atomic_block:
        connection.close()
    notice.wait(seconds)


def _has_ended(job: Job) -> bool:
    """Return whether the job has ended, or was deleted, so that it cannot end any more."""
    rows = type(job)._default_manager.filter(pk=job.pk)  # noqa: SLF001  Django's own name
    return not rows.filter(state__in=UNFINISHED).exists()
