"""Configuration of the gallery app: albums, photos, revisions and their pictures."""

from django.apps import AppConfig


class GalleryConfig(AppConfig):
    """Django configuration of this app."""

    name = "gallery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the cleanup steps of housekeeping, and the meter of used storage."""
        from accounts.quotas import MEGABYTE
        from accounts.usage import Meter, register_meter
        from gallery.quotas import measure_storage
        from gallery.services import cleanup
        from jobs.registry import registry

        registry.register_cleanups(*cleanup.STEPS)
        register_meter(
            Meter(
                "storage_bytes",
                "MB kept",
                MEGABYTE,
                read_used=measure_storage,
                read_quota=lambda quota: quota.storage_bytes,
            )
        )
