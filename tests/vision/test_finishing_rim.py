"""Finishing at the hole's edge: copied texture joins the photo's without a step."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision import masks
from vision.finishing import rim
from vision.finishing.rim import REACH, blend_rim

SHAPE = (180, 200)
BOX = (60, 50, 70, 80)


def build_texture(seed: int) -> NDArray[np.uint8]:
    """Return blotches of about two pixels."""
    noise = np.random.default_rng(seed).normal(size=(*SHAPE, 3)).astype(np.float32)
    blotches = np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.5), np.float32)
    return np.clip(np.rint(120 + blotches * (12 / blotches.std())), 0, 255).astype(np.uint8)


def paste_texture(hole: masks.Mask) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return a photo, and the same with other texture of its kind in the hole."""
    photo = build_texture(1)
    return photo, np.where(hole[:, :, np.newaxis] > 0, build_texture(2), photo)


def measure_step(picture: NDArray[np.uint8], row: int) -> float:
    """Return the mean step from `row` to the next, along the hole's upper side."""
    columns = slice(BOX[0], BOX[0] + BOX[2])
    one, other = (picture[line, columns].astype(np.float64) for line in (row, row + 1))
    return float(np.abs(other - one).mean())


def test_the_step_across_the_edge_is_as_small_as_others() -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    photo, filled = paste_texture(hole)
    usual_step, edge_row = measure_step(photo, BOX[1] - 1), BOX[1] - 1
    assert measure_step(filled, edge_row) > 2 * usual_step
    result = blend_rim(photo, filled, hole, hole == 0)
    assert 0.3 * usual_step < measure_step(result, edge_row) < 1.4 * usual_step
    # There is no second step where the changed band ends.
    assert measure_step(result, edge_row + REACH + 1) < 1.2 * usual_step


def test_only_the_first_pixels_inside_the_edge_change() -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    photo, filled = paste_texture(hole)
    result = blend_rim(photo, filled, hole, hole == 0)
    depth = cv2.distanceTransform(hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    unchanged = (depth == 0) | (depth > REACH)
    np.testing.assert_array_equal(result[unchanged], filled[unchanged])
    assert (result[(depth > 0) & (depth < 2)] != filled[(depth > 0) & (depth < 2)]).mean() > 0.9


@pytest.mark.parametrize("step", [100, 220])
def test_an_edge_of_the_scene_along_the_hole_stays_sharp(step: int) -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    photo = np.full((*SHAPE, 3), 240, np.uint8)
    filled = np.where(hole[:, :, np.newaxis] > 0, np.uint8(240 - step), photo)
    result = blend_rim(photo, filled, hole, hole == 0)
    assert np.abs(result.astype(int) - filled).max() <= 2


def test_the_band_stays_as_sharp_as_the_rest() -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    noise = np.random.default_rng(5).normal(120, 6, (2, *SHAPE, 3))
    photo, other = np.clip(np.rint(noise), 0, 255).astype(np.uint8)
    filled = np.where(hole[:, :, np.newaxis] > 0, other, photo)
    result = blend_rim(photo, filled, hole, hole == 0)
    depth = cv2.distanceTransform(hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    for first in range(REACH):
        band = (depth > first) & (depth <= first + 1)
        sharpness = [cv2.Laplacian(picture, cv2.CV_32F)[band].std() for picture in (result, filled)]
        assert 0.8 * sharpness[1] < sharpness[0] < 1.2 * sharpness[1]


def test_without_known_pixels_nothing_changes() -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    photo, filled = paste_texture(hole)
    nothing_known = np.zeros(SHAPE, np.bool_)
    np.testing.assert_array_equal(blend_rim(photo, filled, hole, nothing_known), filled)


def test_a_fill_is_unchanged_along_the_photo_s_edge() -> None:
    hole = masks.from_boxes(SHAPE, [(0, 0, 80, SHAPE[0])])
    photo, filled = paste_texture(hole)
    result = blend_rim(photo, filled, hole, hole == 0)
    np.testing.assert_array_equal(result[:, : 80 - REACH], filled[:, : 80 - REACH])


def test_the_photo_s_pixels_in_the_hole_have_no_effect() -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    photo, filled = paste_texture(hole)
    other = photo.copy()
    other[hole > 0] = 255
    np.testing.assert_array_equal(
        blend_rim(photo, filled, hole, hole == 0), blend_rim(other, filled, hole, hole == 0)
    )


def test_processing_in_strips_gives_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    hole = masks.from_boxes(SHAPE, [BOX, (150, 3, 9, 170)])
    photo, filled = paste_texture(hole)
    whole = blend_rim(photo, filled, hole, hole == 0)
    monkeypatch.setattr(rim, "_STRIP_ROWS", 7)
    np.testing.assert_array_equal(blend_rim(photo, filled, hole, hole == 0), whole)
