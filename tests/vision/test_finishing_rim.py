"""Finishing at the rim: copied texture meets the photo's as neighbours do."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision import masks
from vision.finishing import rim
from vision.finishing.rim import REACH, blend_rim

SHAPE = (180, 200)
BOX = (60, 50, 70, 80)


def texture(seed: int) -> NDArray[np.uint8]:
    """Blotches of about two pixels."""
    noise = np.random.default_rng(seed).normal(size=(*SHAPE, 3)).astype(np.float32)
    blotches = np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.5), np.float32)
    return np.clip(np.rint(120 + blotches * (12 / blotches.std())), 0, 255).astype(np.uint8)


def pasted(hole: masks.Mask) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A photo, and the same with other texture of its kind in the hole."""
    photo = texture(1)
    return photo, np.where(hole[:, :, np.newaxis] > 0, texture(2), photo)


def step_down(picture: NDArray[np.uint8], row: int) -> float:
    """The mean step from `row` to the next, along the hole's upper side."""
    columns = slice(BOX[0], BOX[0] + BOX[2])
    one, other = (picture[line, columns].astype(np.float64) for line in (row, row + 1))
    return float(np.abs(other - one).mean())


def test_the_step_across_the_rim_is_as_those_beside_it() -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    photo, filled = pasted(hole)
    usual, across = step_down(photo, BOX[1] - 1), BOX[1] - 1
    assert step_down(filled, across) > 2 * usual
    result = blend_rim(photo, filled, hole, hole == 0)
    assert 0.3 * usual < step_down(result, across) < 1.4 * usual
    # No second step where the fill is its own again.
    assert step_down(result, across + REACH + 1) < 1.2 * usual


def test_only_the_first_pixels_within_the_rim_change() -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    photo, filled = pasted(hole)
    result = blend_rim(photo, filled, hole, hole == 0)
    depth = cv2.distanceTransform(hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    stays = (depth == 0) | (depth > REACH)
    np.testing.assert_array_equal(result[stays], filled[stays])
    assert (result[(depth > 0) & (depth < 2)] != filled[(depth > 0) & (depth < 2)]).mean() > 0.9


@pytest.mark.parametrize("step", [100, 220])
def test_an_edge_of_the_scene_along_the_rim_stays_sharp(step: int) -> None:
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
        ring = (depth > first) & (depth <= first + 1)
        fine = [cv2.Laplacian(picture, cv2.CV_32F)[ring].std() for picture in (result, filled)]
        assert 0.8 * fine[1] < fine[0] < 1.2 * fine[1]


def test_what_is_not_known_tells_nothing() -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    photo, filled = pasted(hole)
    nowhere = np.zeros(SHAPE, np.bool_)
    np.testing.assert_array_equal(blend_rim(photo, filled, hole, nowhere), filled)


def test_at_the_photos_edge_a_fill_has_nothing_to_pass_over_from() -> None:
    hole = masks.from_boxes(SHAPE, [(0, 0, 80, SHAPE[0])])
    photo, filled = pasted(hole)
    result = blend_rim(photo, filled, hole, hole == 0)
    np.testing.assert_array_equal(result[:, : 80 - REACH], filled[:, : 80 - REACH])


def test_what_stands_in_the_hole_is_not_looked_at() -> None:
    hole = masks.from_boxes(SHAPE, [BOX])
    photo, filled = pasted(hole)
    other = photo.copy()
    other[hole > 0] = 255
    np.testing.assert_array_equal(
        blend_rim(photo, filled, hole, hole == 0), blend_rim(other, filled, hole, hole == 0)
    )


def test_strips_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    hole = masks.from_boxes(SHAPE, [BOX, (150, 3, 9, 170)])
    photo, filled = pasted(hole)
    whole = blend_rim(photo, filled, hole, hole == 0)
    monkeypatch.setattr(rim, "_STRIP_ROWS", 7)
    np.testing.assert_array_equal(blend_rim(photo, filled, hole, hole == 0), whole)
