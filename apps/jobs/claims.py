"""Claims of jobs of every kind: claim a row, hold it by a lease, end it or queue it again."""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jobs.leases import NO_LEASE, create_lease, extend_lease, has_expired, select_held
from jobs.models import MAX_ATTEMPTS, Job, State
from jobs.signals import job_ended, jobs_ending
from vision.errors import VisionError

logger = logging.getLogger(__name__)

# The child processes of a worker share it. Host names and process ids may repeat elsewhere.
_WORKER_ID = uuid.uuid4().hex[:8]
MAX_CANDIDATES = 5
RETRY_SECONDS = 5
HEARTBEATS_PER_LEASE = 6
REQUEUE_COLUMNS: dict[str, Any] = NO_LEASE | {
    "state": State.QUEUED,
    "attempt": 0,
    "progress": 0,
    "not_before": None,
    "started_at": None,
    "finished_at": None,
    "cancel_requested_at": None,
    "error_code": "",
    "error_message": "",
    "error_is_permanent": False,
    "timings": {},
}
"""The columns of a job that is queued again with all its attempts."""


class LeaseLost(Exception):
    """Another worker holds the row now, or the job has ended; this result must be dropped."""


def build_worker_name() -> str:
    """Return the name that the admin shows: host, worker and child process.

    A worker that stops finds the jobs of its child processes by the first two parts.
    """
    return f"{_build_worker_prefix()}{os.getpid()}"


def _build_worker_prefix() -> str:
    return f"{socket.gethostname()[:50]}/{_WORKER_ID}/"


def claim_first[Row: Job](candidates: QuerySet[Row], rows: QuerySet[Row]) -> Row | None:
    """Claim the first candidate that no other worker is claiming; return None if there is none.

    PostgreSQL skips rows that another worker is claiming at this moment. SQLite has one writer at
    a time, so there the second worker sees that the row is claimed and tries the next one.
    """
    if connection.features.has_select_for_update_skip_locked:
        with transaction.atomic():
            row = candidates.select_for_update(skip_locked=True, of=("self",)).only("pk").first()
            return claim_row(rows, row.pk) if row else None
    for row_id in candidates.values_list("pk", flat=True)[:MAX_CANDIDATES]:
        if job := claim_row(rows, row_id):
            return job
    return None


def claim_row[Row: Job](rows: QuerySet[Row], row_id: uuid.UUID) -> Row | None:
    """Claim the queued row by one conditional update; return None if another worker was faster."""
    is_claimed = rows.filter(pk=row_id, state=State.QUEUED).update(
        state=State.RUNNING,
        attempt=F("attempt") + 1,
        progress=0,
        started_at=timezone.now(),
        finished_at=None,
        worker=build_worker_name(),
        **create_lease(settings.LEASE_SECONDS),
    )
    return rows.get(pk=row_id) if is_claimed else None


def select_claimed(job: Job) -> QuerySet[Any]:
    """Return the row while this claim holds it, else no row. Every later write uses this."""
    return select_held(job).filter(state=State.RUNNING)


def is_cancel_requested(job: Job) -> bool:
    """Return whether the cancellation of the running job was requested."""
    return select_claimed(job).filter(cancel_requested_at__isnull=False).exists()


@contextmanager
def end_job(job: Job, state: State, **changes: Any) -> Iterator[None]:
    """End the job in `state`, in one transaction with the result that the block stores.

    Raises LeaseLost when the claim does not hold the row any more.
    """
    with transaction.atomic():
        columns = {"state": state, "finished_at": timezone.now()} | NO_LEASE | changes
        if not select_claimed(job).update(**columns):
            raise LeaseLost(str(job.pk))
        yield
        jobs_ending.send(type(job), keys=[job.pk])
        _send_job_ended(type(job), state, changes.get("error_code", ""), changes.get("timings", {}))


def _send_job_ended(
    kind: type[Job], state: State, error_code: str, timings: dict[str, float]
) -> None:
    """Send the signal after the commit: if the result cannot be stored, the job has not ended."""
    transaction.on_commit(
        lambda: job_ended.send(kind, state=state, error_code=error_code, timings=timings),
        robust=True,
    )


def end_job_without_result(job: Job, state: State, **changes: Any) -> None:
    """End a job that has no result to store. A lost lease is only logged."""
    try:
        with end_job(job, state, **changes):
            pass
    except LeaseLost:
        logger.warning("%s had ended already", job)


