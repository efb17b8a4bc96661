"""Contextual residual aggregation: the photo's own fine detail for a fill made at a small size.

Yi, Tang, Azizi, Jang, Xu: Contextual Residual Aggregation for Ultra High-Resolution Image
Inpainting, CVPR 2020, arXiv 2005.09704, section 3.2.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.progress import Checkpoint

GRID = 32
STRIP_BYTES = 48 * 2**20


def aggregate(
    picture: NDArray[np.uint8],
    hole: NDArray[np.bool_],
    low: NDArray[np.float32],
    filled: NDArray[np.float32],
    attention: NDArray[np.float32],
    *,
    checkpoint: Checkpoint,
) -> NDArray[np.uint8]:
    """The picture with its hole filled at its own resolution.

    The residual is picture minus the enlarged `low`, and 0 inside the hole. On a grid of 32 x 32
    cells, each cell that holds a piece of the hole gets the sum of all cells' residuals weighted by
    its row of `attention`, on top of the enlarged `filled`. Memory beyond the result is bounded.

    Args:
        picture: [S,S,3] uint8; S is a multiple of 32.
        hole: [S,S] bool.
        low: [s,s,3] float32 0..255, s <= S: the picture at the small size.
        filled: [s,s,3] float32 0..255: `low` with its hole filled.
        attention: [1024,1024] float32; row = cell to fill, column = cell to take from, both counted
            along the rows of the grid.
        checkpoint: called with the share done between strips.

    Returns [S,S,3] uint8, rounded and clipped inside the hole, equal to `picture` outside.
    """
    result = picture.copy()
    side = picture.shape[0] // GRID
    cells, holes, results = _as_cells(picture), _as_cells(hole), _as_cells(result)
    targets = np.flatnonzero(holes.any(axis=(1, 3)))
    sources = np.flatnonzero(attention[targets].any(axis=0))
    weights = attention[np.ix_(targets, sources)]
    for strip in _strips(side):
        checkpoint(strip.start / side)
        residual = _strip(cells, sources, strip) - _enlarged(low, side, strip, sources)
        residual[_strip(holes, sources, strip)] = 0
        fill = _enlarged(filled, side, strip, targets) + np.tensordot(weights, residual, axes=1)
        _put(results, targets, strip, fill, _strip(holes, targets, strip))
    return result


def _strips(side: int) -> list[slice]:
    """Some rows of every cell at a time; what these hold in float32 is bounded."""
    step = max(1, STRIP_BYTES // (GRID * GRID * side * 3 * 4))
    return [slice(top, min(top + step, side)) for top in range(0, side, step)]


def _as_cells[Number: np.generic](picture: NDArray[Number]) -> NDArray[Number]:
    """A view of [S,S,...] as [32, side, 32, side, ...]."""
    side = picture.shape[0] // GRID
    return picture.reshape(GRID, side, GRID, side, *picture.shape[2:])


def _strip[Number: np.generic](
    cells: NDArray[Number], numbers: NDArray[np.intp], strip: slice
) -> NDArray[Number]:
    """A copy of the rows `strip` of the numbered cells: [n, rows, side, ...]."""
    row, column = np.divmod(numbers, GRID)
    return cells[row, strip, column]


def _put(
    cells: NDArray[np.uint8],
    numbers: NDArray[np.intp],
    strip: slice,
    fill: NDArray[np.float32],
    inside: NDArray[np.bool_],
) -> None:
    """Writes `fill` into the rows `strip` of the numbered cells where `inside` is set."""
    strips = _strip(cells, numbers, strip)
    strips[inside] = np.clip(np.rint(fill[inside]), 0, 255).astype(np.uint8)
    row, column = np.divmod(numbers, GRID)
    cells[row, strip, column] = strips


def _enlarged(
    small: NDArray[np.float32], side: int, strip: slice, numbers: NDArray[np.intp]
) -> NDArray[np.float32]:
    """The rows `strip` of the numbered cells of `small`, enlarged bilinearly to 32 * `side`."""
    size = GRID * side
    rows = np.arange(size).reshape(GRID, side)[:, strip].ravel()
    position = np.clip((rows + 0.5) * (len(small) / size) - 0.5, 0, len(small) - 1)
    above = position.astype(np.intp)
    below = np.minimum(above + 1, len(small) - 1)
    share = (position - above).astype(np.float32)[:, np.newaxis, np.newaxis]
    lines = small[above] * (1 - share) + small[below] * share
    wide = cv2.resize(lines, (size, len(rows)), interpolation=cv2.INTER_LINEAR)
    row, column = np.divmod(numbers, GRID)
    return wide.reshape(GRID, -1, GRID, side, 3)[row, :, column]  # type: ignore[no-any-return]
