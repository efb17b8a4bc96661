"""Tells the workers that there is work. A lost ring is made good by the sweeper."""

import logging

from django.db import transaction

logger = logging.getLogger(__name__)

RUN_NEXT_EDIT = "inpainting.tasks.run_next_edit"
RUN_NEXT_DETECTION = "inpainting.tasks.run_next_detection"
KEEP_HOUSE = "gallery.tasks.keep_house"
SEND_WEBHOOKS = "webhooks.tasks.send_due"


def ring_on_commit(task_name: str) -> None:
    """Ring once the rows that make the work are safe."""
    transaction.on_commit(lambda: ring(task_name), robust=True)


def ring(task_name: str) -> None:
    """Send the message; a broker that cannot be reached is logged, because the row stays."""
    from config.celery import app

    try:
        app.send_task(task_name, retry=False)
    except Exception:  # every broker has its own errors, and none may undo what was asked for
        logger.exception("The bell for %s could not be rung; the sweeper will", task_name)
