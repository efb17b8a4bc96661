"""Residual aggregation compared with a dense reference, and its memory."""

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.residual_cases import (
    CELLS,
    GRID,
    Case,
    build_random_case,
    clear_weights_near_hole,
    compute_dense_aggregate,
    fill_case,
    find_cells_near_hole,
)
from vision.errors import Cancelled
from vision.inpainters import residual
from vision.inpainters.residual import aggregate
from vision.inpainters.square import Square
from vision.progress import ignore_progress


@pytest.fixture
def generator() -> np.random.Generator:
    return np.random.default_rng(2005_09704)


@pytest.mark.parametrize(
    ("size", "small"), [(256, 128), (288, 96), (128, 128), (32, 32), (1056, 512)]
)
@pytest.mark.parametrize("free_only", [False, True])
def test_the_result_equals_the_dense_reference(
    generator: np.random.Generator, size: int, small: int, free_only: bool
) -> None:
    case = build_random_case(generator, size, small)
    if free_only and size > GRID:
        case = clear_weights_near_hole(case)
    assert np.abs(fill_case(case, overlap=False) - compute_dense_aggregate(case)).max() <= 1


@pytest.mark.parametrize("place", [(0, 0), (17, 77), (127, 127), (64, 0), (127, 64)])
@pytest.mark.parametrize("overlap", [False, True])
def test_a_hole_of_one_pixel_equals_the_dense_reference(
    generator: np.random.Generator, place: tuple[int, int], overlap: bool
) -> None:
    case = build_random_case(generator, 128, 64)
    case.hole[:] = False
    case.hole[place] = True
    case = clear_weights_near_hole(case)
    result = fill_case(case, overlap=overlap)
    assert np.abs(result - compute_dense_aggregate(case)).max() <= 1


@pytest.mark.parametrize("overlap", [False, True])
def test_a_crop_that_is_not_square_is_filled_like_its_mirrored_square(
    generator: np.random.Generator, overlap: bool
) -> None:
    case = build_random_case(generator, 256, 128)
    case.hole[:] = False
    case.hole[5:90, 40:60] = True
    crop, hole = case.picture[:150, :250].copy(), case.hole[:150, :250]
    mirrored = np.pad(hole, ((0, 106), (0, 6)), mode="symmetric")
    assert mirrored[-1].any()
    whole = np.pad(crop, ((0, 106), (0, 6), (0, 0)), mode="symmetric")
    expected = fill_case(case._replace(picture=whole, hole=mirrored), overlap=overlap)
    result = fill_case(case._replace(picture=crop, hole=hole), overlap=overlap)
    difference = np.abs(result - expected[:150, :250])
    assert difference.max() <= 1
    assert (result[~hole] == crop[~hole]).all()


@pytest.mark.parametrize("overlap", [False, True])
def test_processing_in_tiles_gives_the_same_result(
    generator: np.random.Generator, monkeypatch: pytest.MonkeyPatch, overlap: bool
) -> None:
    case = build_random_case(generator, 512, 128)
    whole = fill_case(case, overlap=overlap)
    monkeypatch.setattr(residual, "TILE_BYTES", 1)
    shares: list[float] = []
    tiled = fill_case(case, overlap=overlap, checkpoint=shares.append)
    # The matrix product of a narrower tile may round its sums in another order.
    assert np.abs(whole - tiled).max() <= 1
    assert shares == [line / 16 for line in range(16)]


def measure_peak_bytes(generator: np.random.Generator, size: int) -> int:
    """Return the peak memory of filling a hole beyond photo, hole and weights, in bytes."""
    case = build_random_case(generator, size, 128)
    square = Square(case.picture, case.hole)
    tracemalloc.start()
    try:
        aggregate(square, *case[2:], checkpoint=ignore_progress)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_depends_on_the_tile_not_on_the_photo(
    generator: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residual, "TILE_BYTES", 8 * 2**20)
    assert measure_peak_bytes(generator, 1024) < 24 * 2**20
    assert measure_peak_bytes(generator, 2048) < 24 * 2**20


