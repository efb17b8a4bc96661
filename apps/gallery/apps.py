"""The gallery: albums, photos, revisions and their pictures."""

from django.apps import AppConfig


class GalleryConfig(AppConfig):
    """Named so that migrations and rows say what they are."""

    name = "gallery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what housekeeping removes, and the storage that users have used."""
        from accounts.quotas import MEGABYTE
        from accounts.usage import Meter, register_meter
        from gallery.quotas import storage_used
        from gallery.services import cleanup
        from jobs.registry import registry

        registry.register_cleanups(*cleanup.STEPS)
        register_meter(
            Meter(
                "storage_bytes",
                "MB kept",
                MEGABYTE,
                read_used=storage_used,
                read_quota=lambda quota: quota.storage_bytes,
            )
        )
