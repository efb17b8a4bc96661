"""The Celery task of the housekeeping queue."""

from celery import shared_task

from jobs import (
    housekeeping,
    worker,  # noqa: F401  connects what a worker does beside its tasks
)


@shared_task
def run_housekeeping() -> None:
    """Remove what nobody needs any more."""
    housekeeping.run_housekeeping()
