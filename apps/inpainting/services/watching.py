"""How a running job tells how far it is, and hears that it should stop."""

import time

from jobs.claims import LeaseLost, select_claimed
from jobs.models import Job
from vision.errors import Cancelled
from vision.progress import Checkpoint

SECONDS_BETWEEN_LOOKS = 0.5


def checkpoint_of(job: Job) -> Checkpoint:
    """Reads the row at most twice a second; raises Cancelled or LeaseLost when it says so."""
    last_look = 0.0

    def look(share: float) -> None:
        nonlocal last_look
        if time.monotonic() - last_look < SECONDS_BETWEEN_LOOKS:
            return
        last_look = time.monotonic()
        if is_unwanted(job):
            raise Cancelled
        if not select_claimed(job).update(progress=round(share, 3)):
            raise LeaseLost(str(job.pk))

    return look


def is_unwanted(job: Job) -> bool:
    """Whether somebody has asked to stop the running job."""
    return select_claimed(job).filter(cancel_requested_at__isnull=False).exists()
