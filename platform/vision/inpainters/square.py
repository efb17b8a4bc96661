"""A crop seen as a square of whole cells, padded by mirroring, without a copy."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.inpainters.scaling import resize_hole, resize_picture

GRID = 32
"""Cells along each side of the square."""
_BANDS = 8


class Square:
    """A crop mirrored out to a square, never stretched. The padding is computed when it is read.

    The hole is mirrored too, so that the mirror image of the object is hole as well; mirrored
    surroundings are a source like any other. The padding is added on the side where the hole is
    farther from the edge, so that the hole and its mirror image do not touch.

    Args:
        picture: [H,W,3] uint8; `paint` writes into it.
        hole: [H,W] bool.
    """

    def __init__(self, picture: NDArray[np.uint8], hole: NDArray[np.bool_]) -> None:
        self._picture = picture
        self._hole = hole
        self.cell = -(-max(hole.shape) // GRID)
        """Pixels along each side of a cell."""
        self.side = self.cell * GRID
        """Pixels along each side of the square: the crop's longer side or up to 31 more."""
        self._above, self._below = _choose_padding(hole.any(axis=1), self.side)
        self._before, self._after = _choose_padding(hole.any(axis=0), self.side)

    def read_lines(self, rows: NDArray[np.intp], margin: int = 0) -> NDArray[np.uint8]:
        """Return lines of the picture: [n,margin+side+margin,3] uint8.

        Args:
            rows: [n] numbers of lines, -margin to side+margin-1.
            margin: pixels beyond the square's edges, mirrored.
        """
        return self._read_rows(self._picture, rows, margin)

    def read_hole_lines(self, rows: NDArray[np.intp], margin: int = 0) -> NDArray[np.bool_]:
        """Return lines of the hole, [n,margin+side+margin] bool; see `read_lines`."""
        return self._read_rows(self._hole.view(np.uint8), rows, margin).view(np.bool_)

    def _read_rows(
        self, pixels: NDArray[np.uint8], rows: NDArray[np.intp], margin: int
    ) -> NDArray[np.uint8]:
        """Return lines of the padded `pixels`."""
        order = np.pad(np.arange(len(pixels)), (self._above, self._below), mode="symmetric")
        lines = pixels[np.pad(order, margin, mode="symmetric")[rows + margin]]
        for before, after in ((self._before, self._after), (margin, margin)):
            if before or after:
                lines = np.asarray(
                    cv2.copyMakeBorder(lines, 0, 0, before, after, cv2.BORDER_REFLECT), np.uint8
                )
        return lines

    def resize(self, side: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """Return picture and hole at another size: see `resize_picture` and `resize_hole`.

        Args:
            side: a multiple of 8.

        Returns [side,side,3] uint8 and [side,side] bool.
        """
        # Averaging reads only a band's own lines; enlarging reads the neighbouring lines too.
        bands = np.array_split(np.arange(self.side), _BANDS if side <= self.side else 1)
        height = side // len(bands)
        return (
            np.concatenate([resize_picture(self.read_lines(rows), height, side) for rows in bands]),
            np.concatenate(
                [resize_hole(self.read_hole_lines(rows), height, side) for rows in bands]
            ),
        )

    def find_hole_cells(self) -> NDArray[np.bool_]:
        """Return the cells that hold a piece of the hole or of its mirror image: [32,32] bool."""
        rows = np.arange(self.side).reshape(GRID, self.cell)
        return np.stack([_reduce_by_cell(self.read_hole_lines(cell_rows)) for cell_rows in rows])

    def find_crop_cells(self) -> NDArray[np.bool_]:
        """Return the cells that are not only padding: [32,32] bool."""
        first = np.arange(GRID) * self.cell
        last = first + self.cell - 1
        rows = (last >= self._above) & (first < self.side - self._below)
        columns = (last >= self._before) & (first < self.side - self._after)
        return np.outer(rows, columns)

    def paint(
        self, tops: NDArray[np.intp], lefts: NDArray[np.intp], blocks: NDArray[np.float32]
    ) -> None:
        """Write blocks of colours, rounded and clipped to 0..255, into the crop's hole.

        Args:
            tops: [n] the square's lines where the blocks begin.
            lefts: [n] the square's columns where they begin.
            blocks: [n,h,w,3] float32; they are overwritten.
        """
        np.rint(blocks, out=blocks)
        np.clip(blocks, 0, 255, out=blocks)
        height, width = self._hole.shape
        for top, left, colours in zip(tops, lefts, blocks.astype(np.uint8), strict=True):
            rows, block_rows = _intersect(int(top) - self._above, len(colours), height)
            columns, block_columns = _intersect(int(left) - self._before, colours.shape[1], width)
            inside = self._hole[rows, columns, np.newaxis]
            np.copyto(
                self._picture[rows, columns], colours[block_rows, block_columns], where=inside
            )


def _reduce_by_cell(lines: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return [32] bool: which cells have any pixel set in `lines` [rows,side]."""
    return lines.any(axis=0).reshape(GRID, -1).any(axis=1)


def _intersect(start: int, length: int, limit: int) -> tuple[slice, slice]:
    """Return the overlap of start..start+length and 0..limit, counted from 0 and from `start`."""
    first = min(max(start, 0), limit)
    stop = max(min(start + length, limit), first)
    return slice(first, stop), slice(first - start, stop - start)


def _choose_padding(has_hole: NDArray[np.bool_], side: int) -> tuple[int, int]:
    """Return how many lines to add before and after those of one axis.

    `has_hole` says which lines have a hole.
    """
    padding = side - len(has_hole)
    free_before = int(np.argmax(has_hole))
    free_after = int(np.argmax(has_hole[::-1]))
    return (padding, 0) if free_before > free_after else (0, padding)
