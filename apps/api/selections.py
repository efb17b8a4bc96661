"""From a checked body to a selection."""

from collections.abc import Mapping
from typing import Any

from inpainting.models import Mask
from inpainting.services import Selection
from vision.detectors.base import Box


def selection_asked(
    asked: Mapping[str, Any],
    *,
    mask: Mask | None = None,
    mask_file: Any = None,
    mask_file_may_be_smaller: bool = False,
) -> Selection:
    """What a checked body names, with a kept mask and one that was sent as a file."""
    return Selection(
        detection_ids=asked.get("detections", ()),
        labels=asked["labels"],
        boxes=[Box(**box) for box in asked["boxes"]],
        polygons=asked["polygons"],
        shadows=asked["shadows"],
        mask=mask,
        mask_png=None if mask_file is None else mask_file.read(),
        mask_png_may_be_smaller=mask_file_may_be_smaller,
    )
