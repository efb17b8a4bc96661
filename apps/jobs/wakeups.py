"""Wake-up messages: they make workers look for jobs. The sweeper replaces lost ones."""

import logging
from dataclasses import dataclass

from django.db import transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WakeUp:
    """A wake-up message: the name of the Celery task that it starts, and its queue."""

    task_name: str
    queue: str


def send_wakeup_on_commit(wakeup: WakeUp) -> None:
    """Send the message after the commit, when workers can see the rows."""
    transaction.on_commit(lambda: send_wakeup(wakeup), robust=True)


def send_wakeup(wakeup: WakeUp) -> None:
    """Send the message. An unreachable broker is only logged, because the sweeper sends again."""
    from config.celery import app

    try:
        app.send_task(wakeup.task_name, queue=wakeup.queue, retry=False)
    except Exception:  # each broker has its own errors, and none may undo the caller's work
        logger.exception(
            "The wake-up message %s could not be sent; the sweeper sends it again",
            wakeup.task_name,
        )
