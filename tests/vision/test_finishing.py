"""Finishing: the edge of a fill becomes invisible, and edges of the scene stay."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests import images
from vision import masks
from vision.finishing import finish_fill, grain, seam
from vision.finishing.grain import add_grain
from vision.finishing.seam import remove_seam

SHAPE = (300, 340)
BOXES = [
    [(100, 90, 120, 110)],
    [(0, 0, 90, 300)],
    [(64, 64, 3, 170), (150, 150, 1, 1), (200, 100, 60, 60)],
]


def build_slope() -> NDArray[np.uint8]:
    """Return a sky that gets lighter to the right and bluer downward."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    colours = [90 + columns * 0.2, 100 + columns * 0.2, 120 + rows * 0.2]
    return np.rint(np.stack(colours, axis=2)).astype(np.uint8)


def shift_hole(
    photo: NDArray[np.uint8], hole: masks.Mask, shift: tuple[int, int, int]
) -> NDArray[np.uint8]:
    filled = photo.astype(np.int64)
    filled[hole > 0] += shift
    return np.clip(filled, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("boxes", BOXES)
@pytest.mark.parametrize("shift", [(6, 6, 6), (-8, 0, 5)])
def test_a_step_along_the_whole_edge_is_removed(
    boxes: list[tuple[int, int, int, int]], shift: tuple[int, int, int]
) -> None:
    photo, hole = build_slope(), masks.from_boxes(SHAPE, boxes)
    filled = shift_hole(photo, hole, shift)
    result = remove_seam(photo, filled, hole, hole == 0)
    error = np.abs(result.astype(int) - photo)[hole > 0]
    assert error.mean() < 0.3 * np.abs(shift).mean()


def test_a_step_on_one_side_fades_towards_the_other() -> None:
    photo, hole = build_slope(), masks.from_boxes(SHAPE, [(80, 80, 160, 120)])
    filled = photo.copy()
    wedge = np.rint(np.linspace(10, 0, 160)).astype(np.uint8)
    filled[80:200, 80:240] += wedge[np.newaxis, :, np.newaxis]
    result = remove_seam(photo, filled, hole, hole == 0)
    before = np.abs(filled.astype(int) - photo)[hole > 0].mean()
    assert np.abs(result.astype(int) - photo)[hole > 0].mean() < 0.4 * before


def test_an_edge_of_the_scene_along_the_hole_stays() -> None:
    photo, hole = build_slope(), masks.from_boxes(SHAPE, [(100, 90, 120, 110)])
    filled = shift_hole(photo, hole, (70, 60, 50))
    result = remove_seam(photo, filled, hole, hole == 0)
    assert np.abs(result.astype(int) - filled)[hole > 0].max() <= 2


def test_a_fill_without_a_step_is_unchanged() -> None:
    photo, hole = build_slope(), masks.from_boxes(SHAPE, [(100, 90, 120, 110)])
    result = remove_seam(photo, photo, hole, hole == 0)
    assert np.abs(result.astype(int) - photo).max() <= 2


def test_cells_of_several_pixels_give_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, hole = build_slope(), masks.from_boxes(SHAPE, [(101, 93, 120, 110)])
    filled = shift_hole(photo, hole, (8, 8, 8))
    fine = remove_seam(photo, filled, hole, hole == 0)
    monkeypatch.setattr(seam, "LARGEST_FIELD", 100)
    monkeypatch.setattr(seam, "_STRIP_ROWS", 32)
    coarse = remove_seam(photo, filled, hole, hole == 0)
    assert np.abs(fine.astype(int) - coarse)[hole > 0].max() <= 2


def test_processing_in_strips_gives_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, hole = build_slope(), masks.from_boxes(SHAPE, BOXES[2])
    filled = shift_hole(photo, hole, (6, 6, 6))
    whole = remove_seam(photo, filled, hole, hole == 0)
    monkeypatch.setattr(seam, "_STRIP_ROWS", 7)
    np.testing.assert_array_equal(remove_seam(photo, filled, hole, hole == 0), whole)


def build_noisy_slope(strength: float, extent: float = 0.0) -> NDArray[np.uint8]:
    noise = np.random.default_rng(3).normal(size=(*SHAPE, 3)).astype(np.float32)
    if extent:
        noise = cv2.GaussianBlur(noise, (0, 0), extent)  # type: ignore[assignment]
    noise *= strength / noise.std()
    return np.clip(np.rint(build_slope() + noise), 0, 255).astype(np.uint8)


def measure_fine_spread(picture: NDArray[np.uint8], where: NDArray[np.bool_]) -> float:
    exact = picture.astype(np.float32)
    return float((exact - cv2.GaussianBlur(exact, (0, 0), 1.2))[where].std())


@pytest.mark.parametrize("extent", [0.0, 0.7])
@pytest.mark.parametrize("strength", [2.0, 5.0])
def test_a_smooth_fill_gets_the_photos_grain(strength: float, extent: float) -> None:
    photo, hole = (
        build_noisy_slope(strength, extent),
        masks.from_boxes(SHAPE, [(100, 90, 120, 110)]),
    )
    filled = photo.copy()
    filled[hole > 0] = build_slope()[hole > 0]
    result = add_grain(photo, filled, hole, hole == 0)
    expected_spread = measure_fine_spread(photo, hole > 0)
    assert 0.75 * expected_spread < measure_fine_spread(result, hole > 0) < 1.25 * expected_spread
    # The grain changes no colour.
    shift = result[hole > 0].mean(axis=0) - filled[hole > 0].mean(axis=0)
    assert np.abs(shift).max() < 0.3


def test_grey_grain_stays_grey() -> None:
    noise = np.random.default_rng(1).normal(0, 4, SHAPE)[:, :, np.newaxis]
    photo = np.clip(np.rint(120 + noise.repeat(3, axis=2)), 0, 255).astype(np.uint8)
    hole = masks.from_boxes(SHAPE, [(100, 90, 120, 110)])
    filled = np.where(hole[:, :, np.newaxis] > 0, np.uint8(120), photo)
    result = add_grain(photo, filled, hole, hole == 0)[hole > 0].astype(int)
    assert np.abs(result - result.mean(axis=1, keepdims=True)).max() <= 1
    assert result.std() > 2


def test_a_fill_with_grain_gets_no_more() -> None:
    photo, hole = build_noisy_slope(4.0), masks.from_boxes(SHAPE, [(100, 90, 120, 110)])
    before = measure_fine_spread(photo, hole > 0)
    assert measure_fine_spread(add_grain(photo, photo, hole, hole == 0), hole > 0) < 1.1 * before


def test_a_clean_photo_and_a_textured_one_get_no_grain() -> None:
    hole = masks.from_boxes(SHAPE, [(100, 90, 120, 110)])
    for photo in (build_slope(), images.build_noise(*SHAPE, 3)):
        filled = np.where(hole[:, :, np.newaxis] > 0, build_slope(), photo)
        np.testing.assert_array_equal(add_grain(photo, filled, hole, hole == 0), filled)


def test_grain_is_not_estimated_from_too_few_pixels() -> None:
    photo = build_noisy_slope(4.0)[:40, :40]
    hole = masks.from_boxes((40, 40), [(6, 6, 28, 28)])
    assert grain.measure_grain(photo, hole == 0) is None


@pytest.mark.parametrize("boxes", BOXES)
def test_nothing_outside_the_hole_changes_and_the_result_is_repeatable(
    boxes: list[tuple[int, int, int, int]],
) -> None:
    photo, hole = build_noisy_slope(4.0), masks.from_boxes(SHAPE, boxes)
    filled = shift_hole(build_slope(), hole, (5, 5, 5))
    filled[hole == 0] = photo[hole == 0]
    result = finish_fill(photo, filled, hole, hole == 0)
    np.testing.assert_array_equal(result[hole == 0], photo[hole == 0])
    assert (result[hole > 0] != filled[hole > 0]).any()
    np.testing.assert_array_equal(finish_fill(photo, filled, hole, hole == 0), result)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 2), (33, 1)])
def test_the_smallest_pictures_are_finished(size: tuple[int, int]) -> None:
    photo, hole = images.build_noise(*size), np.zeros(size, np.uint8)
    hole[-1, -1] = 255
    assert finish_fill(photo, photo, hole, hole == 0).shape == photo.shape
