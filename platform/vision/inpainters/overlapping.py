"""Patches that extend beyond their cells of a grid and fade into those of neighbouring cells."""

import numpy as np
from numpy.typing import NDArray


def compute_shares(cell: int, margin: int) -> NDArray[np.float32]:
    """Return a patch's weight along one axis: [margin+cell+margin] float32, 0..1.

    The weights of neighbouring patches sum to 1. They fade over 2 * `margin` pixels across each
    border of the cell, as half a cosine wave.

    Args:
        cell: pixels along each side of a cell.
        margin: pixels by which a patch extends beyond its cell, at most half a cell.
    """
    share = np.ones(cell + 2 * margin)
    if margin:
        rise = np.sin((np.arange(2 * margin) + 0.5) * (np.pi / (4 * margin))) ** 2
        share[: 2 * margin] = rise
        share[cell:] = rise[::-1]
    return share.astype(np.float32)


def find_overlap(side: int, cell: int, margin: int) -> tuple[slice, slice]:
    """Return the columns of a patch that lie in the cell `side` after its own, and where in that.

    Args:
        side: -1, 0 or 1 cells after the patch's own cell.
        cell, margin: as for `compute_shares`.
    """
    if side == 0:
        return slice(margin, margin + cell), slice(0, cell)
    if side > 0:
        return slice(margin + cell, cell + 2 * margin), slice(0, margin)
    return slice(0, margin), slice(cell - margin, cell)


def find_neighbours(cells: NDArray[np.intp], step: int, side: int) -> list[tuple[int, int]]:
    """Return pairs of indices into `cells`, one for each cell with the neighbour in question.

    The second cell of a pair lies `step` rows above and `side` columns before the first.

    Args:
        cells: [n,2] row and column of each.
        step: rows of the grid.
        side: columns of the grid.
    """
    places = [(row, column) for row, column in cells.tolist()]
    indices = {place: index for index, place in enumerate(places)}
    pairs = (
        (index, indices.get((row - step, column - side)))
        for index, (row, column) in enumerate(places)
    )
    return [(index, other) for index, other in pairs if other is not None]
