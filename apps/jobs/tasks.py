"""The Celery task of the housekeeping queue."""

from celery import shared_task

from jobs import (
    housekeeping,
    worker,  # noqa: F401  connects the worker's signal handlers
)


@shared_task
def run_housekeeping() -> None:
    """Remove what is not needed any more."""
    housekeeping.run_housekeeping()
