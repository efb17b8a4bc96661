"""The webhooks room: tells other people's servers what happened here."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Listens to what the other rooms tell."""

    name = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Write what happens to the outbox; sweep and clear away when the others do."""
        from gallery.services.housekeeping import keep_house_by
        from gallery.signals import photo_uploaded, photos_deleting
        from inpainting.signals import jobs_ending
        from inpainting.sweeper import sweep_by
        from webhooks import delivery, receivers

        jobs_ending.connect(receivers.tell_of_jobs, dispatch_uid="webhooks.jobs")
        photo_uploaded.connect(receivers.tell_of_new_photo, dispatch_uid="webhooks.photo")
        photos_deleting.connect(receivers.tell_of_deleted_photos, dispatch_uid="webhooks.deleted")
        sweep_by(delivery.sweep_deliveries)
        keep_house_by(delivery.deliveries_forget)
