"""What the housekeeping queue rings for."""

from celery import shared_task

from gallery.services import housekeeping


@shared_task
def keep_house() -> None:
    """Clear away what nobody needs any more."""
    housekeeping.keep_house()
