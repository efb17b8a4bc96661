"""The cut along a hole's rim: there, copied texture meets the photo's as neighbours never do.

In the first pixels within the rim the fill passes over from what the photo's own pixels beside it
lead to expect.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision import masks

REACH = 5
"""Pixels within the rim over which a fill passes over from the photo's colours to its own."""
SHARE = 0.75
"""How much of the photo's colours there is where a fill begins."""
NEARNESS = 1.0
"""Standard deviation in pixels: what is beside a pixel tells more of it than what is farther."""
LARGEST_STEP = 96.0
"""Grey levels; a larger step is an edge of the scene that runs along the rim, and stays sharp."""
_STRIP_ROWS = 256
_LEAST_WEIGHT = 1e-12

_Floats = NDArray[np.float32]


def without_cut(
    photo: NDArray[np.uint8], filled: NDArray[np.uint8], hole: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """`filled` with its first pixels passing over from the photo; arguments as of `finished`."""
    depth = masks.feather(hole, REACH)
    result = filled.copy()
    for top in range(0, len(hole), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        near = (hole[rows] > 0) & (depth[rows] < 255)
        if not near.any():
            continue
        expected, is_told = _expected(photo, hole, rows)
        near &= is_told
        own = filled[rows][near].astype(np.float32)
        step = expected[near] - own
        share = SHARE * (1 - depth[rows][near].astype(np.float32) / 255)
        share *= np.exp(-((np.abs(step).max(axis=1) / LARGEST_STEP) ** 2))
        result[rows][near] = np.rint(own + share[:, np.newaxis] * step)
    return result


def _expected(
    photo: NDArray[np.uint8], hole: NDArray[np.uint8], rows: slice
) -> tuple[_Floats, NDArray[np.bool_]]:
    """In those rows, the mean colour of the known pixels near each pixel, and where there are."""
    first = max(rows.start - REACH - 1, 0)
    around = slice(first, rows.stop + REACH + 1)
    known = (hole[around] == 0).astype(np.float32)
    weight = _nearby(known)
    colours = _nearby(photo[around] * known[:, :, np.newaxis])
    mean = colours / np.maximum(weight, _LEAST_WEIGHT)[:, :, np.newaxis]
    own = slice(rows.start - first, rows.stop - first)
    return np.asarray(mean[own], np.float32), weight[own] > _LEAST_WEIGHT


def _nearby(values: _Floats) -> _Floats:
    side = 2 * (REACH + 1) + 1
    return np.asarray(cv2.GaussianBlur(values, (side, side), NEARNESS), np.float32)
