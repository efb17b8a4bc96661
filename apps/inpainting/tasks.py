"""The Celery tasks of this app. Each claims a row and calls one service."""

from celery import shared_task

from config.logs import log_context
from config.tracing import start_span
from inpainting.services import (
    detection_claim_next,
    detection_run,
    edit_claim_next,
    edit_run,
)


@shared_task
def run_next_edit() -> None:
    """Claim the next edit in fair order and run it."""
    edit = edit_claim_next()
    if edit is not None:
        ids = {"edit_id": str(edit.pk), "photo_id": str(edit.photo_id)}
        with log_context(edit_id=edit.pk, photo_id=edit.photo_id), start_span("edit", **ids):
            edit_run(edit)


@shared_task
def run_next_detection() -> None:
    """Claim the oldest detection run and run it."""
    run = detection_claim_next()
    if run is not None:
        photo_id = run.photo_id
        with log_context(photo_id=photo_id), start_span("detection", photo_id=str(photo_id)):
            detection_run(run)
