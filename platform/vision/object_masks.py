"""Masks of detected objects: without small gaps, and with an edge in which the fill fades in."""

from collections.abc import Sequence

import cv2
import numpy as np

from vision import masks
from vision.masks import Mask, Polygon

SOFT_EDGE = 2
"""Pixels by which such a mask grows and then fades in, so that no edge of the object stays.

On three photos with hand-made masks the step at the mask's edge, beyond what the surroundings have,
falls from 0.4-0.6 grey levels to none; with 1 or 4 pixels it is no smaller.
"""
MAX_GAP_SHARE = 1 / 400
"""Share of the masked area; a larger gap is background, as between an arm and a body."""
MAX_GAP_PIXELS = 1_500
"""Limit on any mask."""


def from_outlines(shape: tuple[int, int], outlines: Sequence[Polygon]) -> Mask:
    """Build the mask of objects and their shadows, with small gaps filled and a soft edge around.

    Args:
        shape: height and width.
        outlines: polygons in pixels.

    Returns:
        [H,W] uint8, 255 = remove.
    """
    return masks.grow(fill_small_gaps(masks.from_polygons(shape, outlines)), SOFT_EDGE)


def measure_coverage(mask: Mask, outline: Sequence[Polygon]) -> float:
    """Return which share of an object's outline a mask covers, 0..1; 0 for an empty outline.

    Args:
        mask: [H,W] uint8, 255 = remove.
        outline: polygons in pixels.
    """
    if not any(outline):
        return 0.0
    corners = np.concatenate([np.asarray(ring, np.float64).reshape(-1, 2) for ring in outline])
    height, width = mask.shape
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), 0, (width, height)).astype(int)
    inner = [[(x - left, y - top) for x, y in ring] for ring in outline]
    shape = masks.from_polygons((bottom - top, right - left), inner) > 0
    area = np.count_nonzero(shape)
    return np.count_nonzero(shape & (mask[top:bottom, left:right] > 0)) / area if area else 0.0


def fill_small_gaps(mask: Mask) -> Mask:
    """Return the mask with its small enclosed gaps marked too.

    Between an object's outline and its shadow or a neighbour, narrow gaps stay unmarked, and would
    look like dirt in the fill. A gap that touches the picture's border is not enclosed.

    Args:
        mask: [H,W] uint8, 255 = remove.
    """
    largest = min(int(np.count_nonzero(mask) * MAX_GAP_SHARE), MAX_GAP_PIXELS)
    left, top, width, height = cv2.boundingRect(mask)
    box = (slice(top, top + height), slice(left, left + width))
    # The free border of one pixel joins a gap that leaves the box to the outside.
    unmarked = np.pad((mask[box] == 0).astype(np.uint8), 1, constant_values=1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(unmarked, connectivity=4)
    is_gap = stats[:count, cv2.CC_STAT_AREA] <= largest
    is_gap[labels[0, 0]] = is_gap[0] = False
    result = mask.copy()
    result[box][is_gap[labels[1:-1, 1:-1]]] = 255
    return result
