"""Remains: pixels beside a hole that still show the object, because the mask is a little too small.

Neither an inpainter nor the finishing may read colours from them: they would paint a rim of the
object into the fill, and tint all of it.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.masks import Mask

REACH = 4
"""Pixels beside a hole that may be remains: three, and one that the object covers in part."""
BEYOND = 5
"""Pixels further out that show what the surroundings look like."""
LEAST_DIFFERENCE = 4.0
"""Grey levels; a smaller difference from the surroundings shifts no fill visibly."""
SHARE_OF_RANGE = 1.0
"""The same, as a share of the range of the surroundings: it is noisy, or gets lighter or darker."""

LEAST_SHARE_OF_EDGE = 0.5
"""Share of the hole's edge nearby that must differ too: remains are a rim, details are not."""

_WINDOW = 2 * (REACH + BEYOND) + 1
_TILE = 256
_Numbers = NDArray[Any]


def find_remains(
    photo: NDArray[np.uint8], hole: Mask, visible: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return where the photo beside a hole differs from everything a little further out.

    Such pixels are a rim: they touch the hole, or others like them that do, and most of the edge
    nearby differs in the same way. A line or texture that goes on outward is none: its colours are
    found there too. Where nothing visible lies further out, none are found.

    Args:
        photo: [H,W,3] uint8 RGB.
        hole: [H,W] uint8, 255 = hole.
        visible: [H,W] bool, False in the hole: the pixels that show a colour.

    Returns:
        [H,W] bool, True only where `visible` is.
    """
    near = _widen(hole, REACH) > 0
    beyond = (_widen(hole, REACH + BEYOND) > 0) & ~near & visible
    near &= visible
    differs = _differ(photo, near, beyond)
    edge = near & (_widen(hole, 1) > 0)
    differs &= _count_nearby(edge & differs) > LEAST_SHARE_OF_EDGE * _count_nearby(edge)
    if not differs.any():
        return differs
    found = hole > 0
    for _ in range(REACH):
        found |= differs & (_widen(found.view(np.uint8), 1) > 0)
    # Beside the last pixel that clearly differs is often one that the object covers in part.
    return near & (_widen((found & differs).view(np.uint8), 1) > 0)


def _differ(
    photo: NDArray[np.uint8], near: NDArray[np.bool_], beyond: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which pixels `near` are outside the range of colours of the pixels `beyond` nearby."""
    result = np.zeros(near.shape, np.bool_)
    for top in range(0, near.shape[0], _TILE):
        for left in range(0, near.shape[1], _TILE):
            tile = slice(top, top + _TILE), slice(left, left + _TILE)
            if near[tile].any():
                up, before = max(top - _WINDOW, 0), max(left - _WINDOW, 0)
                wide = slice(up, top + _TILE + _WINDOW), slice(before, left + _TILE + _WINDOW)
                differs = _measure_excess(photo[wide], beyond[wide]) > 0
                result[tile] = near[tile] & differs[top - up :, left - before :][:_TILE, :_TILE]
    return result


def _measure_excess(photo: NDArray[np.uint8], beyond: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return by how many levels each pixel [H,W] differs more than it may; negative if unknown."""
    window = np.ones((_WINDOW, _WINDOW), np.uint8)
    there = beyond[:, :, np.newaxis]
    # Means of 3 x 3 pixels, so that a noisy pixel or two do not widen the range.
    count = cv2.blur(beyond.astype(np.float32), (3, 3))[:, :, np.newaxis]
    sums = cv2.blur(np.where(there, photo, np.float32(0)), (3, 3))
    means = np.rint(sums / np.maximum(count, 0.1)).astype(np.uint8)
    lowest: _Numbers = cv2.erode(np.where(there, means, np.uint8(255)), window)
    highest: _Numbers = cv2.dilate(np.where(there, means, np.uint8(0)), window)
    span = highest.astype(np.float32) - lowest
    outside = np.maximum(cv2.subtract(lowest, photo), cv2.subtract(photo, highest))
    excess = outside - LEAST_DIFFERENCE - SHARE_OF_RANGE * span
    return np.where(span >= 0, excess, np.float32(-1)).max(axis=2)


def _count_nearby(flags: NDArray[np.bool_]) -> _Numbers:
    """Return how many of the flags near each pixel are set."""
    size = (_WINDOW, _WINDOW)
    return cv2.boxFilter(flags.astype(np.float32), -1, size, normalize=False)


def _widen(mask: Mask, pixels: int) -> Mask:
    """Return the mask grown by so many pixels, also diagonally."""
    return np.asarray(cv2.dilate(mask, np.ones((2 * pixels + 1,) * 2, np.uint8)), np.uint8)
