"""The border between objects of one kind whose boxes overlap."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box, Detection
from vision.detectors.labels import find_voc_classes
from vision.outlines.object_crop import ObjectCrop
from vision.outlines.shapes import Shape

INSIDE = 0.55  # boxes that overlap by more than this share are not separated by a line


def find_own_part(crop: ObjectCrop, detection: Detection, others: Sequence[Detection]) -> Shape:
    """Return where `detection`, in the middle of `crop`, is nearer than others of its kind.

    A segmenter that knows kinds but not individuals sees two people arm in arm as one shape. A
    pixel belongs to the box whose centre is nearer, in widths and heights of the boxes. Returns
    [h,w] bool.
    """
    shape = crop.rgb.shape[:2]
    own = np.ones(shape, np.bool_)
    if detection.box is None:
        return own
    mine = _measure_remoteness(shape, crop.to_edges(detection.box))
    for other in others:
        if other.box is None or not _is_same_kind(detection, other):
            continue
        if 0 < _measure_overlap(detection.box, other.box) <= INSIDE:
            own &= mine <= _measure_remoteness(shape, crop.to_edges(other.box))
    return own


def _is_same_kind(one: Detection, other: Detection) -> bool:
    """Return whether both have the same label or may show the same VOC class."""
    return one.label == other.label or bool(
        find_voc_classes(one.label) & find_voc_classes(other.label)
    )


def _measure_overlap(one: Box, other: Box) -> float:
    """Return the shared area as a share of the smaller box, 0..1."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    smaller = min(one.width * one.height, other.width * other.height)
    return max(0, wide) * max(0, high) / smaller


def _measure_remoteness(
    shape: tuple[int, ...], edges: tuple[float, float, float, float]
) -> NDArray[np.float64]:
    """Return each pixel's distance [h,w] from a box (left, top, right, bottom).

    It is 0 at the centre, 1 on the edge and more outside.
    """
    left, top, right, bottom = edges
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    across = np.abs(2 * columns + 1 - left - right) / (right - left)
    down = np.abs(2 * rows + 1 - top - bottom) / (bottom - top)
    return np.asarray(np.maximum(across, down))
