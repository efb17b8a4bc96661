"""Claiming rows, holding them by a lease, and giving them back. Works on every kind of job."""

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

from inpainting.models.jobs import MAX_ATTEMPTS, Job, State
from inpainting.signals import job_ended, jobs_ending
from vision.errors import VisionError

logger = logging.getLogger(__name__)

# The children that a worker forks have it too; hosts and process ids may be alike elsewhere.
_WORKER = uuid.uuid4().hex[:8]
CANDIDATES = 5
SECONDS_BEFORE_RETRY = 5
BEATS_PER_LEASE = 6
NO_LEASE: dict[str, Any] = {"lease_id": None, "lease_expires_at": None}
QUEUED_AFRESH: dict[str, Any] = NO_LEASE | {
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


class LeaseLost(Exception):
    """Another worker holds the row now, or it has ended: this attempt's work is thrown away."""


def worker_name() -> str:
    """Host, worker and its child, as shown in the admin: what a stopping worker gives back."""
    return f"{_worker_prefix()}{os.getpid()}"


def _worker_prefix() -> str:
    return f"{socket.gethostname()[:50]}/{_WORKER}/"


def lease_end() -> datetime:
    """When a lease taken or renewed now runs out."""
    return timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)


def claim_first[Row: Job](candidates: QuerySet[Row], rows: QuerySet[Row]) -> Row | None:
    """Take the first candidate that nobody else is taking; None when there is none.

    PostgreSQL steps over rows that another worker is taking at this moment. SQLite has one writer
    at a time, so there whoever comes second sees the row taken and tries the next.
    """
    if connection.features.has_select_for_update_skip_locked:
        with transaction.atomic():
            free = candidates.select_for_update(skip_locked=True, of=("self",)).only("pk").first()
            return claim(rows, free.pk) if free else None
    for row_id in candidates.values_list("pk", flat=True)[:CANDIDATES]:
        if taken := claim(rows, row_id):
            return taken
    return None


def claim[Row: Job](rows: QuerySet[Row], row_id: uuid.UUID) -> Row | None:
    """Take the queued row by one conditional update; None when somebody else was faster."""
    lease_id = uuid.uuid4()
    now = timezone.now()
    taken = rows.filter(pk=row_id, state=State.QUEUED).update(
        state=State.RUNNING,
        attempt=F("attempt") + 1,
        progress=0,
        started_at=now,
        finished_at=None,
        lease_id=lease_id,
        lease_expires_at=lease_end(),
        worker=worker_name(),
    )
    return rows.get(pk=row_id) if taken else None


def held(job: Job) -> QuerySet[Any]:
    """The row, as long as this claim holds it: every later write goes through here."""
    rows: QuerySet[Any] = type(job)._default_manager.all()  # noqa: SLF001  Django's own name
    return rows.filter(pk=job.pk, state=State.RUNNING, lease_id=job.lease_id)


@contextmanager
def ending(job: Job, state: State, **changes: Any) -> Iterator[None]:
    """End the row in `state`, in one transaction with what the block keeps of the job's result.

    Raises LeaseLost when the claim does not hold the row any more.
    """
    with transaction.atomic():
        if not held(job).update(state=state, finished_at=timezone.now(), **NO_LEASE, **changes):
            raise LeaseLost(str(job.pk))
        yield
        jobs_ending.send(type(job), keys=[job.pk])
        _tell(type(job), state, changes.get("error_code", ""), changes.get("timings", {}))


def finish(job: Job, state: State, **changes: Any) -> None:
    """Like `ending`, where there is nothing more to keep."""
    with ending(job, state, **changes):
        pass


def _tell(kind: type[Job], state: State, error_code: str, timings: dict[str, float]) -> None:
    """Only once it is certain: a result that can't be kept takes the end of its job back."""
    transaction.on_commit(
        lambda: job_ended.send(kind, state=state, error_code=error_code, timings=timings),
        robust=True,
    )


def finish_quietly(job: Job, state: State, **changes: Any) -> None:
    """Like `finish`, for work that ends without a result: a lost claim is only logged."""
    try:
        finish(job, state, **changes)
    except LeaseLost:
        logger.warning("%s had ended already", job)