def end_after_error(
    job: Job, error: Exception, *, fallback_message: str, timings: dict[str, float]
) -> None:
    """Fail the job, or queue it again if attempts are left and the error may be temporary.

    Users see `fallback_message` if the error has no message for them; details for administrators
    go to the log. If the job's cancellation was requested, it is cancelled instead.
    """
    if isinstance(error, VisionError):
        code, message, is_permanent = error.code, error.message, error.permanent
        if error.detail:
            logger.error("%s failed: %s", job, error.detail)
    else:
        logger.error("%s failed", job, exc_info=error)
        code, message, is_permanent = "internal_error", fallback_message, False
    cause = {"error_code": code, "error_message": message, "timings": timings}
    if is_cancel_requested(job):
        end_job_without_result(job, State.CANCELLED, timings=timings)
    elif is_permanent or job.attempt >= MAX_ATTEMPTS:
        end_job_without_result(job, State.FAILED, error_is_permanent=is_permanent, **cause)
    else:
        pause = timedelta(seconds=RETRY_SECONDS * job.attempt)
        retry = {"state": State.QUEUED, "not_before": timezone.now() + pause}
        if select_claimed(job).update(**retry, **NO_LEASE, **cause):
            _send_job_ended(type(job), State.QUEUED, code, timings)


def is_claimable(now: datetime | None = None) -> Q:
    """Return the condition that a row is queued and the pause before its next attempt is over."""
    moment = now or timezone.now()
    return Q(state=State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=moment))


def is_unattended() -> Q:
    """Return the condition that a running row missed two heartbeats.

    Its worker is gone, though its lease has not expired yet.
    """
    newest_heartbeat = timedelta(seconds=settings.LEASE_SECONDS * (1 - 2.2 / HEARTBEATS_PER_LEASE))
    return Q(state=State.RUNNING, lease_expires_at__lt=timezone.now() + newest_heartbeat)


def release_expired(rows: QuerySet[Any]) -> int:
    """Queue again, or fail, the rows whose lease has expired; return how many."""
    return _release(rows.filter(has_expired(), state=State.RUNNING))


def release_abandoned(rows: QuerySet[Any]) -> int:
    """Queue again, or fail, every running row. Call it only when no worker can be running."""
    return _release(rows.filter(state=State.RUNNING))


def release_own(rows: QuerySet[Any]) -> int:
    """Queue again the jobs that the child processes of this worker held; return how many.

    This does not count as an attempt, because the job is not the cause. The worker's main process
    calls it after it has stopped its child processes.
    """
    own = rows.filter(state=State.RUNNING, worker__startswith=_build_worker_prefix())
    end_all(own.filter(cancel_requested_at__isnull=False), State.CANCELLED)
    return int(own.update(state=State.QUEUED, attempt=F("attempt") - 1, **NO_LEASE))


def _release(rows: QuerySet[Any]) -> int:
    cause = {"error_code": "worker_lost"}
    cancelled = end_all(rows.filter(cancel_requested_at__isnull=False), State.CANCELLED)
    failed = end_all(
        rows.filter(attempt__gte=MAX_ATTEMPTS),
        State.FAILED,
        error_message="The worker stopped three times while at it. Try again, or tell an admin.",
        **cause,
    )
    queued = rows.filter(attempt__lt=MAX_ATTEMPTS).update(
        state=State.QUEUED,
        error_message="The worker stopped while at it; it is tried again.",
        **NO_LEASE,
        **cause,
    )
    for state, number in ((State.FAILED, failed), (State.QUEUED, queued)):
        for _ in range(number):
            _send_job_ended(rows.model, state, "worker_lost", {})
    count = int(cancelled + failed + queued)
    if count:
        logger.warning(
            "Workers were lost: %d queued again, %d failed, %d cancelled", queued, failed, cancelled
        )
    return count


@transaction.atomic
def end_all(rows: QuerySet[Any], state: State, **changes: Any) -> int:
    """End all rows in `state`, whether or not a worker holds them; return how many."""
    keys = list(rows.select_for_update().values_list("pk", flat=True))
    if keys:
        columns = {"state": state, "finished_at": timezone.now()} | NO_LEASE | changes
        rows.model._default_manager.filter(pk__in=keys).update(**columns)  # noqa: SLF001  Django's own name
        jobs_ending.send(rows.model, keys=keys)
    return len(keys)


class LeaseHeartbeat:
    """Renews a lease from a thread while the block runs, up to a limit, because work may hang."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _renew(self) -> None:
        give_up_at = time.monotonic() + settings.LONGEST_JOB_SECONDS
        while not self._ended.wait(settings.LEASE_SECONDS / HEARTBEATS_PER_LEASE):
            if time.monotonic() > give_up_at:
                break
            try:
                close_old_connections()
                select_claimed(self._job).update(**extend_lease(settings.LEASE_SECONDS))
            except Exception:
                logger.exception("The lease of %s could not be renewed", self._job.pk)
        connection.close()
