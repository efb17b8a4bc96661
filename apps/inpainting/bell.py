"""Tells the workers that there is work. A lost ring is made good by the sweeper."""

import logging

from django.db import transaction

logger = logging.getLogger(__name__)

RUN_NEXT_EDIT = "inpainting.tasks.run_next_edit"
RUN_NEXT_DETECTION = "inpainting.tasks.run_next_detection"


def ring_on_commit(task_name: str) -> None:
    """Ring once the rows that make the work are safe."""
    transaction.on_commit(lambda: ring(task_name))


def ring(task_name: str) -> None:
    """Send the message; a broker that cannot be reached is logged, because the row stays."""
    from kombu.exceptions import KombuError

    from config.celery import app
    from inpainting import tasks  # noqa: F401  the names that are rung

    try:
        app.tasks[task_name].apply_async(retry=False)
    except (KombuError, OSError):
        logger.exception("The bell for %s could not be rung; the sweeper will", task_name)
