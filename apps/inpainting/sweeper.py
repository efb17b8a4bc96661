"""Rings again for what was missed: in every worker, one at a time by a lock in the database."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from inpainting.bell import KEEP_HOUSE, RUN_NEXT_DETECTION, RUN_NEXT_EDIT, ring
from inpainting.claims import release_expired
from inpainting.models import DetectionRun, Edit, SweepLock
from inpainting.models.jobs import State
from inpainting.selectors import claimable_detections, claimable_edits

logger = logging.getLogger(__name__)

QUEUE, HOUSE = "queue", "housekeeping"
HOUSE_SECONDS = 3600.0
MOST_RINGS = 20


_steps_of_other_rooms: list[Callable[[], None]] = []


def sweep_by(step: Callable[[], None]) -> None:
    """Let another room's step be done with ours; called at the start."""
    if step not in _steps_of_other_rooms:
        _steps_of_other_rooms.append(step)


def sweep() -> bool:
    """Give up expired leases and ring for whatever can be claimed; False when another sweeps."""
    if not _take_lock(QUEUE, settings.SWEEP_SECONDS * 0.8):
        return False
    for step in (_sweep_edits, _sweep_detection, _sweep_house, *_steps_of_other_rooms):
        try:
            step()
        except DatabaseError:
            logger.exception("A sweep failed; the others go on")
    return True


def _sweep_edits() -> None:
    released = release_expired(Edit.objects.all())
    _ring_for(RUN_NEXT_EDIT, claimable_edits(), released)


def _sweep_detection() -> None:
    released = release_expired(DetectionRun.objects.all())
    _ring_for(RUN_NEXT_DETECTION, claimable_detections(), released)


def _ring_for(task_name: str, waiting: QuerySet[Any], released: int) -> None:
    """For those that were given up, whose rings were used up, and one ring more.

    Where nobody works although rows wait, all rings were lost, as when no queue could be reached.
    """
    is_worked_on = waiting.model._default_manager.filter(state=State.RUNNING).exists()  # noqa: SLF001  Django's own name
    for _ in range(waiting[: max(1, released) if is_worked_on else MOST_RINGS].count()):
        ring(task_name)


def _sweep_house() -> None:
    if _take_lock(HOUSE, HOUSE_SECONDS):
        ring(KEEP_HOUSE)


def start_sweeping() -> threading.Thread:
    """Sweep for ever from a thread of the worker's main process."""
    thread = threading.Thread(target=_sweep_for_ever, name="sweeper", daemon=True)
    thread.start()
    return thread


def _sweep_for_ever() -> None:
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


def _take_lock(name: str, seconds: float) -> bool:
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
