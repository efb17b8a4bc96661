"""Which parts of a picture are worked on: each hole with enough around it to fill it from."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.masks import Mask

CONTEXT_SHARE = 0.75
"""Context on each side of a hole, as a share of its longer side."""
MIN_CONTEXT = 128
"""Pixels of context on each side at least."""
MAX_REGIONS = 16
_FIRST_GAP = 64
_CELL = 16

_Boxes = NDArray[np.int64]  # [N,4]: left, top, right, bottom, the latter two exclusive


@dataclass(frozen=True)
class Region:
    """A crop of the picture, in pixels, inside it."""

    x: int
    y: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array with."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)


def regions(mask: Mask, *, most: int = MAX_REGIONS) -> list[Region]:
    """Crops that hold every hole of `mask` ([H,W], 255 = hole) with its context, top to bottom.

    Crops that overlap become one, so each hole lies in exactly one crop; if more than `most` are
    left, near ones become one too.
    """
    boxes = _with_context(_holes(mask), mask.shape)
    boxes = _merged(boxes, mask.shape, gap=0)
    gap = _FIRST_GAP
    while len(boxes) > most:
        boxes = _merged(boxes, mask.shape, gap)
        gap *= 2
    order = np.lexsort((boxes[:, 0], boxes[:, 1]))
    return [
        Region(left, top, right - left, bottom - top)
        for left, top, right, bottom in boxes[order].tolist()
    ]


def _holes(mask: Mask) -> _Boxes:
    """The bounding boxes of the connected parts (8 neighbours)."""
    _, _, statistics, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    left, top, width, height = statistics[1:, :4].astype(np.int64).T
    return np.stack([left, top, left + width, top + height], axis=1)


def _with_context(boxes: _Boxes, shape: tuple[int, ...]) -> _Boxes:
    longer = np.max(boxes[:, 2:] - boxes[:, :2], axis=1, initial=0)
    context = np.maximum(np.rint(longer * CONTEXT_SHARE).astype(np.int64), MIN_CONTEXT)
    return _clipped(boxes + context[:, None] * np.array([-1, -1, 1, 1]), shape)


def _clipped(boxes: _Boxes, shape: tuple[int, ...]) -> _Boxes:
    height, width = shape[:2]
    return np.clip(boxes, 0, [width, height, width, height])


def _merged(boxes: _Boxes, shape: tuple[int, ...], gap: int) -> _Boxes:
    """Joins boxes less than `gap` apart, until the joined ones are far enough apart too."""
    while True:
        joined = _joined_once(boxes, shape, gap)
        if len(joined) == len(boxes):
            return joined
        boxes = joined


def _joined_once(boxes: _Boxes, shape: tuple[int, ...], gap: int) -> _Boxes:
    """One bounding box for each connected part of the area that the boxes cover together.

    The area is summed up from the boxes' corners on a coarse grid: a mask of noise has a million.
    """
    widened = _clipped(boxes + np.array([-1, -1, 1, 1]) * (gap // 2), shape)
    left, top = widened[:, 0] // _CELL, widened[:, 1] // _CELL
    right, bottom = -(-widened[:, 2] // _CELL), -(-widened[:, 3] // _CELL)
    corners = np.zeros((shape[0] // _CELL + 2, shape[1] // _CELL + 2), np.int32)
    np.add.at(corners, (top, left), 1)
    np.add.at(corners, (bottom, right), 1)
    np.add.at(corners, (top, right), -1)
    np.add.at(corners, (bottom, left), -1)
    covered = (corners.cumsum(axis=0).cumsum(axis=1) > 0).astype(np.uint8)
    count, labels = cv2.connectedComponents(covered, connectivity=4)
    group: NDArray[np.int64] = labels[top, left].astype(np.int64) - 1
    joined = np.zeros((count - 1, 4), np.int64)
    joined[:, :2] = max(shape)
    np.minimum.at(joined[:, :2], group, boxes[:, :2])
    np.maximum.at(joined[:, 2:], group, boxes[:, 2:])
    return joined
