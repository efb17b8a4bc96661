"""The inpainting room: detections, masks, edits and their queue."""

from typing import Any

from django.apps import AppConfig


class InpaintingConfig(AppConfig):
    """Looks for objects in every photo that comes in to stay."""

    name = "inpainting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for uploads."""
        from gallery.signals import photo_uploaded

        photo_uploaded.connect(_look_for_objects, dispatch_uid="inpainting.detection")


def _look_for_objects(photo: Any, **_: object) -> None:
    from inpainting.services.detections import detection_queue

    if photo.album.expires_at is None:
        detection_queue(photo=photo)
