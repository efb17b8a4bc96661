"""The cells of a working-size picture that get an offset, and those that they may point to."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

RADIUS = 3
"""Patches are 7 x 7 cells, as in PatchMatch."""
SIDE = 2 * RADIUS + 1

_Numbers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Places:
    """The hole's cells, numbered along its rows, and the cells whose whole patch may be copied.

    Attributes:
        rows, columns: [N] int32, the hole's cells.
        index: [h,w] int32, each cell's number, -1 outside the hole.
        blocked: [h,w] bool, cells outside the hole that are not copied.
        is_source: [h,w] bool, cells whose whole patch may be copied.
        sources: [M] int32, these cells as flat indices.
    """

    rows: _Numbers
    columns: _Numbers
    index: _Numbers
    blocked: NDArray[np.bool_]
    is_source: NDArray[np.bool_]
    sources: _Numbers

    @property
    def hole(self) -> NDArray[np.bool_]:
        """The hole, [h,w] bool."""
        return self.index >= 0

    def find_beside(self, down: int, right: int) -> _Numbers:
        """Return the number of each cell's neighbour at this offset, its own if that is no hole."""
        height, width = self.index.shape
        rows = np.clip(self.rows + down, 0, height - 1)
        columns = np.clip(self.columns + right, 0, width - 1)
        neighbours = self.index[rows, columns]
        return np.where(neighbours < 0, np.arange(len(neighbours), dtype=np.int32), neighbours)


def find_places(hole: NDArray[np.bool_], blocked: NDArray[np.bool_] | None = None) -> Places:
    """Return the places of a [h,w] hole; what is `blocked` [h,w] is no source."""
    rows, columns = (axis.astype(np.int32) for axis in np.nonzero(hole))
    index = np.full(hole.shape, -1, np.int32)
    index[hole] = np.arange(len(rows), dtype=np.int32)
    if blocked is None:
        blocked = np.zeros_like(hole)
    known = (~(hole | blocked)).astype(np.uint8)
    patch = np.ones((SIDE, SIDE), np.uint8)
    is_source = cv2.erode(known, patch, borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
    sources = np.flatnonzero(is_source).astype(np.int32)
    return Places(rows, columns, index, blocked, is_source, sources)
