"""What the queue rings for. A task claims from the database and calls one service."""

from celery import shared_task
from celery.signals import worker_process_init, worker_ready

from config.celery import EDITS, app
from inpainting.engines import warm_up
from inpainting.services import (
    detection_claim_next,
    detection_run,
    edit_claim_next,
    edit_run,
)


@shared_task
def run_next_edit() -> None:
    """Claim the fairest edit and do it; the service rings again for what it unlocked."""
    edit = edit_claim_next()
    if edit is not None:
        edit_run(edit)


@shared_task
def run_next_detection() -> None:
    """Claim the oldest detection run and do it; the service rings again while there are more."""
    run = detection_claim_next()
    if run is not None:
        detection_run(run)


@worker_ready.connect
def _start_sweeper(**_: object) -> None:
    from inpainting.sweeper import start_sweeping

    start_sweeping()


@worker_process_init.connect
def _load_inpainter(**_: object) -> None:
    """After the fork: TensorFlow does not survive one."""
    if EDITS in app.amqp.queues.consume_from:
        warm_up()
