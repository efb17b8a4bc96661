"""Residual aggregation against a dense reference, and its bounds."""

import tracemalloc
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.errors import Cancelled
from vision.inpainters import residual
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


def filled_by(
    case: Case, *, overlap: bool, checkpoint: Checkpoint = ignore_progress
) -> NDArray[np.int_]:
    """The case's picture after `aggregate`, as numbers that can be subtracted."""
    picture, hole, *rest = case
    result = picture.copy()
    aggregate(Square(result, hole), *rest, overlap=overlap, checkpoint=checkpoint)
    return result.astype(int)


def bilinear(size: int, small: int) -> NDArray[np.float64]:
    """The matrix that enlarges `small` samples to `size`, half-pixel centres, edges repeated."""
    matrix = np.zeros((size, small))
    for index in range(size):
        position = min(max((index + 0.5) * small / size - 0.5, 0.0), small - 1.0)
        before = int(position)
        matrix[index, before] += 1 - (position - before)
        matrix[index, min(before + 1, small - 1)] += position - before
    return matrix


def dense_aggregate(case: Case) -> NDArray[np.int_]:
    """Section 3.2 of arXiv 2005.09704, word for word, in double precision.

    The contextual residual is the photo minus its blurred version, which is the small picture
    enlarged, and nothing inside the hole. Every patch of the aggregated residual is the sum of all
    patches of the contextual residual, each times the attention that the one pays to the other.
    The result is the enlarged fill plus that residual, put into the hole.
    """
    picture, hole, low, filled, attention = case
    size, side = len(picture), len(picture) // GRID
    enlarge = bilinear(size, len(low))
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


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(2005_09704)


