"""The Celery task of the deliveries."""

from celery import shared_task

from webhooks import delivery


@shared_task
def send_due() -> None:
    """Send a batch of what is due; takes 10 s at most, so that housekeeping is not held up."""
    delivery.send_due()
