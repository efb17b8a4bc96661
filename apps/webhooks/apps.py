"""The webhooks app: it sends events to the servers of users."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Connects the signals of the other apps to the outbox."""

    name = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the signals, and register the wake-up message, the sweep and the cleanup."""
        from gallery.signals import photo_uploaded, photos_deleting
        from jobs.registry import registry
        from jobs.signals import jobs_ending
        from webhooks import delivery, receivers
        from webhooks.wakeups import SEND_WEBHOOKS

        jobs_ending.connect(receivers.record_job_events, dispatch_uid="webhooks.jobs")
        photo_uploaded.connect(receivers.record_new_photo, dispatch_uid="webhooks.photo")
        photos_deleting.connect(receivers.record_deleted_photos, dispatch_uid="webhooks.deleted")
        registry.register_wakeup(SEND_WEBHOOKS)
        registry.register_sweep(delivery.sweep_deliveries)
        registry.register_cleanups(delivery.delete_old_deliveries)
