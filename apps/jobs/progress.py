"""How a running job reports its progress and learns that it was cancelled."""

import time

from jobs.claims import LeaseLost, is_cancel_requested, select_claimed
from jobs.models import Job
from vision.errors import Cancelled
from vision.progress import Checkpoint

SECONDS_BETWEEN_UPDATES = 0.5


def build_checkpoint(job: Job) -> Checkpoint:
    """Return a function that stores the share done (0..1) in the job's row.

    It uses the database at most twice a second. It raises Cancelled when the cancellation of the
    job was requested, and LeaseLost when this claim does not hold the row any more.
    """
    last_update = 0.0

    def report(share: float) -> None:
        nonlocal last_update
        if time.monotonic() - last_update < SECONDS_BETWEEN_UPDATES:
            return
        last_update = time.monotonic()
        if is_cancel_requested(job):
            raise Cancelled
        if not select_claimed(job).update(progress=round(share, 3)):
            raise LeaseLost(str(job.pk))

    return report
