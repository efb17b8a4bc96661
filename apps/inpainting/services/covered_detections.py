"""Detections that a removed area covers, although nobody chose them: their object is gone too."""

from inpainting.models import Detection, Edit
from inpainting.selectors import select_detections
from vision.masks import Mask
from vision.object_masks import measure_coverage

LEAST_COVERAGE = 0.75
"""Share of its outline; less leaves so much of an object that it can be chosen again."""


def find_covered_detections(edit: Edit, hole: Mask) -> list[Detection]:
    """Return the detections of the edit's photo that lie in `hole`, the grown mask."""
    return [
        row
        for row in select_detections(edit.photo).exclude(edits=edit)
        if row.outline and measure_coverage(hole, row.outline) >= LEAST_COVERAGE
    ]
