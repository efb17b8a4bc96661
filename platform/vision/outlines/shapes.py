"""Operations on the boolean shape of one object."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box

Shape = NDArray[np.bool_]

CLOSED = 0.02  # gaps up to twice this share of the box's diagonal are closed
LEAST_ISLAND = 0.05  # a part smaller than this share of the largest one is noise
LEAST_AREA = 0.12  # of the box; a rake or a mast fills only little of its box
LEAST_SPAN = 0.7  # of the box's width and height: a detector's box fits tightly around it
MOST_POINTS = 400
COARSEST = 64.0


def draw_box(shape: tuple[int, ...], box: Box) -> Shape:
    """Return [h,w] bool: True inside `box`."""
    inside = np.zeros(shape[:2], np.bool_)
    inside[box.y : box.y + box.height, box.x : box.x + box.width] = True
    return inside


def dilate(shape: Shape, radius: float) -> Shape:
    """Return `shape` grown by `radius` px on all sides."""
    return np.asarray(cv2.dilate(shape.astype(np.uint8), _build_disc(radius)) > 0)


def extend_downward(shape: Shape, pixels: float) -> Shape:
    """Return `shape` extended by `pixels` px downward."""
    reach = max(0, round(pixels))
    kernel = np.ones((reach + 1, 1), np.uint8)
    return np.asarray(cv2.dilate(shape.astype(np.uint8), kernel, anchor=(0, reach)) > 0)


def erode(shape: Shape, radius: float) -> Shape:
    """Return `shape` shrunk by `radius` px on all sides, but not at the picture's border."""
    return np.asarray(cv2.erode(shape.astype(np.uint8), _build_disc(radius)) > 0)


def make_solid(shape: Shape, box: Box) -> Shape:
    """Return the parts of `shape` that lie in `box`, without gaps, holes and specks."""
    radius = max(1.0, CLOSED * box.diagonal)
    closed = erode(dilate(shape, radius), radius) | shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed.astype(np.uint8))
    in_box = np.bincount(np.asarray(labels[draw_box(shape.shape, box)], np.intp), minlength=count)
    areas = np.where(in_box > 0, stats[:, cv2.CC_STAT_AREA], 0)
    areas[0] = 0  # the background
    large = (areas > 0) & (areas >= LEAST_ISLAND * areas.max(initial=0))
    parts = large[labels]
    contours, _ = cv2.findContours(
        parts.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    result = np.zeros(shape.shape, np.uint8)
    cv2.drawContours(result, contours, -1, 1, cv2.FILLED)
    return result > 0


def is_plausible(shape: Shape, box: Box, least_span: float = LEAST_SPAN) -> bool:
    """Return whether `shape` can be the object whose box is `box`.

    `least_span`: the share of the box's width and height that it must span.
    """
    inside = shape[box.y : box.y + box.height, box.x : box.x + box.width]
    if np.count_nonzero(inside) < LEAST_AREA * inside.size:
        return False
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    return bool(high >= least_span * box.height and wide >= least_span * box.width)


def measure_edge_contact(shape: Shape, area: Box, picture_shape: tuple[int, ...]) -> float:
    """Return the share of a crop's outline that `shape` touches, 0..1.

    Where the crop's edge is the picture's, nothing can go on beyond it: it does not count.

    Args:
        shape: [h,w] bool, in the crop.
        area: the crop, px of the picture.
        picture_shape: (height, width, ...) of the picture.
    """
    sides = (
        (area.x > 0, shape[:, 0]),
        (area.y > 0, shape[0]),
        (area.x + area.width < picture_shape[1], shape[:, -1]),
        (area.y + area.height < picture_shape[0], shape[-1]),
    )
    touching = sum(int(np.count_nonzero(side)) for goes_on, side in sides if goes_on)
    return touching / (2 * sum(shape.shape))


def trace_polygons(shape: Shape) -> list[NDArray[np.float64]]:
    """Return the outer contours of `shape`, [n,2] (x, y) each, at most 400 points in all.

    A pixel's edges are whole numbers: a shape that touches the picture's border reaches 0 or h, w.
    """
    contours, _ = cv2.findContours(shape.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    tolerance = 1.0
    simple = _simplify(contours, tolerance)
    while sum(map(len, simple)) > MOST_POINTS and tolerance < COARSEST:
        tolerance *= 1.5
        simple = _simplify(contours, tolerance)
    height, width = shape.shape
    # Contours run through pixel centres, 0..w-1: stretched, they reach the border.
    to_edges = np.array([width / max(1, width - 1), height / max(1, height - 1)])
    return [contour.reshape(-1, 2) * to_edges for contour in simple]


def _simplify(contours: Sequence[NDArray[Any]], tolerance: float) -> list[NDArray[Any]]:
    """Approximate contours within `tolerance` px; drop those with fewer than three points."""
    simple = [cv2.approxPolyDP(contour, tolerance, closed=True) for contour in contours]
    return [contour for contour in simple if len(contour) >= 3]


def _build_disc(radius: float) -> NDArray[np.uint8]:
    """Build a round structuring element."""
    side = 2 * max(0, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
