"""The cut along a hole's rim: there, copied texture meets the photo's as neighbours never do.

In the first pixels within the rim the fill's colours pass over from those that the photo's pixels
beside it lead to expect. What is finer than a pixel or two stays: the band is as sharp as the rest.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision import masks

REACH = 6
"""Pixels within the rim over which a fill passes over from the photo's colours to its own."""
NEARNESS = 1.0
"""Standard deviation in pixels: what is beside a pixel tells more of it than what is farther."""
LARGEST_STEP = 48.0
"""Grey levels; of much larger steps, which are edges of the scene, next to nothing is taken out."""
_STRIP_ROWS = 256
_LEAST_WEIGHT = 1e-12

_Floats = NDArray[np.float32]


def without_cut(
    photo: NDArray[np.uint8],
    filled: NDArray[np.uint8],
    hole: NDArray[np.uint8],
    known: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """`filled` with its first pixels passing over from the photo; arguments as of `finished`."""
    depth = masks.feather(hole, REACH)
    result = filled.copy()
    for top in range(0, len(hole), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        near = (hole[rows] > 0) & (depth[rows] < 255)
        if not near.any():
            continue
        beyond, is_told = _nearby(photo, known, rows)
        within, _always = _nearby(filled, hole > 0, rows)
        near &= is_told
        step = beyond[near] - within[near]
        share = 1 - depth[rows][near].astype(np.float32) / 255
        share *= np.exp(-((np.abs(step).max(axis=1) / LARGEST_STEP) ** 2))
        passing = filled[rows][near] + share[:, np.newaxis] * step
        result[rows][near] = np.clip(np.rint(passing), 0, 255)
    return result


def _nearby(
    picture: NDArray[np.uint8], where: NDArray[np.bool_], rows: slice
) -> tuple[_Floats, NDArray[np.bool_]]:
    """In those rows, the mean colour of the pixels `where` near each pixel, and if there is any."""
    reach = REACH + 1
    first = max(rows.start - reach, 0)
    around = slice(first, rows.stop + reach)
    counted = where[around].astype(np.float32)
    weight = _blurred(counted, reach)
    colours = _blurred(picture[around] * counted[:, :, np.newaxis], reach)
    mean = colours / np.maximum(weight, _LEAST_WEIGHT)[:, :, np.newaxis]
    own = slice(rows.start - first, rows.stop - first)
    return np.asarray(mean[own], np.float32), weight[own] > _LEAST_WEIGHT


def _blurred(values: _Floats, reach: int) -> _Floats:
    side = 2 * reach + 1
    return np.asarray(cv2.GaussianBlur(values, (side, side), NEARNESS), np.float32)
