"""Residual aggregation against a dense reference, and its bounds."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.errors import Cancelled
from vision.inpainters import residual
from vision.inpainters.residual import aggregate
from vision.progress import unwatched

GRID = 32


def bilinear(size: int, small: int) -> NDArray[np.float64]:
    """The matrix that enlarges `small` samples to `size`, half-pixel centres, edges repeated."""
    matrix = np.zeros((size, small))
    for index in range(size):
        position = min(max((index + 0.5) * small / size - 0.5, 0.0), small - 1.0)
        before = int(position)
        matrix[index, before] += 1 - (position - before)
        matrix[index, min(before + 1, small - 1)] += position - before
    return matrix


def dense_aggregate(
    picture: NDArray[np.uint8],
    hole: NDArray[np.bool_],
    low: NDArray[np.float32],
    filled: NDArray[np.float32],
    attention: NDArray[np.float32],
) -> NDArray[np.uint8]:
    """All 1024 x 1024 cells at once, in double precision."""
    size = len(picture)
    up = bilinear(size, len(low))
    enlarged_low = np.einsum("ya,xb,abc->yxc", up, up, low.astype(np.float64), optimize=True)
    enlarged_fill = np.einsum("ya,xb,abc->yxc", up, up, filled.astype(np.float64), optimize=True)
    detail = np.where(hole[:, :, None], 0.0, picture - enlarged_low)
    side = size // GRID
    patches = detail.reshape(GRID, side, GRID, side, 3)
    table = attention.astype(np.float64).reshape(GRID, GRID, GRID, GRID)
    sums = np.einsum("ijkl,kylxc->iyjxc", table, patches, optimize=True)
    full = enlarged_fill + sums.reshape(size, size, 3)
    return np.where(hole[:, :, None], np.clip(np.rint(full), 0, 255), picture).astype(np.uint8)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(2005_09704)


def random_case(
    random: np.random.Generator, size: int, small: int
) -> tuple[
    NDArray[np.uint8],
    NDArray[np.bool_],
    NDArray[np.float32],
    NDArray[np.float32],
    NDArray[np.float32],
]:
    hole = np.zeros((size, size), dtype=np.bool_)
    hole[size // 5 : size // 2, size // 3 : size // 2] = True
    hole[-3:, -1:] = True
    attention = random.dirichlet(np.full(GRID * GRID, 0.05), GRID * GRID).astype(np.float32)
    return (
        random.integers(0, 256, (size, size, 3), dtype=np.uint8),
        hole,
        random.uniform(0, 255, (small, small, 3)).astype(np.float32),
        random.uniform(0, 255, (small, small, 3)).astype(np.float32),
        attention * random.uniform(0, 1, (GRID * GRID, 1)).astype(np.float32),
    )


@pytest.mark.parametrize(("size", "small"), [(256, 128), (288, 100), (128, 128), (32, 32)])
def test_equals_the_dense_reference(random: np.random.Generator, size: int, small: int) -> None:
    case = random_case(random, size, small)
    given = aggregate(*case, checkpoint=unwatched).astype(int)
    assert np.abs(given - dense_aggregate(*case)).max() <= 1


def test_strips_change_nothing(
    random: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = random_case(random, 256, 128)
    whole = aggregate(*case, checkpoint=unwatched)
    monkeypatch.setattr(residual, "STRIP_BYTES", 3 * 8 * GRID * GRID * 3 * 4)
    shares: list[float] = []
    stripped = aggregate(*case, checkpoint=shares.append)
    # The matrix product of a narrower strip may round its sums in another order.
    assert np.abs(whole.astype(int) - stripped).max() <= 1
    assert shares == [0, 3 / 8, 6 / 8]


def test_each_cell_takes_from_where_its_row_of_attention_says(random: np.random.Generator) -> None:
    picture, hole, low, filled, _ = random_case(random, 64, 64)
    hole[:] = False
    hole[10:12, 20:22] = True
    to, source = (10 // 2) * GRID + 20 // 2, 7 * GRID + 3
    attention = np.zeros((GRID * GRID, GRID * GRID), dtype=np.float32)
    attention[to, source] = 1
    low[14:16, 6:8] = picture[14:16, 6:8] - np.float32(9)
    filled[10:12, 20:22] = 100
    result = aggregate(picture, hole, low, filled, attention, checkpoint=unwatched)
    assert (result[10:12, 20:22] == 109).all()
    assert (result[~hole] == picture[~hole]).all()


def test_without_attention_only_the_fill_is_there(random: np.random.Generator) -> None:
    picture, hole, low, filled, attention = random_case(random, 64, 64)
    result = aggregate(picture, hole, low, filled, np.zeros_like(attention), checkpoint=unwatched)
    assert (result[hole] == np.rint(filled[hole])).all()


def test_no_hole_gives_the_picture(random: np.random.Generator) -> None:
    picture, hole, low, filled, attention = random_case(random, 64, 64)
    result = aggregate(picture, np.zeros_like(hole), low, filled, attention, checkpoint=unwatched)
    assert (result == picture).all()


def test_what_the_hole_held_is_no_source(random: np.random.Generator) -> None:
    picture, hole, low, filled, attention = random_case(random, 128, 64)
    other = picture.copy()
    other[hole] = 255 - other[hole]
    first = aggregate(picture, hole, low, filled, attention, checkpoint=unwatched)
    second = aggregate(other, hole, low, filled, attention, checkpoint=unwatched)
    assert (first == second).all()


def test_stops_at_a_checkpoint(random: np.random.Generator) -> None:
    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        aggregate(*random_case(random, 64, 64), checkpoint=stop)
