"""The limits of photos that the settings name, for `vision.images.decode`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings

from vision.images import Limits

if TYPE_CHECKING:
    from gallery.models import Photo

MEGA = 1_000_000


def get_upload_limits() -> Limits:
    """Return the limits of files that users and programs send."""
    return Limits(
        max_bytes=settings.UPLOAD_MAX_BYTES,
        max_pixels=settings.PHOTO_MAX_MEGAPIXELS * MEGA,
        max_side=settings.PHOTO_MAX_SIDE,
        memory_bytes=settings.PHOTO_MEMORY_MB * 2**20,
    )


def get_stored_limits(photo: Photo) -> Limits:
    """Return the limits with which a stored photo is opened, also after the settings got lower."""
    limits = get_upload_limits().admit_size(photo.width, photo.height)
    return replace(limits, max_bytes=max(limits.max_bytes, photo.original_bytes))
