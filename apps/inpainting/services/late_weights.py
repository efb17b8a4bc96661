"""Photos whose objects could not be detected, because the detector's model file came later."""

import logging
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from inpainting import engines
from inpainting.models import DetectionRun
from inpainting.services.detections import detection_retry
from jobs.models import State
from vision.errors import VisionError
from web.errors import Problem

logger = logging.getLogger(__name__)

MISSING_CODES = ("weights_missing", "detector_unavailable")
MOST_AT_ONCE = 50
_STARTED_AT = timezone.now()


def detections_requeue_after_fetch() -> None:
    """Queue runs again that failed because the local detector was not installed, once it is.

    The sweeper calls this; each time it queues at most `MOST_AT_ONCE` runs. A run that fails again
    is queued again only after a newer file has come or the worker was restarted.
    """
    failed = DetectionRun.objects.filter(
        state=State.FAILED, error_code__in=MISSING_CODES, detector=engines.LOCAL
    )
    if not failed.exists():
        return
    usable_since = _find_start_of_use()
    if usable_since is not None:
        _requeue_oldest(failed.filter(finished_at__lt=usable_since))


def _find_start_of_use() -> datetime | None:
    """Return since when this process could use the local detector; None if it cannot."""
    try:
        path = engines.find_local_detector_file()
    except VisionError:
        return None
    # The change time is that of the copy on this machine; a file's own time may be years ago.
    came_at = datetime.fromtimestamp(path.stat().st_ctime, tz=timezone.get_current_timezone())
    return max(came_at, _STARTED_AT)


def _requeue_oldest(runs: QuerySet[DetectionRun]) -> None:
    oldest = list(runs.select_related("revision").order_by("finished_at")[:MOST_AT_ONCE])
    for run in oldest:
        try:
            detection_retry(run)
        except Problem:
            logger.info("%s had already been queued again", run)
    if oldest:
        logger.info(
            "The detector's model file is here now: detection runs again for %d photos", len(oldest)
        )