def random_case(random: np.random.Generator, size: int, small: int) -> Case:
    """Noise, with a hole in the middle and one at the rim, and weights on every cell."""
    hole = np.zeros((size, size), dtype=np.bool_)
    hole[size // 5 : size // 2, size // 3 : size // 2] = True
    hole[-3:, -1:] = True
    attention = random.dirichlet(np.full(CELLS, 0.05), CELLS).astype(np.float32)
    return Case(
        random.integers(0, 256, (size, size, 3), dtype=np.uint8),
        hole,
        random.uniform(0, 255, (small, small, 3)).astype(np.float32),
        random.uniform(0, 255, (small, small, 3)).astype(np.float32),
        attention * random.uniform(0, 1, (CELLS, 1)).astype(np.float32),
    )


def holed_and_beside(hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """[1024] bool: the cells with a piece of the hole, and the cells around these."""
    side = len(hole) // GRID
    found = np.zeros((GRID + 2, GRID + 2), dtype=np.bool_)
    for row, column in np.argwhere(hole) // side:
        found[row : row + 3, column : column + 3] = True
    return found[1:-1, 1:-1].ravel()


def as_the_network_gives_it(case: Case) -> Case:
    """The case without weight on cells with a piece of the hole, nor on those beside them."""
    attention = np.where(holed_and_beside(case.hole), np.float32(0), case.attention)
    return case._replace(attention=attention)


@pytest.mark.parametrize(
    ("size", "small"), [(256, 128), (288, 96), (128, 128), (32, 32), (1056, 512)]
)
@pytest.mark.parametrize("free_only", [False, True])
def test_equals_the_dense_reference(
    random: np.random.Generator, size: int, small: int, free_only: bool
) -> None:
    case = random_case(random, size, small)
    if free_only and size > GRID:
        case = as_the_network_gives_it(case)
    assert np.abs(filled_by(case, overlap=False) - dense_aggregate(case)).max() <= 1


@pytest.mark.parametrize("place", [(0, 0), (17, 77), (127, 127), (64, 0), (127, 64)])
@pytest.mark.parametrize("overlap", [False, True])
def test_a_hole_of_one_pixel_equals_the_dense_reference(
    random: np.random.Generator, place: tuple[int, int], overlap: bool
) -> None:
    case = random_case(random, 128, 64)
    case.hole[:] = False
    case.hole[place] = True
    case = as_the_network_gives_it(case)
    given = filled_by(case, overlap=overlap)
    assert np.abs(given - dense_aggregate(case)).max() <= 1


@pytest.mark.parametrize("overlap", [False, True])
def test_a_crop_that_is_no_square_is_filled_like_its_mirrored_square(
    random: np.random.Generator, overlap: bool
) -> None:
    case = random_case(random, 256, 128)
    case.hole[:] = False
    case.hole[5:90, 40:60] = True
    crop, hole = case.picture[:150, :250].copy(), case.hole[:150, :250]
    mirrored = np.pad(hole, ((0, 106), (0, 6)), mode="symmetric")
    assert mirrored[-1].any()
    whole = np.pad(crop, ((0, 106), (0, 6), (0, 0)), mode="symmetric")
    expected = filled_by(case._replace(picture=whole, hole=mirrored), overlap=overlap)
    given = filled_by(case._replace(picture=crop, hole=hole), overlap=overlap)
    difference = np.abs(given - expected[:150, :250])
    assert difference.max() <= 1
    assert (given[~hole] == crop[~hole]).all()


@pytest.mark.parametrize("overlap", [False, True])
def test_tiles_change_nothing(
    random: np.random.Generator, monkeypatch: pytest.MonkeyPatch, overlap: bool
) -> None:
    case = random_case(random, 512, 128)
    whole = filled_by(case, overlap=overlap)
    monkeypatch.setattr(residual, "TILE_BYTES", 1)
    shares: list[float] = []
    tiled = filled_by(case, overlap=overlap, checkpoint=shares.append)
    # The matrix product of a narrower tile may round its sums in another order.
    assert np.abs(whole - tiled).max() <= 1
    assert shares == [line / 16 for line in range(16)]


def peak_bytes(random: np.random.Generator, size: int) -> int:
    """What filling a hole takes at most beyond the photo, the hole and the weights."""
    case = random_case(random, size, 128)
    square = Square(case.picture, case.hole)
    tracemalloc.start()
    try:
        aggregate(square, *case[2:], checkpoint=ignore_progress)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_is_bounded_by_the_tile_not_by_the_photo(
    random: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residual, "TILE_BYTES", 8 * 2**20)
    assert peak_bytes(random, 1024) < 24 * 2**20
    assert peak_bytes(random, 2048) < 24 * 2**20


def test_each_cell_takes_from_where_its_row_of_attention_says(random: np.random.Generator) -> None:
    case = random_case(random, 64, 64)
    picture, hole, low, filled, attention = case
    hole[:] = False
    hole[10:12, 20:22] = True
    to, source = (10 // 2) * GRID + 20 // 2, 7 * GRID + 3
    attention[:] = 0
    attention[to, source] = 1
    low[14:16, 6:8] = picture[14:16, 6:8] - np.float32(9)
    filled[10:12, 20:22] = 100
    result = filled_by(case, overlap=False)
    assert (result[10:12, 20:22] == 109).all()
    assert (result[~hole] == picture[~hole]).all()


@pytest.mark.parametrize("overlap", [False, True])
def test_without_attention_only_the_fill_is_there(
    random: np.random.Generator, overlap: bool
) -> None:
    case = random_case(random, 64, 64)
    case.attention[:] = 0
    assert (filled_by(case, overlap=overlap)[case.hole] == np.rint(case.filled[case.hole])).all()


@pytest.mark.parametrize("overlap", [False, True])
def test_no_hole_gives_the_picture(random: np.random.Generator, overlap: bool) -> None:
    case = random_case(random, 64, 64)
    case.hole[:] = False
    assert (filled_by(case, overlap=overlap) == case.picture).all()


@pytest.mark.parametrize("overlap", [False, True])
def test_what_the_hole_held_is_no_source(random: np.random.Generator, overlap: bool) -> None:
    case = random_case(random, 256, 64)
    other = case.picture.copy()
    other[case.hole] = 255 - other[case.hole]
    first = filled_by(case, overlap=overlap)
    assert (first == filled_by(case._replace(picture=other), overlap=overlap)).all()


def constant_residual(random: np.random.Generator, detail: float) -> Case:
    """Everywhere outside the hole the picture is the enlarged `low` plus `detail`."""
    case = random_case(random, 512, 128)
    case.low[:], case.filled[:], case.picture[:] = 90, 120, round(90 + detail)
    attention = case.attention / case.attention.sum(axis=1, keepdims=True)
    return case._replace(attention=attention)


def test_overlapping_patches_sum_to_one(random: np.random.Generator) -> None:
    case = as_the_network_gives_it(constant_residual(random, 40))
    weights = case.attention / case.attention.sum(axis=1, keepdims=True)
    result = filled_by(case._replace(attention=weights), overlap=True)
    assert (result[case.hole] == 160).all()


def test_detail_does_not_fade_where_weight_lies_on_cells_of_the_hole(
    random: np.random.Generator,
) -> None:
    case = constant_residual(random, 40)
    assert (filled_by(case, overlap=True)[case.hole] == 160).all()
    assert (filled_by(case, overlap=False)[case.hole] < 160).any()


def test_a_cell_that_has_no_other_source_takes_what_it_is_given(
    random: np.random.Generator,
) -> None:
    case = constant_residual(random, 40)
    case.hole[:] = False
    case.hole[5 * 16 : 6 * 16, 16:32] = True
    beside = 5 * GRID
    case.attention[:] = 0
    case.attention[:, beside] = 1
    assert (filled_by(case, overlap=True)[case.hole] == 160).all()


def test_the_grid_leaves_no_seam(random: np.random.Generator) -> None:
    """Neighbouring cells that take from far apart places meet in a step, unless they overlap."""
    case = random_case(random, 1024, 128)
    waves = sum(
        np.sin(np.indices((1024, 1024)).T @ random.uniform(-1, 1, 2) + phase) for phase in range(12)
    )
    case.picture[:] = np.clip(128 + 15 * waves, 0, 255)[:, :, np.newaxis]
    case.low[:] = case.filled[:] = 128
    free = np.flatnonzero(~holed_and_beside(case.hole))
    case.attention[:] = 0
    case.attention[np.arange(CELLS), random.choice(free, CELLS)] = 1
    plain, overlapped = (
        step_at_borders(filled_by(case, overlap=overlap), case.hole) for overlap in (False, True)
    )
    assert plain > 2
    assert overlapped < 1.1


def step_at_borders(picture: NDArray[np.int_], hole: NDArray[np.bool_]) -> float:
    """How far pixels beside a border of the grid differ, next to how far others do."""
    side = len(picture) // GRID
    inside = hole[:, 1:] & hole[:, :-1]
    steps = np.abs(np.diff(picture[:, :, 0], axis=1))
    border = np.zeros_like(inside)
    border[:, side - 1 :: side] = True
    return float(steps[inside & border].mean() / steps[inside & ~border].mean())


def test_stops_at_a_checkpoint(random: np.random.Generator) -> None:
    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        filled_by(random_case(random, 64, 64), overlap=True, checkpoint=stop)
