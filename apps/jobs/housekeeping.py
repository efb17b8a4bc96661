"""Housekeeping: the steps, registered by the apps, that remove what is not needed any more."""

import logging

from django.db import DatabaseError

from config.celery_queues import HOUSEKEEPING
from jobs.registry import registry
from jobs.wakeups import WakeUp

logger = logging.getLogger(__name__)

RUN_HOUSEKEEPING = WakeUp("jobs.tasks.run_housekeeping", HOUSEKEEPING)


def run_housekeeping() -> dict[str, int]:
    """Run every step and return how much each removed.

    Every step is safe to repeat and to interrupt; one that fails is logged and run again next time.
    """
    removed = {}
    for step in registry.cleanups:
        try:
            removed[step.__name__] = step()
        except (OSError, DatabaseError):
            logger.exception("%s failed; it is tried again in an hour", step.__name__)
    logger.info("Housekeeping removed %s", removed)
    return removed
