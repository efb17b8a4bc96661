"""The Celery task that sends deliveries."""

from celery import shared_task

from webhooks import delivery


@shared_task
def send_due() -> None:
    """Send a batch of due deliveries; it takes at most 10 s, so that housekeeping can go on."""
    delivery.send_due()
