"""The cut along a hole's edge, where copied texture meets the photo's without a transition.

In the first pixels inside the edge, the fill's colours are blended with those that the photo's
pixels beside them suggest. Detail of a pixel or two stays: the band is as sharp as the rest.
"""

import cv2
import numpy as np

from vision import masks
from vision.finishing.base import Colours, Flags, Floats, to_depth_of
from vision.masks import Mask

REACH = 6
"""Pixels inside the edge over which the fill changes from the photo's colours to its own."""
NEARNESS = 1.0
"""Standard deviation in pixels of the weights: near pixels count more than far ones."""
LARGEST_STEP = 48.0
"""Grey levels; much larger steps are edges of the scene, and stay nearly unchanged."""
_STRIP_ROWS = 256
_LEAST_WEIGHT = 1e-12


def blend_rim(photo: Colours, fill: Colours, hole: Mask, visible: Flags) -> Colours:
    """Return `fill` with its outermost pixels blended with the photo; arguments as of `Step`."""
    depth = masks.feather(hole, REACH)
    result = fill.copy()
    for top in range(0, len(hole), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        near = (hole[rows] > 0) & (depth[rows] < 255)
        if not near.any():
            continue
        beyond, has_mean = _compute_nearby_mean(photo, visible, rows)
        within, _ = _compute_nearby_mean(fill, hole > 0, rows)
        near &= has_mean
        step = beyond[near] - within[near]
        share = 1 - depth[rows][near].astype(np.float32) / 255
        share *= np.exp(-((np.abs(step).max(axis=1) / LARGEST_STEP) ** 2))
        passing = fill[rows][near] + share[:, np.newaxis] * step
        result[rows][near] = to_depth_of(fill, passing)
    return result


def _compute_nearby_mean(picture: Colours, where: Flags, rows: slice) -> tuple[Floats, Flags]:
    """Return the mean colour of the pixels `where` near each pixel, and whether there are any.

    Both are for the pixels of those rows only.
    """
    reach = REACH + 1
    first = max(rows.start - reach, 0)
    around = slice(first, rows.stop + reach)
    weights = where[around].astype(np.float32)
    weight = _blur(weights, reach)
    colours = _blur(picture[around] * weights[:, :, np.newaxis], reach)
    mean = colours / np.maximum(weight, _LEAST_WEIGHT)[:, :, np.newaxis]
    own = slice(rows.start - first, rows.stop - first)
    return np.asarray(mean[own], np.float32), weight[own] > _LEAST_WEIGHT


def _blur(values: Floats, reach: int) -> Floats:
    """Blur by a standard deviation of `NEARNESS` pixels, up to `reach` pixels away."""
    side = 2 * reach + 1
    return np.asarray(cv2.GaussianBlur(values, (side, side), NEARNESS), np.float32)
