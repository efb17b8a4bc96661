"""Specks: pieces of a photo that a mask of detected objects leaves out by accident."""

import cv2
import numpy as np

from vision.masks import Mask

LARGEST_PART = 1 / 400
"""Of what the mask marks; what is larger is seen through, as between an arm and a body."""
LARGEST = 1_500
"""Pixels, on any mask."""


def without_specks(mask: Mask) -> Mask:
    """The mask with its small enclosed gaps marked too.

    Between an object's outline and its shadow, or a neighbour's, slivers stay free that would show
    in the fill as dirt. What touches the picture's edge is not enclosed.

    Args:
        mask: [H,W] uint8, 255 = remove.
    """
    largest = min(int(np.count_nonzero(mask) * LARGEST_PART), LARGEST)
    left, top, width, height = cv2.boundingRect(mask)
    box = (slice(top, top + height), slice(left, left + width))
    # A gap that leaves the box is open: with a free rim around, it belongs to what is outside.
    kept = np.pad((mask[box] == 0).astype(np.uint8), 1, constant_values=1)
    count, labels, facts, _ = cv2.connectedComponentsWithStats(kept, connectivity=4)
    is_speck = facts[:count, cv2.CC_STAT_AREA] <= largest
    is_speck[labels[0, 0]] = is_speck[0] = False
    result = mask.copy()
    result[box][is_speck[labels[1:-1, 1:-1]]] = 255
    return result
