"""Contextual residual aggregation: the photo's own fine detail for a fill of a small size.

Yi, Tang, Azizi, Jang, Xu: Contextual Residual Aggregation for Ultra High-Resolution Image
Inpainting, CVPR 2020, arXiv 2005.09704, section 3.2.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.enlarging import CellEnlarger
from vision.inpainters.overlapping import compute_shares, find_neighbours, find_overlap
from vision.inpainters.square import GRID, Square
from vision.progress import Checkpoint

TILE_BYTES = 48 * 2**20
"""Approximate memory for float32 values at a time."""
MARGIN_PART = 8
"""Overlapping patches extend beyond their cell by an eighth of it on each side."""


def aggregate(
    square: Square,
    low: NDArray[np.float32],
    fill: NDArray[np.float32],
    attention: NDArray[np.float32],
    *,
    overlap: bool = True,
    checkpoint: Checkpoint,
) -> None:
    """Fill the square's hole at its own resolution, in place.

    The residual is the picture minus the enlarged `low`, and 0 inside the hole. On a grid of 32 x
    32 cells, each cell with a piece of the hole gets the enlarged `fill` plus the sum of all
    cells' residuals, weighted by its row of `attention`. Memory is limited by `TILE_BYTES` for any
    size of the square.

    Args:
        square: the picture and its hole.
        low: [s,s,3] float32 0..255, s a multiple of 32: the square at a small size.
        fill: [s,s,3] float32 0..255: `low` with its hole filled.
        attention: [1024,1024] float32; row = cell to fill, column = cell to copy from, both counted
            along the rows of the grid.
        overlap: the cells' patches of residual extend beyond them and fade into each other, so that
            the grid leaves no seam; a cell that has a piece of the hole in it or beside it is no
            source where there is another one. Without it patches are the cells, as in the paper.
        checkpoint: called with the share done between tiles.

    Pixels of the hole are rounded and clipped to 0..255; all others stay unchanged.
    """
    has_hole = square.find_hole_cells()
    targets = np.flatnonzero(has_hole & square.find_crop_cells())
    if not targets.size:
        return
    margin = square.cell // MARGIN_PART if overlap else 0
    near = _add_neighbours(has_hole).ravel()
    weights = _drop_columns(attention[targets], near) if overlap else attention[targets]
    sums = _Aggregation(square, margin, targets, weights=weights, near=near, low=low, fill=fill)
    for strip in sums.split_strips():
        checkpoint(float(strip[0] / square.cell))
        sums.paint(strip)


def _add_neighbours(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return [32,32] bool: these cells and those beside them."""
    padded = np.pad(cells, 1)
    views = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    return views.any(axis=(2, 3))


