"""The sweeper finds lost work. Every worker has one; a lock in the database lets one run."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction
from django.utils import timezone

from jobs.claims import release_expired
from jobs.housekeeping import RUN_HOUSEKEEPING
from jobs.models import State, SweepLock
from jobs.registry import JobKind, registry
from jobs.wakeups import send_wakeup

logger = logging.getLogger(__name__)

QUEUE_LOCK, HOUSEKEEPING_LOCK = "queue", "housekeeping"
HOUSEKEEPING_SECONDS = 3600.0
MAX_WAKEUPS = 20


def sweep() -> bool:
    """Release expired leases and wake workers for waiting jobs; return False if another sweeps."""
    if not _acquire_lock(QUEUE_LOCK, settings.SWEEP_SECONDS * 0.8):
        return False
    steps: list[Callable[[], None]] = [partial(_sweep_kind, kind) for kind in registry.kinds]
    for step in (*steps, _start_housekeeping, *registry.sweeps):
        try:
            step()
        except DatabaseError:
            logger.exception("A step of the sweep failed; the others go on")
    return True


def _sweep_kind(kind: JobKind) -> None:
    """Send a message for each released row, whose own was used up, or at least one if rows wait.

    If no row is being worked on although rows wait, all their messages were lost, for example
    because the broker could not be reached. Then up to MAX_WAKEUPS messages are sent.
    """
    rows = kind.model._default_manager.all()  # noqa: SLF001  Django's own name
    released = release_expired(rows)
    is_working = rows.filter(state=State.RUNNING).exists()
    limit = max(1, released) if is_working else MAX_WAKEUPS
    for _ in range(kind.find_claimable()[:limit].count()):
        send_wakeup(kind.wakeup)


def _start_housekeeping() -> None:
    if _acquire_lock(HOUSEKEEPING_LOCK, HOUSEKEEPING_SECONDS):
        send_wakeup(RUN_HOUSEKEEPING)


def start_sweeping() -> threading.Thread:
    """Start a thread of the worker's main process that sweeps until the process ends."""
    thread = threading.Thread(target=_sweep_forever, name="sweeper", daemon=True)
    thread.start()
    return thread


def _sweep_forever() -> None:
    pause = threading.Event()
    while True:
        try:
            close_old_connections()
            sweep()
        except Exception:
            logger.exception("The sweep failed; it is tried again")
        finally:
            connection.close()
        pause.wait(settings.SWEEP_SECONDS)


def _acquire_lock(name: str, seconds: float) -> bool:
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    if SweepLock.objects.filter(name=name, expires_at__lte=now).update(expires_at=until):
        return True
    if SweepLock.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            SweepLock.objects.create(name=name, expires_at=until)
    except IntegrityError:
        return False
    return True
