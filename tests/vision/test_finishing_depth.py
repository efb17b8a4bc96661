"""Finishing of deep photos: a stretched fill shows no steps, and no texture is lost."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.canvas import build_picture
from vision import masks
from vision.finishing import finish_deep_fill
from vision.finishing.fractions import restore_fractions
from vision.finishing.slopes import continue_slopes
from vision.inpainters.patchmatch import PatchMatchInpainter
from vision.patches import apply
from vision.removal import remove

SIDE = 160
SHAPE = (SIDE, SIDE)
HOLE = masks.from_boxes(SHAPE, [(50, 50, 60, 60)])
DOWN, ACROSS = np.mgrid[:SIDE, :SIDE] / (SIDE - 1)

Floats = NDArray[np.float32]


def build_slope(levels: NDArray[np.float64], noise: float = 0) -> Floats:
    """Return `levels` as [H,W,3] float32, with noise of that strength."""
    grain = np.random.default_rng(4).normal(0, 1, (*SHAPE, 3)) * noise
    return (levels[:, :, np.newaxis] + grain).astype(np.float32)


SLOPES = {
    "down": 20 + 8 * DOWN,
    "across": 100 + 2 * ACROSS,
    "steep": 20 + 60 * DOWN + 30 * ACROSS,
    "curved": 80 + 40 * (DOWN - 0.3) ** 2,
}


@pytest.mark.parametrize("channels", [1, 4])
@pytest.mark.parametrize("name", SLOPES)
def test_a_removal_leaves_no_steps_in_a_deep_slope(name: str, channels: int) -> None:
    truth = np.rint(SLOPES[name][:, :, np.newaxis].repeat(channels, axis=2) * 257)
    if channels == 4:
        truth[:, :, 3] = 65535
    photo = truth.astype(np.uint16)
    photo[60:100, 60:100, 0] = 50_000
    result = apply(photo, remove(build_picture(photo), HOLE, PatchMatchInpainter()))
    error = result.astype(np.float64)[HOLE > 0] - truth[HOLE > 0]
    assert 20 * np.log10(65535 / np.sqrt((error**2).mean())) > 70
    np.testing.assert_array_equal(result[HOLE == 0], photo[HOLE == 0])


def test_fractions_return_where_a_slope_was_rounded() -> None:
    slope = build_slope(20 + 12 * np.sin(4 * DOWN) + 3 * ACROSS)
    filled = np.rint(slope).astype(np.uint8)
    result = restore_fractions(slope, filled, HOLE)
    inside = HOLE > 0
    assert np.abs(result - slope)[inside].mean() < 0.5 * np.abs(filled - slope)[inside].mean()
    assert len(np.unique(result[inside])) > 50 * len(np.unique(filled[inside]))
    assert np.abs(result - filled)[inside].max() <= 0.5
    np.testing.assert_array_equal(result[~inside], slope[~inside])


def test_texture_keeps_its_levels() -> None:
    texture = build_slope(100 + 0 * DOWN, noise=9)
    filled = np.rint(texture).astype(np.uint8)
    result = restore_fractions(texture, filled, HOLE)
    assert (result == filled)[HOLE > 0].mean() > 0.99


def build_wire() -> Floats:
    photo = build_slope(SLOPES["down"])
    photo[:, 78:80] += 4
    return photo


@pytest.mark.parametrize(
    "photo",
    [
        pytest.param(build_slope(SLOPES["down"], noise=6), id="texture"),
        pytest.param(build_wire(), id="a wire through the hole"),
        pytest.param(build_slope(20 + 8.0 * (DOWN > 0.4)), id="an edge"),
        pytest.param(build_slope(80 + 40 * np.sin(9 * DOWN)), id="waves"),
    ],
)
def test_what_is_no_slope_stays_as_it_was_filled(photo: Floats) -> None:
    visible = HOLE == 0
    filled = np.where(HOLE[:, :, np.newaxis] > 0, np.float32(7), photo)
    result, others = continue_slopes(photo, filled, HOLE, visible)
    np.testing.assert_array_equal(result, filled)
    np.testing.assert_array_equal(others, HOLE)


def test_each_hole_in_a_slope_is_continued_but_those_at_the_frame() -> None:
    photo = build_slope(SLOPES["steep"], noise=0.1)
    hole = masks.from_boxes(SHAPE, [(40, 40, 20, 30), (100, 90, 30, 20), (0, 120, 9, 9)])
    filled = np.where(hole[:, :, np.newaxis] > 0, np.float32(7), photo)
    result, others = continue_slopes(photo, filled, hole, hole == 0)
    np.testing.assert_array_equal(others, masks.from_boxes(SHAPE, [(0, 120, 9, 9)]))
    continued = (hole > 0) & (others == 0)
    assert np.abs(result - build_slope(SLOPES["steep"]))[continued].mean() < 0.05
    np.testing.assert_array_equal(result[~continued], filled[~continued])


@pytest.mark.parametrize("noise", [0.1, 0.4, 1.5])
def test_a_continued_slope_has_the_photo_s_noise(noise: float) -> None:
    photo = build_slope(SLOPES["down"], noise=noise)
    filled = np.rint(build_slope(SLOPES["down"])).astype(np.uint8)
    result = finish_deep_fill(photo, filled, HOLE, HOLE == 0)
    rest = (result - build_slope(SLOPES["down"]))[HOLE > 0]
    assert 0.75 * noise < rest.std() < 1.25 * noise


@pytest.mark.parametrize(("ground", "fill"), [(2, 0), (253, 255)])
def test_no_level_leaves_the_range(ground: int, fill: int) -> None:
    photo = build_slope(ground + 0 * DOWN, noise=1.5).clip(0, 255)
    photo[:, 79:81] = 255 - ground
    filled = np.full((*SHAPE, 3), fill, np.uint8)
    result = finish_deep_fill(photo, filled, HOLE, HOLE == 0)
    assert 0 <= result.min() <= result.max() <= 255
