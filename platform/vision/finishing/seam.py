"""The step in colour along a hole's rim, taken out of the fill.

What the colours differ by across the rim is spread over the hole as a membrane would: Farbman,
Hoffer, Lipman, Cohen-Or, Lischinski: Coordinates for Instant Image Cloning, SIGGRAPH 2009; the
membrane is found by pulling and pushing (Gortler et al.: The Lumigraph, SIGGRAPH 1996).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

BAND = 8
"""Pixels on each side of the rim that are compared."""
LARGEST_STEP = 16.0
"""Grey levels; a larger step is an edge of the scene that runs along the rim, and stays."""
SMOOTH = 3.0
"""Grey levels; where colours vary more along the rim, a mean tells little and no step is seen."""
SPREAD = 8.0
"""Pixels along the rim over which colours are averaged."""
LARGEST_FIELD = 768
"""Cells along the longer side of the field that the membrane is worked out on."""
_STRIP_ROWS = 256

_Floats = NDArray[np.float32]


def without_seam(
    photo: NDArray[np.uint8],
    filled: NDArray[np.uint8],
    hole: NDArray[np.uint8],
    known: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """`filled` with what its colours step by at the rim taken out; arguments as of `finished`."""
    cell = -(-max(hole.shape) // LARGEST_FIELD)
    disc = np.ones((2 * BAND + 1, 2 * BAND + 1), np.uint8)
    beyond, there = _means(photo, (cv2.dilate(hole, disc) > 0) & known, cell)
    within, here = _means(filled, (cv2.erode(hole, disc) == 0) & (hole > 0), cell)
    steps = beyond - within
    trust = np.sqrt(there * here) * np.exp(-((np.abs(steps).max(axis=2) / LARGEST_STEP) ** 2))
    if not trust.any():
        return filled
    membrane = _membrane(steps, np.asarray(trust, np.float32))
    result = filled.copy()
    for top in range(0, len(hole), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        step = _enlarged(membrane, hole.shape, rows, cell)
        corrected = cv2.add(filled[rows], step, dtype=cv2.CV_8U)
        cv2.copyTo(corrected, hole[rows], result[rows])
    return result


def _means(
    picture: NDArray[np.uint8], where: NDArray[np.bool_], cell: int
) -> tuple[_Floats, _Floats]:
    """For each cell the mean colour of the pixels `where` near it, and its trust, 0..1."""
    sums = _summed(picture, where, cell)
    near = cv2.GaussianBlur(sums, (0, 0), max(SPREAD / cell, 1.0))
    total, squares, count = near[:, :, :3], near[:, :, 3], near[:, :, 4]
    means = total / np.maximum(count, 1e-6)[:, :, np.newaxis]
    power = squares / np.maximum(count, 1e-6)
    variance = np.maximum(power - (means * means).mean(axis=2), 0)
    smoothness = 1 / (1 + variance / SMOOTH**2) ** 2
    # Beside a straight rim, the band's share of what the blur sees.
    full = min(BAND / (SPREAD * 2.5), 1.0)
    nearness = np.where(count > full / 4, np.minimum(count / full, 1), 0)
    return np.asarray(means, np.float32), np.asarray(nearness * smoothness, np.float32)


def _summed(picture: NDArray[np.uint8], where: NDArray[np.bool_], cell: int) -> _Floats:
    """[h,w,5]: colours, their mean square, and 1, of the pixels `where`, by area of each cell."""
    height, width = (-(-side // cell) for side in where.shape)
    sums = np.zeros((5, height * width))
    # In strips, because along a long rim there are many pixels, and each takes a hundred bytes.
    for top in range(0, len(where), _STRIP_ROWS):
        down, across = np.nonzero(where[top : top + _STRIP_ROWS])
        places = ((down + top) // cell) * width + across // cell
        colours = picture[down + top, across].astype(np.float64)
        told = (*colours.T, (colours * colours).mean(axis=1), np.ones(len(places)))
        sums += [np.bincount(places, weights=each, minlength=height * width) for each in told]
    return (sums.T / cell**2).astype(np.float32).reshape(height, width, 5)


def _enlarged(field: _Floats, shape: tuple[int, ...], rows: slice, cell: int) -> _Floats:
    """The rows `rows` of the field of cells as pixels of `shape`, bilinearly."""
    last = min(rows.stop, shape[0])
    down = (np.arange(rows.start, last, dtype=np.float32) + 0.5) / cell - 0.5
    across = (np.arange(shape[1], dtype=np.float32) + 0.5) / cell - 0.5
    x, y = np.meshgrid(across, down)
    wide = cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(wide, np.float32)


def _membrane(values: _Floats, weights: _Floats) -> _Floats:
    """A smooth field over all that follows `values` [h,w,3] as far as `weights` [h,w] says so."""
    height, width = weights.shape
    if max(height, width) <= 2:
        total = max(float(weights.sum()), 1e-6)
        mean = (values * weights[:, :, np.newaxis]).sum(axis=(0, 1)) / total
        return np.broadcast_to(mean, values.shape).astype(np.float32)
    smaller = ((width + 1) // 2, (height + 1) // 2)
    weight = cv2.resize(weights, smaller, interpolation=cv2.INTER_AREA)
    sums = cv2.resize(values * weights[:, :, np.newaxis], smaller, interpolation=cv2.INTER_AREA)
    value = np.asarray(sums / np.maximum(weight, 1e-6)[:, :, np.newaxis], np.float32)
    # What a smaller cell knows of its own, no cell further away has a say in.
    coarse = _membrane(value, np.asarray(np.minimum(2 * weight, 1), np.float32))
    wide = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    own = weights[:, :, np.newaxis]
    return np.asarray(values * own + wide * (1 - own), np.float32)
