"""The inpainting app: detections, masks, edits and their queue."""

from typing import Any

from django.apps import AppConfig


class InpaintingConfig(AppConfig):
    """Starts object detection for each upload, unless it is for a temporary album."""

    name = "inpainting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect to uploads, and register the job kinds, the sweep step and the usage meters."""
        from accounts.usage import register_meter
        from gallery.signals import photo_uploaded
        from inpainting.job_kinds import JOB_KINDS
        from inpainting.quotas import METERS
        from inpainting.services.late_weights import detections_requeue_after_fetch
        from jobs.registry import registry

        for kind in JOB_KINDS:
            registry.register_kind(kind)
        registry.register_sweep(detections_requeue_after_fetch)
        for meter in METERS:
            register_meter(meter)
        photo_uploaded.connect(_queue_detection, dispatch_uid="inpainting.detection")


def _queue_detection(photo: Any, **_: object) -> None:
    from inpainting.services.detections import detection_queue

    if not photo.album.is_temporary:
        detection_queue(photo=photo)
