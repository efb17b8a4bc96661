"""Selections from validated bodies."""

from collections.abc import Mapping
from typing import Any

from inpainting.models import Mask
from inpainting.services import PhotoSelection
from vision.detectors.base import Box
from vision.mask_reading import MaskFile


def build_selection(
    data: Mapping[str, Any],
    *,
    mask: Mask | None = None,
    mask_file: Any = None,
) -> PhotoSelection:
    """Build the selection of a validated body, with a saved mask and a mask file of the request."""
    return PhotoSelection(
        detection_ids=data.get("detections", ()),
        labels=data["labels"],
        boxes=[Box(**box) for box in data["boxes"]],
        polygons=data["polygons"],
        shadows=data["shadows"],
        if_missing=data["if_missing"],
        mask=mask,
        mask_file=_read_mask_file(data, mask_file),
    )


def _read_mask_file(data: Mapping[str, Any], file: Any) -> MaskFile | None:
    if file is None:
        return None
    return MaskFile(file.read(), data["mask_convention"], data.get("value"))
