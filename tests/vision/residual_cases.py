"""Cases of residual aggregation, and the dense reference that they are compared with."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.residual import aggregate
from vision.inpainters.square import Square
from vision.progress import Checkpoint, ignore_progress

GRID = 32
CELLS = GRID * GRID


class Case(NamedTuple):
    picture: NDArray[np.uint8]
    hole: NDArray[np.bool_]
    low: NDArray[np.float32]
    filled: NDArray[np.float32]
    attention: NDArray[np.float32]


def fill_case(
    case: Case, *, overlap: bool, checkpoint: Checkpoint = ignore_progress
) -> NDArray[np.int_]:
    """Return the case's picture after `aggregate`, as integers that can be subtracted."""
    picture, hole, *rest = case
    result = picture.copy()
    aggregate(Square(result, hole), *rest, overlap=overlap, checkpoint=checkpoint)
    return result.astype(int)


def build_bilinear_matrix(size: int, small: int) -> NDArray[np.float64]:
    """Return the matrix that enlarges `small` samples to `size`: half-pixel centres."""
    matrix = np.zeros((size, small))
    for index in range(size):
        position = min(max((index + 0.5) * small / size - 0.5, 0.0), small - 1.0)
        before = int(position)
        matrix[index, before] += 1 - (position - before)
        matrix[index, min(before + 1, small - 1)] += position - before
    return matrix


def compute_dense_aggregate(case: Case) -> NDArray[np.int_]:
    """Compute section 3.2 of arXiv 2005.09704 literally, in double precision.

    The contextual residual is the photo minus its blurred version, which is the small picture
    enlarged, and nothing inside the hole. Every patch of the aggregated residual is the sum of all
    patches of the contextual residual, each times its attention weight.
    The result is the enlarged fill plus that residual, put into the hole.
    """
    picture, hole, low, filled, attention = case
    size, side = len(picture), len(picture) // GRID
    enlarge = build_bilinear_matrix(size, len(low))
    blurred = np.stack([enlarge @ low[:, :, band] @ enlarge.T for band in range(3)], axis=2)
    smooth = np.stack([enlarge @ filled[:, :, band] @ enlarge.T for band in range(3)], axis=2)
    contextual = picture - blurred
    contextual[hole] = 0
    aggregated = np.zeros_like(contextual)
    corners = [(row * side, column * side) for row in range(GRID) for column in range(GRID)]
    patches = np.stack([contextual[y : y + side, x : x + side].ravel() for y, x in corners])
    sums = attention.astype(np.float64) @ patches
    for (y, x), patch in zip(corners, sums, strict=True):
        aggregated[y : y + side, x : x + side] = patch.reshape(side, side, 3)
    result = picture.astype(int)
    result[hole] = np.clip(np.rint(smooth + aggregated), 0, 255)[hole]
    return result


def build_random_case(generator: np.random.Generator, size: int, small: int) -> Case:
    """Return noise with a hole in the middle and one at the edge, and weights on every cell."""
    hole = np.zeros((size, size), dtype=np.bool_)
    hole[size // 5 : size // 2, size // 3 : size // 2] = True
    hole[-3:, -1:] = True
    attention = generator.dirichlet(np.full(CELLS, 0.05), CELLS).astype(np.float32)
    return Case(
        generator.integers(0, 256, (size, size, 3), dtype=np.uint8),
        hole,
        generator.uniform(0, 255, (small, small, 3)).astype(np.float32),
        generator.uniform(0, 255, (small, small, 3)).astype(np.float32),
        attention * generator.uniform(0, 1, (CELLS, 1)).astype(np.float32),
    )


def find_cells_near_hole(hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return [1024] bool: the cells that touch the hole, and their neighbours."""
    side = len(hole) // GRID
    near_hole = np.zeros((GRID + 2, GRID + 2), dtype=np.bool_)
    for row, column in np.argwhere(hole) // side:
        near_hole[row : row + 3, column : column + 3] = True
    return near_hole[1:-1, 1:-1].ravel()


def clear_weights_near_hole(case: Case) -> Case:
    """Return the case without weights on cells that touch the hole and their neighbours."""
    attention = np.where(find_cells_near_hole(case.hole), np.float32(0), case.attention)
    return case._replace(attention=attention)