def _drop_columns(weights: NDArray[np.float32], columns: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the rows with these columns 0 and unchanged sums; rows without other weights stay."""
    remaining = np.where(columns, np.float32(0), weights)
    sums = remaining.sum(axis=1, keepdims=True)
    scale = weights.sum(axis=1, keepdims=True) / np.where(sums > 0, sums, 1)
    return np.where(sums > 0, remaining * scale, weights)


class _Aggregation:
    """The sums of one square, strip by strip: the same few lines of every cell at a time."""

    def __init__(
        self,
        square: Square,
        margin: int,
        targets: NDArray[np.intp],
        *,
        weights: NDArray[np.float32],
        near: NDArray[np.bool_],
        low: NDArray[np.float32],
        fill: NDArray[np.float32],
    ) -> None:
        self._square = square
        self._margin = margin
        self._targets = np.stack(np.divmod(targets, GRID), axis=1)
        sources = np.flatnonzero(weights.any(axis=0))
        self._sources = np.divmod(sources, GRID)
        self._weights = np.ascontiguousarray(weights[:, sources])
        self._near = np.flatnonzero(near[sources])
        self._fade = compute_shares(square.cell, margin)
        self._enlarger = CellEnlarger(len(low), square.cell, margin)
        lows = self._enlarger.cut_pieces(low, sources)
        self._near_lows = lows[self._near]
        # Enlarging is linear: what is subtracted from the sources is summed while it is small.
        smooth = self._enlarger.cut_pieces(fill, targets)
        self._smooth = smooth - np.tensordot(self._weights, lows, axes=1)

    def split_strips(self) -> Iterator[NDArray[np.intp]]:
        """Yield lines of a cell that the same patches reach.

        Each strip has as many lines as `TILE_BYTES` allows.
        """
        cell, margin = self._square.cell, self._margin
        numbers = len(self._fade) * (self._weights.shape[1] + 3 * len(self._targets))
        most = max(1, TILE_BYTES // (numbers * 3 * 4))
        for first, end in ((0, margin), (margin, cell - margin), (cell - margin, cell)):
            for start in range(first, end, most):
                yield np.arange(start, min(start + most, end))

    def paint(self, strip: NDArray[np.intp]) -> None:
        """Fill the hole in the lines `strip` of every cell."""
        cell, margin = self._square.cell, self._margin
        patches, fade = self._fade_patches(strip)
        total = patches[:, :, margin : margin + cell]
        share = np.repeat(fade[np.newaxis, :, margin : margin + cell], len(total), axis=0)
        for step in self._find_steps(strip):
            if step:
                patches, fade = self._fade_patches(strip + step * cell)
            for side in (-1, 0, 1) if step else (-1, 1):
                columns, place = find_overlap(side, cell, margin)
                for target, neighbour in find_neighbours(self._targets, step, side):
                    total[target, :, place] += patches[neighbour, :, columns]
                    share[target, :, place] += fade[:, columns]
        total /= share[..., np.newaxis]
        rows, columns = self._targets.T * cell
        self._square.paint(rows + strip[0], columns, total)

    def _find_steps(self, strip: NDArray[np.intp]) -> tuple[int, ...]:
        """Return how many cells above these lines' own cell the patches are that reach them."""
        if not self._margin:
            return ()
        if strip[0] < self._margin:
            return 0, 1
        return (0, -1) if strip[-1] >= self._square.cell - self._margin else (0,)

    def _fade_patches(
        self, lines: NDArray[np.intp]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return lines of the targets' patches, faded out to their edges, and the weight."""
        fade = self._fade[lines + self._margin, np.newaxis] * self._fade
        patches = self._sum_patches(lines)
        patches *= fade[:, :, np.newaxis]
        return patches, fade

    def _sum_patches(self, lines: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return lines of the targets' patches: [n,lines,margin+cell+margin,3] float32.

        They are the sum of the sources' residuals and the enlarged fill.
        """
        sums = np.tensordot(self._weights, self._read_sources(lines), axes=1)
        sums += self._enlarger.enlarge_lines(self._smooth, lines)
        return sums.reshape(*sums.shape[:2], -1, 3)

    def _read_sources(self, lines: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return lines of the sources' pixels.

        Inside the hole they are those of the enlarged `low`, so that the residual is 0.
        """
        cell, width = self._square.cell, len(self._fade)
        every = (np.arange(GRID)[:, np.newaxis] * cell + lines).ravel()
        row, column = self._sources
        pixels = self._square.read_lines(every, self._margin).reshape(GRID, len(lines), -1)
        result = _view_pieces(pixels, cell * 3, width * 3)[row, :, column].astype(np.float32)
        if self._near.size:
            hole = self._square.read_hole_lines(every, self._margin).reshape(GRID, len(lines), -1)
            inside = _view_pieces(hole, cell, width)[row[self._near], :, column[self._near]]
            lows = self._enlarger.enlarge_lines(self._near_lows, lines)
            result[self._near] = np.where(inside.repeat(3, axis=2), lows, result[self._near])
        return result


def _view_pieces[Number: np.generic](
    lines: NDArray[Number], cell: int, width: int
) -> NDArray[Number]:
    """Return a view of [32,n,length] as [32,n,32,width]: the piece that begins at each cell."""
    return np.lib.stride_tricks.sliding_window_view(lines, width, axis=2)[:, :, ::cell]
