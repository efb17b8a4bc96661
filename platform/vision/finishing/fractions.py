"""The fractions of grey levels that the fill of a deep photo lacks.

Inpainters work in 8 bits. In a stretched sky their 256 levels are steps, where the photo has
65,536. Wherever the fill is smooth, its levels are smoothed too, by no more than was lost when they
were rounded; texture stays as it is.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.finishing.base import Flags, Floats
from vision.masks import Mask

REACHES = (2, 4, 8, 16, 32)
"""Pixels on each side of which a mean is taken: the largest that fits, as slopes differ."""
TEXTURE = 2
"""Grey levels; a place with a larger range, 3 x 3 pixels large, is texture."""
MOST_LOST = 0.5
"""Grey levels that rounding takes at most."""
LARGEST_MISFIT = 0.14
"""Mean square of levels minus their mean, in levels; rounding alone makes 1/12."""
TRANSITION = 2
"""Pixels on each side over which the means of different reaches pass into each other."""


def restore_fractions(photo: Floats, fill: NDArray[np.uint8], hole: Mask) -> Floats:
    """Return the fill with fractions of levels where it is smooth, and the photo around it.

    Args:
        photo: [H,W,3] float32, 0..255 with fractions.
        fill: [H,W,3] uint8, what fills the photo's holes; only its holes are read.
        hole: [H,W] uint8, 255 = filled.

    Returns:
        [H,W,3] float32; in the holes it differs from `fill` by at most half a level.
    """
    inside = hole > 0
    levels = photo.copy()
    levels[inside] = fill[inside]
    smooth = _find_smooth(levels)
    result = levels.copy()
    for reach in REACHES:
        mean = _compute_mean(levels, smooth, reach)
        # Twice the mean minus the mean's mean: a mean alone cuts off the tops of curves.
        mean += mean - _compute_mean(mean, smooth, reach)
        misfit = _compute_mean((levels - mean) ** 2, smooth, reach).max(axis=2)
        fits = inside & smooth & (misfit <= LARGEST_MISFIT)
        result[fits] = mean[fits]
    smoothed = inside & smooth
    result[smoothed] = _compute_mean(result, smooth, TRANSITION)[smoothed]
    low, high = levels[inside] - MOST_LOST, levels[inside] + MOST_LOST
    result[inside] = np.clip(result[inside], low, high)
    return result


def _find_smooth(levels: Floats) -> Flags:
    """Return where all levels beside a pixel are nearly the same."""
    window = np.ones((3, 3), np.uint8)
    span = np.asarray(cv2.dilate(levels, window)) - np.asarray(cv2.erode(levels, window))
    return np.asarray(span.max(axis=2) <= TEXTURE)


def _compute_mean(picture: Floats, where: Flags, reach: int) -> Floats:
    """Return the mean of the pixels `where` within `reach`; 0 where there are none."""
    size = (2 * reach + 1, 2 * reach + 1)
    weights = where.astype(np.float32)
    share = cv2.blur(weights, size)
    sums = cv2.blur(picture * weights[:, :, np.newaxis], size)
    return np.asarray(sums / np.maximum(share, 1e-6)[:, :, np.newaxis], np.float32)
