"""Finishing: corrects the colours, edge and grain of a fill so that its border is invisible."""

from vision.finishing.base import Colours, Flags, Step
from vision.finishing.grain import add_grain
from vision.finishing.rim import blend_rim
from vision.finishing.seam import remove_seam
from vision.masks import Mask

MARGIN = 64
"""Pixels around a hole that show what its fill should look like."""
STEPS: tuple[Step, ...] = (remove_seam, blend_rim, add_grain)


def finish_fill(photo: Colours, fill: Colours, hole: Mask, visible: Flags) -> Colours:
    """Return the fill with colours, edge and grain matched to the photo; arguments as of `Step`."""
    for step in STEPS:
        fill = step(photo, fill, hole, visible)
    return fill
