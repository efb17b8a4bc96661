"""Pieces of a small picture, enlarged bilinearly around the cells of a grid."""

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.square import GRID


class Enlarging:
    """How the pieces around cells are enlarged.

    All cells are enlarged alike, so sums of pieces can be made before they are enlarged. The small
    picture is mirrored beyond its edges, which repeats its rim.

    Args:
        small_side: pixels along each side of the small picture, a multiple of 32.
        cell: pixels along each side of an enlarged cell.
        margin: pixels around an enlarged cell that belong to its piece.
    """

    def __init__(self, small_side: int, cell: int, margin: int) -> None:
        self._small_cell = small_side // GRID
        self._cell = cell
        self._around = -(-margin * self._small_cell // cell) + 1
        columns = self._matrix(np.arange(-margin, cell + margin))
        # One product enlarges the three interleaved channels.
        self._columns = np.kron(columns.T, np.eye(3, dtype=np.float32))

    def pieces(self, small: NDArray[np.float32], cells: NDArray[np.intp]) -> NDArray[np.float32]:
        """[n,k,k,3] float32: what the enlarging of each cell needs of the small picture.

        Args:
            small: [s,s,3] float32.
            cells: [n] numbers of cells, counted along the rows of the grid.
        """
        around = self._around
        padded = np.pad(small, ((around, around), (around, around), (0, 0)), mode="symmetric")
        size = self._small_cell + 2 * around
        windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(0, 1))
        row, column = np.divmod(cells, GRID)
        chosen = windows[row * self._small_cell, column * self._small_cell]
        return np.ascontiguousarray(np.moveaxis(chosen, 1, 3))

    def lines(self, pieces: NDArray[np.float32], lines: NDArray[np.intp]) -> NDArray[np.float32]:
        """Lines of the enlarged pieces: [n,len(lines),(margin+cell+margin)*3] float32.

        Args:
            pieces: [n,k,k,3] float32, from `pieces`, or sums of such.
            lines: numbers from -margin to cell+margin-1.
        """
        count, size = pieces.shape[:2]
        narrow = self._matrix(lines) @ pieces.reshape(count, size, size * 3)
        return (narrow.reshape(-1, size * 3) @ self._columns).reshape(count, len(lines), -1)

    def _matrix(self, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        """[n,k] float32: each position's shares of the pixels of a piece along one axis."""
        size = self._small_cell + 2 * self._around
        position = (positions + 0.5) * (self._small_cell / self._cell) - 0.5 + self._around
        distance = np.abs(position[:, np.newaxis] - np.arange(size))
        shares: NDArray[np.float32] = np.maximum(0, 1 - distance).astype(np.float32)
        return shares
