"""Finishing: corrects the colours, edge and grain of a fill so that its border is invisible."""

import numpy as np
from numpy.typing import NDArray

from vision.finishing.base import Colours, Flags, Floats, Step
from vision.finishing.fractions import restore_fractions
from vision.finishing.grain import add_grain
from vision.finishing.rim import blend_rim
from vision.finishing.seam import remove_seam
from vision.finishing.slopes import continue_slopes
from vision.masks import Mask

MARGIN = 64
"""Pixels around a hole that show what its fill should look like."""
STEPS: tuple[Step, ...] = (remove_seam, blend_rim, add_grain)


def finish_fill(photo: Colours, fill: Colours, hole: Mask, visible: Flags) -> Colours:
    """Return the fill with colours, edge and grain matched to the photo; arguments as of `Step`."""
    for step in STEPS:
        fill = step(photo, fill, hole, visible)
    return fill


def finish_deep_fill(photo: Floats, fill: NDArray[np.uint8], hole: Mask, visible: Flags) -> Floats:
    """Return the 8-bit fill of a deep photo, finished in the photo's own depth.

    Args:
        photo: [H,W,3] float32 RGB in grey levels 0..255, with fractions.
        fill: [H,W,3] uint8, the photo with its holes filled.
        hole, visible: as of `Step`.

    Returns:
        [H,W,3] float32, the photo outside its holes.
    """
    exact = restore_fractions(photo, fill, hole)
    slopes, others = continue_slopes(photo, exact, hole, visible)
    if others.any():
        slopes = blend_rim(photo, remove_seam(photo, slopes, others, visible), others, visible)
    return add_grain(photo, slopes, hole, visible)
