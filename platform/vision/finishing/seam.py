"""The step in colour along a hole's edge, which is removed from the fill.

The difference of the colours across the edge is spread over the hole like a membrane: Farbman,
Hoffer, Lipman, Cohen-Or, Lischinski: Coordinates for Instant Image Cloning, SIGGRAPH 2009; the
membrane is computed by the pull-push algorithm (Gortler et al.: The Lumigraph, SIGGRAPH 1996).
"""

import cv2
import numpy as np

from vision.finishing.base import Colours, Flags, Floats
from vision.masks import Mask

BAND = 8
"""Pixels on each side of the edge that are compared."""
LARGEST_STEP = 16.0
"""Grey levels; a larger step is an edge of the scene along the hole's edge, and stays."""
SMOOTH = 3.0
"""Grey levels; where colours vary more, a mean is unreliable and a step is invisible."""
LEAST_TRUST = 0.05
"""Less counts as none: a membrane of such steps would follow chance, or a rim of the object."""
SPREAD = 8.0
"""Pixels along the edge over which colours are averaged."""
LARGEST_FIELD = 768
"""Cells along the longer side of the field that the membrane is computed on."""
_STRIP_ROWS = 256


def remove_seam(photo: Colours, fill: Colours, hole: Mask, visible: Flags) -> Colours:
    """Return `fill` without its step in colour at the edge; arguments as of `Step`."""
    cell = -(-max(hole.shape) // LARGEST_FIELD)
    disc = np.ones((2 * BAND + 1, 2 * BAND + 1), np.uint8)
    beyond, there = _compute_means(photo, (cv2.dilate(hole, disc) > 0) & visible, cell)
    within, here = _compute_means(fill, (cv2.erode(hole, disc) == 0) & (hole > 0), cell)
    steps = beyond - within
    trust = np.sqrt(there * here) * np.exp(-((np.abs(steps).max(axis=2) / LARGEST_STEP) ** 2))
    trust = np.where(trust < LEAST_TRUST, 0, trust)
    if not trust.any():
        return fill
    membrane = _interpolate_membrane(steps, np.asarray(trust, np.float32))
    result = fill.copy()
    for top in range(0, len(hole), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        step = _enlarge_rows(membrane, hole.shape, rows, cell)
        depth = cv2.CV_8U if fill.dtype == np.uint8 else cv2.CV_32F
        corrected = np.clip(cv2.add(fill[rows], step, dtype=depth), 0, 255)
        cv2.copyTo(corrected, hole[rows], result[rows])
    return result


def _compute_means(picture: Colours, where: Flags, cell: int) -> tuple[Floats, Floats]:
    """Return for each cell the mean colour of the pixels `where` near it, and its trust, 0..1."""
    sums = _sum_by_cell(picture, where, cell)
    near = cv2.GaussianBlur(sums, (0, 0), max(SPREAD / cell, 1.0))
    total, squares, count = near[:, :, :3], near[:, :, 3], near[:, :, 4]
    means = total / np.maximum(count, 1e-6)[:, :, np.newaxis]
    power = squares / np.maximum(count, 1e-6)
    variance = np.maximum(power - (means * means).mean(axis=2), 0)
    smoothness = 1 / (1 + variance / SMOOTH**2) ** 2
    # The band's share of the blur's reach beside a straight edge.
    full = min(BAND / (SPREAD * 2.5), 1.0)
    nearness = np.where(count > full / 4, np.minimum(count / full, 1), 0)
    return np.asarray(means, np.float32), np.asarray(nearness * smoothness, np.float32)


def _sum_by_cell(picture: Colours, where: Flags, cell: int) -> Floats:
    """Return the sums over the pixels `where` of each cell, divided by its area: [h,w,5].

    They are the three colours, their mean square, and 1.
    """
    height, width = (-(-side // cell) for side in where.shape)
    sums = np.zeros((5, height * width))
    # In strips, because a long edge has many pixels, and each takes a hundred bytes.
    for top in range(0, len(where), _STRIP_ROWS):
        down, across = np.nonzero(where[top : top + _STRIP_ROWS])
        places = ((down + top) // cell) * width + across // cell
        colours = picture[down + top, across].astype(np.float64)
        values = (*colours.T, (colours * colours).mean(axis=1), np.ones(len(places)))
        sums += [np.bincount(places, weights=each, minlength=height * width) for each in values]
    return (sums.T / cell**2).astype(np.float32).reshape(height, width, 5)


def _enlarge_rows(field: Floats, shape: tuple[int, ...], rows: slice, cell: int) -> Floats:
    """Return the rows `rows` of a field of cells as pixels of `shape`, bilinearly enlarged."""
    last = min(rows.stop, shape[0])
    down = (np.arange(rows.start, last, dtype=np.float32) + 0.5) / cell - 0.5
    across = (np.arange(shape[1], dtype=np.float32) + 0.5) / cell - 0.5
    x, y = np.meshgrid(across, down)
    wide = cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(wide, np.float32)


def _interpolate_membrane(values: Floats, weights: Floats) -> Floats:
    """Return a smooth field that follows `values` [h,w,3] as far as `weights` [h,w] demand."""
    height, width = weights.shape
    if max(height, width) <= 2:
        total = max(float(weights.sum()), 1e-6)
        mean = (values * weights[:, :, np.newaxis]).sum(axis=(0, 1)) / total
        return np.broadcast_to(mean, values.shape).astype(np.float32)
    smaller = ((width + 1) // 2, (height + 1) // 2)
    weight = cv2.resize(weights, smaller, interpolation=cv2.INTER_AREA)
    sums = cv2.resize(values * weights[:, :, np.newaxis], smaller, interpolation=cv2.INTER_AREA)
    value = np.asarray(sums / np.maximum(weight, 1e-6)[:, :, np.newaxis], np.float32)
    # A cell with enough weight of its own ignores cells that are further away.
    coarse = _interpolate_membrane(value, np.asarray(np.minimum(2 * weight, 1), np.float32))
    wide = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    own = weights[:, :, np.newaxis]
    return np.asarray(values * own + wide * (1 - own), np.float32)
