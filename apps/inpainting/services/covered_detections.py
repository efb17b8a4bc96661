"""Detections that a removed area covers, although nobody chose them: their object is gone too."""

from collections.abc import Sequence

from gallery.selectors import collect_ancestor_ids
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Detection, DetectionRun, Edit
from inpainting.selectors import select_detections
from jobs.models import State
from vision.masks import Mask, grow
from vision.object_masks import measure_coverage

CoveredRows = list[tuple[Edit, list[Detection]]]

LEAST_COVERAGE = 0.75
"""Share of its outline; less leaves so much of an object that it can be chosen again."""


def find_rows_under_edits(run: DetectionRun, rows: Sequence[Detection]) -> CoveredRows:
    """Return which of the new rows were removed by edits whose result the run did not examine.

    An area may be painted over before the run that finds the object in it has ended.
    """
    examined = collect_ancestor_ids(run.revision) if run.revision else set()
    edits = Edit.objects.filter(photo=run.photo, state=State.SUCCEEDED)
    pairs = []
    for edit in edits.exclude(revision__in=examined).select_related("mask"):
        hole = grow(read_mask_pixels(edit.mask), edit.grow)
        pairs.append((edit, [row for row in rows if _is_covered(row, hole)]))
    return pairs


def find_covered_detections(edit: Edit, hole: Mask) -> list[Detection]:
    """Return the detections of the edit's photo that lie in `hole`, the grown mask."""
    rows = select_detections(edit.photo).exclude(edits=edit)
    return [row for row in rows if _is_covered(row, hole)]


def _is_covered(row: Detection, hole: Mask) -> bool:
    return bool(row.outline) and measure_coverage(hole, row.outline) >= LEAST_COVERAGE