def end_after_fault(
    job: Job, fault: Exception, *, unforeseen: str, timings: dict[str, float]
) -> None:
    """Fail for good, or queue again while attempts are left and the fault may pass.

    `unforeseen` is what the user is told of a fault that has no words of its own. Who has asked
    to stop meanwhile gets that instead of another attempt.
    """
    if isinstance(fault, VisionError):
        code, message, is_permanent = fault.code, fault.message, fault.permanent
    else:
        logger.error("%s failed", job, exc_info=fault)
        code, message, is_permanent = "internal_error", unforeseen, False
    told = {"error_code": code, "error_message": message, "timings": timings}
    if held(job).filter(cancel_requested_at__isnull=False).exists():
        finish_quietly(job, State.CANCELLED, timings=timings)
    elif is_permanent or job.attempt >= MAX_ATTEMPTS:
        finish_quietly(job, State.FAILED, error_is_permanent=is_permanent, **told)
    else:
        pause = timedelta(seconds=SECONDS_BEFORE_RETRY * job.attempt)
        waits = {"state": State.QUEUED, "not_before": timezone.now() + pause}
        if held(job).update(**waits, **NO_LEASE, **told):
            _tell(type(job), State.QUEUED, code, timings)


def ready(now: datetime | None = None) -> Q:
    """Queued, and not told to wait."""
    moment = now or timezone.now()
    return Q(state=State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=moment))


def unattended() -> Q:
    """Running, but not renewed for two beats: its worker is gone though the lease still runs."""
    renewed_before = timedelta(seconds=settings.LEASE_SECONDS * (1 - 2.2 / BEATS_PER_LEASE))
    return Q(state=State.RUNNING, lease_expires_at__lt=timezone.now() + renewed_before)


def release_expired(rows: QuerySet[Any]) -> int:
    """Queue again (or fail) the rows whose worker has stopped renewing; returns how many."""
    return _release(rows.filter(state=State.RUNNING, lease_expires_at__lt=timezone.now()))


def release_abandoned(rows: QuerySet[Any]) -> int:
    """Queue again (or fail) every running row, when it is certain that no worker runs."""
    return _release(rows.filter(state=State.RUNNING))


def give_back(rows: QuerySet[Any]) -> int:
    """Queue again what this worker's children were at when they were stopped; returns how many.

    That is no attempt: the work is not to blame. Called in the worker's main process.
    """
    ours = rows.filter(state=State.RUNNING, worker__startswith=_worker_prefix())
    end_all(ours.filter(cancel_requested_at__isnull=False), State.CANCELLED)
    return int(ours.update(state=State.QUEUED, attempt=F("attempt") - 1, **NO_LEASE))


def _release(rows: QuerySet[Any]) -> int:
    lost = {"error_code": "worker_lost"}
    cancelled = end_all(rows.filter(cancel_requested_at__isnull=False), State.CANCELLED)
    failed = end_all(
        rows.filter(attempt__gte=MAX_ATTEMPTS),
        State.FAILED,
        error_message="The worker stopped three times while at it. Try again, or tell an admin.",
        **lost,
    )
    queued = rows.filter(attempt__lt=MAX_ATTEMPTS).update(
        state=State.QUEUED,
        error_message="The worker stopped while at it; it is tried again.",
        **NO_LEASE,
        **lost,
    )
    for state, number in ((State.FAILED, failed), (State.QUEUED, queued)):
        for _ in range(number):
            _tell(rows.model, state, "worker_lost", {})
    released = int(cancelled + failed + queued)
    if released:
        logger.warning(
            "Workers were lost: %d queued again, %d failed, %d cancelled", queued, failed, cancelled
        )
    return released


@transaction.atomic
def end_all(rows: QuerySet[Any], state: State, **changes: Any) -> int:
    """End in `state` whichever rows there are, though nobody holds them; returns how many."""
    keys = list(rows.select_for_update().values_list("pk", flat=True))
    if keys:
        ended = {"state": state, "finished_at": timezone.now()} | NO_LEASE | changes
        rows.model._default_manager.filter(pk__in=keys).update(**ended)  # noqa: SLF001  Django's own name
        jobs_ending.send(rows.model, keys=keys)
    return len(keys)


class LeaseKeeper:
    """Renews a lease from a thread while the block runs, but not for ever: work may hang."""

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
        while not self._ended.wait(settings.LEASE_SECONDS / BEATS_PER_LEASE):
            if time.monotonic() > give_up_at:
                break
            try:
                close_old_connections()
                held(self._job).update(lease_expires_at=lease_end())
            except Exception:
                logger.exception("The lease of %s could not be renewed", self._job.pk)
        connection.close()
