"""Bilinear enlargement of the pieces of a small picture around the cells of a grid."""

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.square import GRID


class CellEnlarger:
    """Enlarges the pieces around cells.

    All cells are enlarged in the same way, so pieces can be summed before they are enlarged. The
    small picture is mirrored beyond its edges, which repeats its outermost pixels.

    Args:
        small_side: pixels along each side of the small picture, a multiple of 32.
        cell: pixels along each side of an enlarged cell.
        margin: pixels around an enlarged cell that belong to its piece.
    """

    def __init__(self, small_side: int, cell: int, margin: int) -> None:
        self._small_cell = small_side // GRID
        self._cell = cell
        self._around = -(-margin * self._small_cell // cell) + 1
        columns = self._build_matrix(np.arange(-margin, cell + margin))
        # One matrix product enlarges the three interleaved channels.
        self._columns = np.kron(columns.T, np.eye(3, dtype=np.float32))

    def cut_pieces(
        self, small: NDArray[np.float32], cells: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """Return the part of the small picture that each cell needs: [n,k,k,3] float32.

        Args:
            small: [s,s,3] float32.
            cells: [n] numbers of cells, counted along the rows of the grid.
        """
        around = self._around
        padded = np.pad(small, ((around, around), (around, around), (0, 0)), mode="symmetric")
        size = self._small_cell + 2 * around
        pieces = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(0, 1))
        row, column = np.divmod(cells, GRID)
        result = pieces[row * self._small_cell, column * self._small_cell]
        return np.ascontiguousarray(np.moveaxis(result, 1, 3))

    def enlarge_lines(
        self, pieces: NDArray[np.float32], lines: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """Return lines of the enlarged pieces: [n,len(lines),(margin+cell+margin)*3] float32.

        Args:
            pieces: [n,k,k,3] float32 from `cut_pieces`, or sums of them.
            lines: numbers from -margin to cell+margin-1.
        """
        count, size = pieces.shape[:2]
        narrow = self._build_matrix(lines) @ pieces.reshape(count, size, size * 3)
        return (narrow.reshape(-1, size * 3) @ self._columns).reshape(count, len(lines), -1)

    def _build_matrix(self, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return each position's weights of a piece's pixels along one axis: [n,k] float32."""
        size = self._small_cell + 2 * self._around
        position = (positions + 0.5) * (self._small_cell / self._cell) - 0.5 + self._around
        distance = np.abs(position[:, np.newaxis] - np.arange(size))
        shares: NDArray[np.float32] = np.maximum(0, 1 - distance).astype(np.float32)
        return shares
