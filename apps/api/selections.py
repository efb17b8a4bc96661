"""Selections from validated bodies."""

from collections.abc import Mapping
from typing import Any

from inpainting.models import Mask
from inpainting.services import PhotoSelection
from vision.detectors.base import Box


def build_selection(
    data: Mapping[str, Any],
    *,
    mask: Mask | None = None,
    mask_file: Any = None,
    mask_file_may_be_smaller: bool = False,
) -> PhotoSelection:
    """Build the selection of a validated body, with a saved mask and a mask file of the request."""
    return PhotoSelection(
        detection_ids=data.get("detections", ()),
        labels=data["labels"],
        boxes=[Box(**box) for box in data["boxes"]],
        polygons=data["polygons"],
        shadows=data["shadows"],
        mask=mask,
        mask_png=None if mask_file is None else mask_file.read(),
        mask_png_may_be_smaller=mask_file_may_be_smaller,
    )
