"""The wake-up message for deliveries."""

from config.celery_queues import HOUSEKEEPING
from jobs.wakeups import WakeUp

SEND_WEBHOOKS = WakeUp("webhooks.tasks.send_due", HOUSEKEEPING)
