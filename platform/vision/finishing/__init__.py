"""What is done to a fill so that nobody sees where it begins: its colours, rim and grain."""

import numpy as np
from numpy.typing import NDArray

from vision.finishing.grain import with_grain
from vision.finishing.rim import without_cut
from vision.finishing.seam import without_seam

MARGIN = 64
"""Pixels around a hole that tell what its fill should look like."""


def finished(
    photo: NDArray[np.uint8],
    filled: NDArray[np.uint8],
    hole: NDArray[np.uint8],
    known: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """The fill with its colours, its first pixels and its grain matched to the photo around it.

    Args:
        photo: [H,W,3] uint8 RGB: the holes' bounding box and up to `MARGIN` pixels around it.
        filled: [H,W,3] uint8, the photo with its holes filled.
        hole: [H,W] uint8, 255 = filled.
        known: [H,W] bool, none of it in the hole: the pixels of the photo whose colours are seen.

    Returns [H,W,3] uint8, `filled` outside the hole. The same input gives the same output.
    """
    even = without_seam(photo, filled, hole, known)
    return with_grain(photo, without_cut(photo, even, hole, known), hole, known)
