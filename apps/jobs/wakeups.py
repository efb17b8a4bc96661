"""Wake-up messages: they tell workers that there is work. The sweeper makes good a lost one."""

import logging
from dataclasses import dataclass

from django.db import transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WakeUp:
    """What makes a worker look for work: the name of a Celery task, and its queue."""

    task_name: str
    queue: str


def send_wakeup_on_commit(wakeup: WakeUp) -> None:
    """Send the message once the rows that make the work are safe."""
    transaction.on_commit(lambda: send_wakeup(wakeup), robust=True)


def send_wakeup(wakeup: WakeUp) -> None:
    """Send the message. A broker that cannot be reached is only logged, because the row stays."""
    from config.celery import app

    try:
        app.send_task(wakeup.task_name, queue=wakeup.queue, retry=False)
    except Exception:  # every broker has its own errors, and none may undo the caller's work
        logger.exception(
            "The wake-up message %s could not be sent; the sweeper sends it again",
            wakeup.task_name,
        )