def test_each_cell_copies_from_the_source_in_its_attention_row(
    generator: np.random.Generator,
) -> None:
    case = build_random_case(generator, 64, 64)
    picture, hole, low, filled, attention = case
    hole[:] = False
    hole[10:12, 20:22] = True
    target, source = (10 // 2) * GRID + 20 // 2, 7 * GRID + 3
    attention[:] = 0
    attention[target, source] = 1
    low[14:16, 6:8] = picture[14:16, 6:8] - np.float32(9)
    filled[10:12, 20:22] = 100
    result = fill_case(case, overlap=False)
    assert (result[10:12, 20:22] == 109).all()
    assert (result[~hole] == picture[~hole]).all()


@pytest.mark.parametrize("overlap", [False, True])
def test_without_attention_the_result_is_the_fill(
    generator: np.random.Generator, overlap: bool
) -> None:
    case = build_random_case(generator, 64, 64)
    case.attention[:] = 0
    assert (fill_case(case, overlap=overlap)[case.hole] == np.rint(case.filled[case.hole])).all()


@pytest.mark.parametrize("overlap", [False, True])
def test_without_a_hole_the_picture_is_unchanged(
    generator: np.random.Generator, overlap: bool
) -> None:
    case = build_random_case(generator, 64, 64)
    case.hole[:] = False
    assert (fill_case(case, overlap=overlap) == case.picture).all()


@pytest.mark.parametrize("overlap", [False, True])
def test_pixels_in_the_hole_are_no_source(generator: np.random.Generator, overlap: bool) -> None:
    case = build_random_case(generator, 256, 64)
    other = case.picture.copy()
    other[case.hole] = 255 - other[case.hole]
    first = fill_case(case, overlap=overlap)
    assert (first == fill_case(case._replace(picture=other), overlap=overlap)).all()


def build_constant_residual(generator: np.random.Generator, detail: float) -> Case:
    """Return a case whose residual is `detail` everywhere outside the hole."""
    case = build_random_case(generator, 512, 128)
    case.low[:], case.filled[:], case.picture[:] = 90, 120, round(90 + detail)
    attention = case.attention / case.attention.sum(axis=1, keepdims=True)
    return case._replace(attention=attention)


def test_overlapping_patches_sum_to_one(generator: np.random.Generator) -> None:
    case = clear_weights_near_hole(build_constant_residual(generator, 40))
    weights = case.attention / case.attention.sum(axis=1, keepdims=True)
    result = fill_case(case._replace(attention=weights), overlap=True)
    assert (result[case.hole] == 160).all()


def test_detail_does_not_fade_when_cells_of_the_hole_have_weight(
    generator: np.random.Generator,
) -> None:
    case = build_constant_residual(generator, 40)
    assert (fill_case(case, overlap=True)[case.hole] == 160).all()
    assert (fill_case(case, overlap=False)[case.hole] < 160).any()


def test_a_cell_with_only_one_source_near_the_hole_uses_it(
    generator: np.random.Generator,
) -> None:
    case = build_constant_residual(generator, 40)
    case.hole[:] = False
    case.hole[5 * 16 : 6 * 16, 16:32] = True
    neighbour = 5 * GRID
    case.attention[:] = 0
    case.attention[:, neighbour] = 1
    assert (fill_case(case, overlap=True)[case.hole] == 160).all()


def test_overlapping_cells_leave_no_seam(generator: np.random.Generator) -> None:
    """Neighbouring cells with distant sources meet in a step unless they overlap."""
    case = build_random_case(generator, 1024, 128)
    waves = sum(
        np.sin(np.indices((1024, 1024)).T @ generator.uniform(-1, 1, 2) + phase)
        for phase in range(12)
    )
    case.picture[:] = np.clip(128 + 15 * waves, 0, 255)[:, :, np.newaxis]
    case.low[:] = case.filled[:] = 128
    free = np.flatnonzero(~find_cells_near_hole(case.hole))
    case.attention[:] = 0
    case.attention[np.arange(CELLS), generator.choice(free, CELLS)] = 1
    plain, overlapped = (
        measure_border_step(fill_case(case, overlap=overlap), case.hole)
        for overlap in (False, True)
    )
    assert plain > 2
    assert overlapped < 1.1


def measure_border_step(picture: NDArray[np.int_], hole: NDArray[np.bool_]) -> float:
    """Return the mean step across borders of the grid divided by the mean step elsewhere."""
    side = len(picture) // GRID
    inside = hole[:, 1:] & hole[:, :-1]
    steps = np.abs(np.diff(picture[:, :, 0], axis=1))
    border = np.zeros_like(inside)
    border[:, side - 1 :: side] = True
    return float(steps[inside & border].mean() / steps[inside & ~border].mean())


def test_the_work_can_be_cancelled_at_a_checkpoint(generator: np.random.Generator) -> None:
    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fill_case(build_random_case(generator, 64, 64), overlap=True, checkpoint=stop)
