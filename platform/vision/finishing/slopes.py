"""Smooth slopes around a hole, as of a sky, which are continued through it.

A deep photo is often stretched later, and then a slope that is off by one level of 256 shows. What
an inpainter fills into a slope is as far off; a curved surface through the surroundings is not.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.finishing.base import Flags, Floats
from vision.finishing.rim import blend_rim
from vision.finishing.seam import remove_seam
from vision.masks import Mask

REACH = 64
"""Pixels around a hole that must be a slope."""
CELL = 4
"""Pixels along each side of the cells whose means are compared, so that noise counts little."""
FEWEST_CELLS = 64
LARGEST_MISFIT = 4.0
"""Grey levels between a slope and the surface through it; what is left is spread by the seam."""
LARGEST_BEND = 0.5
"""Grey levels by which a cell differs from those beside it, besides noise; more is structure."""
MOST_NOISE = 0.5
"""Grey levels by which cells differ usually; more is texture."""
MOST_HOLES = 200
"""More holes are scattered over the photo like noise: each would take a millisecond or more."""
GREY = 128.0
"""The level that stands for the surface itself while the rest is spread."""


def continue_slopes(photo: Floats, fill: Floats, hole: Mask, visible: Flags) -> tuple[Floats, Mask]:
    """Return `fill` with the photo's slopes continued through the holes that they surround.

    Arguments as of `Step`, with fractions. The second result is `hole` without these holes: the
    others, and those at the picture's edge, stay as they are.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(hole, connectivity=8)
    result, others = fill.copy(), hole.copy()
    for number in range(1, count if count <= MOST_HOLES else 1):
        left, top, width, height = (int(value) for value in stats[number, :4])
        around = (
            slice(max(top - REACH, 0), top + height + REACH),
            slice(max(left - REACH, 0), left + width + REACH),
        )
        inside = labels[around] == number
        slope = _continue_slope(photo[around], inside, visible[around])
        if slope is not None:
            result[around][inside] = slope[inside]
            others[around][inside] = 0
    return result, others


def _continue_slope(photo: Floats, inside: Flags, visible: Flags) -> Floats | None:
    """Return the slope around and in one hole; None where the surroundings are none."""
    if not _is_surrounded(inside, visible):
        return None
    coefficients = _fit_surface(photo, visible)
    if coefficients is None:
        return None
    surface = _compute_surface(coefficients, inside.shape)
    # The steps below tell what is missing only where there is no slope.
    rest = photo - surface + GREY
    level, hole = rest.copy(), inside.astype(np.uint8) * np.uint8(255)
    level[inside] = GREY
    level = blend_rim(rest, remove_seam(rest, level, hole, visible), hole, visible)
    return np.asarray(np.clip(surface + level - GREY, 0, 255), np.float32)


def _is_surrounded(inside: Flags, visible: Flags) -> bool:
    """Return whether most of what is above, below, before and after a hole is visible."""
    left, top, width, height = cv2.boundingRect(inside.astype(np.uint8))
    sides = (
        visible[:top],
        visible[top + height :],
        visible[:, :left],
        visible[:, left + width :],
    )
    return all(np.count_nonzero(side) > side.size / 2 for side in sides)


def _fit_surface(photo: Floats, visible: Flags) -> NDArray[np.float64] | None:
    """Return the coefficients [6,3] of the surface through a slope; None where there is none."""
    means, known = _average_cells(photo, visible)
    bends = _measure_bends(means, known)
    if known.sum() < FEWEST_CELLS or not bends.size:
        return None
    noise = float(np.median(bends))
    if noise > MOST_NOISE or np.percentile(bends, 99) > LARGEST_BEND + 4 * noise:
        return None
    places = np.argwhere(known) * CELL + (CELL - 1) / 2
    terms = _list_terms(places, visible.shape)
    surface = np.linalg.lstsq(terms, means[known], rcond=None)[0]
    misfit = np.percentile(np.abs(terms @ surface - means[known]), 99)
    return surface if misfit <= LARGEST_MISFIT else None


def _average_cells(photo: Floats, visible: Flags) -> tuple[NDArray[np.float64], Flags]:
    """Return the mean colour of each cell, and which cells are visible throughout."""
    down, across = (side // CELL for side in visible.shape)
    whole = (slice(down * CELL), slice(across * CELL))
    shape = (down, CELL, across, CELL)
    known = visible[whole].reshape(shape).all(axis=(1, 3))
    means = photo[whole].reshape(*shape, 3).mean(axis=(1, 3), dtype=np.float64)
    return means, known


def _measure_bends(means: NDArray[np.float64], known: Flags) -> NDArray[np.float64]:
    """Return how much cells differ from the mean of those on both sides, [N] grey levels."""
    bends = []
    for cells, flags in ((means, known), (means.swapaxes(0, 1), known.T)):
        straight = flags[1:-1] & flags[:-2] & flags[2:]
        bend = cells[1:-1] - (cells[:-2] + cells[2:]) / 2
        bends.append(np.abs(bend[straight]).max(axis=1))
    return np.concatenate(bends)


def _compute_surface(coefficients: NDArray[np.float64], shape: tuple[int, ...]) -> Floats:
    """Return the colours [H,W,3] of a surface."""
    down, across = (
        (((np.arange(side) + 0.5) / side - 0.5)[:, np.newaxis]).astype(np.float32) for side in shape
    )
    level, right, below, right2, both, below2 = coefficients.astype(np.float32)
    rows = level + down * below + down * down * below2
    columns = across * right + across * across * right2
    product = (down[:, np.newaxis] * across) * both
    return np.asarray(rows[:, np.newaxis] + columns + product, np.float32)


def _list_terms(places: NDArray[Any], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the terms [N,6] of a surface of second degree at places [N,2], row and column."""
    y, x = ((places + 0.5) / np.array(shape) - 0.5).T
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
