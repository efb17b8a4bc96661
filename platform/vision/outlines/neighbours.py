"""Whose pixels are whose, where the boxes of objects of one kind overlap."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box, Detection
from vision.detectors.labels import voc_classes
from vision.outlines.shapes import Shape
from vision.outlines.window import Window

INSIDE = 0.55  # share of a box within another: a line between the two would cut either in half


def own_part(window: Window, detection: Detection, others: Sequence[Detection]) -> Shape:
    """[h,w] bool: where `detection`, which `window` shows, is nearer than others of its kind.

    A segmenter that knows kinds, not individuals, sees two people arm in arm as one shape. A pixel
    goes to the box whose middle is nearer, counted in widths and heights of the boxes.
    """
    shape = window.rgb.shape[:2]
    own = np.ones(shape, np.bool_)
    if detection.box is None:
        return own
    mine = _remoteness(shape, window.edges(detection.box))
    for other in others:
        if other.box is None or not _of_one_kind(detection, other):
            continue
        if 0 < _overlap(detection.box, other.box) <= INSIDE:
            own &= mine <= _remoteness(shape, window.edges(other.box))
    return own


def _of_one_kind(one: Detection, other: Detection) -> bool:
    return one.label == other.label or bool(voc_classes(one.label) & voc_classes(other.label))


def _overlap(one: Box, other: Box) -> float:
    """The shared area's share of the smaller box, 0..1."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    smaller = min(one.width * one.height, other.width * other.height)
    return max(0, wide) * max(0, high) / smaller


def _remoteness(
    shape: tuple[int, ...], edges: tuple[float, float, float, float]
) -> NDArray[np.float64]:
    """[h,w]: 0 in the middle of a box (left, top, right, bottom), 1 on its rim, more outside."""
    left, top, right, bottom = edges
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    across = np.abs(2 * columns + 1 - left - right) / (right - left)
    down = np.abs(2 * rows + 1 - top - bottom) / (bottom - top)
    return np.asarray(np.maximum(across, down))
