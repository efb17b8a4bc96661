"""A crop seen as a mirrored square, compared with a square that is really built."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.inpainters.scaling import resize_hole, resize_picture
from vision.inpainters.square import GRID, Square

SHAPES = [(64, 64), (100, 161), (161, 100), (31, 9), (9, 31), (700, 530), (1, 1)]


def build_crop(height: int, width: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return noise, and a hole of one pixel near the upper left corner."""
    picture = np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)
    hole = np.zeros((height, width), dtype=np.bool_)
    hole[height // 4, width // 5] = True
    return picture, hole


def mirror_pixels[Number: np.generic](pixels: NDArray[Number], side: int) -> NDArray[Number]:
    padding = ((0, side - pixels.shape[0]), (0, side - pixels.shape[1]))
    return np.pad(pixels, (*padding, *[(0, 0)] * (pixels.ndim - 2)), mode="symmetric")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("margin", [0, 5])
def test_lines_are_those_of_the_mirrored_square(shape: tuple[int, int], margin: int) -> None:
    picture, hole = build_crop(*shape)
    square = Square(picture, hole)
    assert square.side == -(-max(shape) // GRID) * GRID == square.cell * GRID
    rows = np.array([0, square.side - 1, square.side // 2, -margin, square.side + margin - 1])
    around = ((margin, margin), (margin, margin), (0, 0))
    whole = np.pad(mirror_pixels(picture, square.side), around, mode="symmetric")
    assert (square.read_lines(rows, margin) == whole[rows + margin]).all()
    whole_hole = np.pad(mirror_pixels(hole, square.side), margin, mode="symmetric")
    assert (square.read_hole_lines(rows, margin) == whole_hole[rows + margin]).all()


@pytest.mark.parametrize("turns", range(4))
def test_padding_is_added_on_the_side_farther_from_the_hole(turns: int) -> None:
    picture, hole = build_crop(160, 60)
    square = Square(np.rot90(picture, turns), np.rot90(hole, turns))
    whole = np.rot90(mirror_pixels(picture, 160), turns)
    assert (square.read_lines(np.arange(160)) == whole).all()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("side", [64, 512])
def test_the_small_picture_is_the_mirrored_square_resized(
    shape: tuple[int, int], side: int
) -> None:
    picture, hole = build_crop(*shape)
    square = Square(picture, hole)
    small, small_hole = square.resize(side)
    expected = resize_picture(mirror_pixels(picture, square.side), side, side)
    assert np.abs(small.astype(int) - expected).max() <= 1
    assert (small_hole == resize_hole(mirror_pixels(hole, square.side), side, side)).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_cells_that_touch_the_hole_are_found(shape: tuple[int, int]) -> None:
    picture, hole = build_crop(*shape)
    square = Square(picture, hole)
    whole = mirror_pixels(hole, square.side)
    expected = np.zeros((GRID, GRID), dtype=np.bool_)
    for row, column in np.argwhere(whole) // square.cell:
        expected[row, column] = True
    assert (square.find_hole_cells() == expected).all()


def test_cells_of_padding_only_are_not_of_the_crop() -> None:
    picture, hole = build_crop(64, 33)
    expected = np.zeros((GRID, GRID), dtype=np.bool_)
    expected[:, :17] = True
    assert (Square(picture, hole).find_crop_cells() == expected).all()


def test_painting_rounds_clips_and_stays_inside_the_hole() -> None:
    picture, hole = build_crop(64, 40)
    hole[10:14, 3:13] = True
    before = picture.copy()
    square = Square(picture, hole)
    blocks = np.stack([np.full((4, 4, 3), value, np.float32) for value in (-3, 99.6, 300, 7)])
    square.paint(np.array([10, 10, 12, 12]), np.array([3, 7, 10, 62]), blocks)
    assert (picture[10:14, 3:7] == 0).all()
    assert (picture[10:12, 7:11] == 100).all()
    assert (picture[12:14, 10:13] == 255).all()
    assert (picture[~hole] == before[~hole]).all()


def test_painting_stays_inside_the_crop_when_padding_comes_before_it() -> None:
    picture = np.zeros((40, 64, 3), np.uint8)
    hole = np.zeros((40, 64), np.bool_)
    hole[30:40] = True
    square = Square(picture, hole)  # 24 lines are added above
    square.paint(np.array([22, 60]), np.array([0, 60]), np.full((2, 4, 4, 3), 9, np.float32))
    assert (picture[36:40, 60:64] == 9).all()
    assert picture.sum() == 9 * 4 * 4 * 3
