"""The window of cells around a hole, which is all that the network needs to paint."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.hifill_network.contract import GRID, SIDE

CELL_SIDE = SIDE // GRID


@dataclass(frozen=True)
class CellWindow:
    """Some rows and columns of the grid of 32 x 32 cells."""

    top: int
    left: int
    height: int
    width: int

    @property
    def as_input(self) -> NDArray[np.int32]:
        """What is fed to `window:0`."""
        return np.array([self.top, self.left, self.height, self.width], dtype=np.int32)

    @property
    def slices(self) -> tuple[slice, slice]:
        """Its pixels in the picture of 512 x 512."""
        return (
            slice(self.top * CELL_SIDE, (self.top + self.height) * CELL_SIDE),
            slice(self.left * CELL_SIDE, (self.left + self.width) * CELL_SIDE),
        )


def window_around(hole: NDArray[np.bool_], margin: int) -> CellWindow:
    """The smallest window that holds the hole and `margin` cells around it, within the grid.

    Args:
        hole: [512,512] bool; where it is empty the window is the whole grid.
        margin: cells.
    """
    top, bottom = _reach(hole.any(axis=1), margin)
    left, right = _reach(hole.any(axis=0), margin)
    return CellWindow(top, left, bottom - top, right - left)


def _reach(holed: NDArray[np.bool_], margin: int) -> tuple[int, int]:
    places = np.flatnonzero(holed)
    if not places.size:
        return 0, GRID
    first, last = int(places[0]) // CELL_SIDE, int(places[-1]) // CELL_SIDE
    return max(0, first - margin), min(GRID, last + 1 + margin)
