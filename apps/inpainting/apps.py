"""The inpainting app: detections, masks, edits and their queue."""

from typing import Any

from django.apps import AppConfig


class InpaintingConfig(AppConfig):
    """Looks for objects in every photo that comes in to stay."""

    name = "inpainting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for uploads, and register kinds of jobs and meters of usage."""
        from accounts.usage import register_meter
        from gallery.signals import photo_uploaded
        from inpainting.job_kinds import JOB_KINDS
        from inpainting.quotas import METERS
        from jobs.registry import registry

        for kind in JOB_KINDS:
            registry.register_kind(kind)
        for meter in METERS:
            register_meter(meter)
        photo_uploaded.connect(_look_for_objects, dispatch_uid="inpainting.detection")


def _look_for_objects(photo: Any, **_: object) -> None:
    from inpainting.services.detections import detection_queue

    if photo.album.expires_at is None:
        detection_queue(photo=photo)
