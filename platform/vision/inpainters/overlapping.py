"""Patches that reach beyond their cells of a grid and fade into those of the cells beside them."""

import numpy as np
from numpy.typing import NDArray


def shares(cell: int, margin: int) -> NDArray[np.float32]:
    """[margin+cell+margin] float32, 0..1: a patch's share along one axis; 1 with its neighbours'.

    It fades over 2 * `margin` pixels across each border of the cell, in half a wave of a cosine.

    Args:
        cell: pixels along each side of a cell.
        margin: pixels by which a patch reaches beyond its cell, at most half a cell.
    """
    share = np.ones(cell + 2 * margin)
    if margin:
        rise = np.sin((np.arange(2 * margin) + 0.5) * (np.pi / (4 * margin))) ** 2
        share[: 2 * margin] = rise
        share[cell:] = rise[::-1]
    return share.astype(np.float32)


def reach(side: int, cell: int, margin: int) -> tuple[slice, slice]:
    """The columns of a patch in the cell `side` (-1, 0, 1) after its own, and where in that."""
    if side == 0:
        return slice(margin, margin + cell), slice(0, cell)
    if side > 0:
        return slice(margin + cell, cell + 2 * margin), slice(0, margin)
    return slice(0, margin), slice(cell - margin, cell)


def neighbours(cells: NDArray[np.intp], step: int, side: int) -> list[tuple[int, int]]:
    """Pairs of indices into `cells`: the second cell lies `step` above and `side` before the first.

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
