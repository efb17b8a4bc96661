"""A crop seen as a mirrored square, against one that is really made."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.inpainters.scaling import resize_hole, resize_picture
from vision.inpainters.square import GRID, Square

SHAPES = [(64, 64), (100, 161), (161, 100), (31, 9), (9, 31), (700, 530), (1, 1)]


def crop(height: int, width: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Noise with one pixel of hole near the upper left corner."""
    picture = np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)
    hole = np.zeros((height, width), dtype=np.bool_)
    hole[height // 4, width // 5] = True
    return picture, hole


def mirrored[Number: np.generic](pixels: NDArray[Number], side: int) -> NDArray[Number]:
    added = ((0, side - pixels.shape[0]), (0, side - pixels.shape[1]))
    return np.pad(pixels, (*added, *[(0, 0)] * (pixels.ndim - 2)), mode="symmetric")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("margin", [0, 5])
def test_lines_are_those_of_the_mirrored_square(shape: tuple[int, int], margin: int) -> None:
    picture, hole = crop(*shape)
    square = Square(picture, hole)
    assert square.side == -(-max(shape) // GRID) * GRID == square.cell * GRID
    rows = np.array([0, square.side - 1, square.side // 2, -margin, square.side + margin - 1])
    around = ((margin, margin), (margin, margin), (0, 0))
    whole = np.pad(mirrored(picture, square.side), around, mode="symmetric")
    assert (square.read_lines(rows, margin) == whole[rows + margin]).all()
    whole_hole = np.pad(mirrored(hole, square.side), margin, mode="symmetric")
    assert (square.read_hole_lines(rows, margin) == whole_hole[rows + margin]).all()


@pytest.mark.parametrize("turns", range(4))
def test_what_is_added_lies_where_the_hole_is_farther_from_the_edge(turns: int) -> None:
    picture, hole = crop(160, 60)
    square = Square(np.rot90(picture, turns), np.rot90(hole, turns))
    whole = np.rot90(mirrored(picture, 160), turns)
    assert (square.read_lines(np.arange(160)) == whole).all()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("side", [64, 512])
def test_the_small_picture_is_the_mirrored_square_resized(
    shape: tuple[int, int], side: int
) -> None:
    picture, hole = crop(*shape)
    square = Square(picture, hole)
    small, small_hole = square.resize(side)
    expected = resize_picture(mirrored(picture, square.side), side, side)
    assert np.abs(small.astype(int) - expected).max() <= 1
    assert (small_hole == resize_hole(mirrored(hole, square.side), side, side)).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_cells_with_a_piece_of_the_hole(shape: tuple[int, int]) -> None:
    picture, hole = crop(*shape)
    square = Square(picture, hole)
    whole = mirrored(hole, square.side)
    expected = np.zeros((GRID, GRID), dtype=np.bool_)
    for row, column in np.argwhere(whole) // square.cell:
        expected[row, column] = True
    assert (square.find_hole_cells() == expected).all()


def test_cells_that_are_wholly_added_are_not_of_the_crop() -> None:
    picture, hole = crop(64, 33)
    expected = np.zeros((GRID, GRID), dtype=np.bool_)
    expected[:, :17] = True
    assert (Square(picture, hole).find_crop_cells() == expected).all()


def test_paint_rounds_and_clips_into_the_hole_alone() -> None:
    picture, hole = crop(64, 40)
    hole[10:14, 3:13] = True
    before = picture.copy()
    square = Square(picture, hole)
    blocks = np.stack([np.full((4, 4, 3), value, np.float32) for value in (-3, 99.6, 300, 7)])
    square.paint(np.array([10, 10, 12, 12]), np.array([3, 7, 10, 62]), blocks)
    assert (picture[10:14, 3:7] == 0).all()
    assert (picture[10:12, 7:11] == 100).all()
    assert (picture[12:14, 10:13] == 255).all()
    assert (picture[~hole] == before[~hole]).all()


def test_paint_keeps_to_the_crop_where_it_was_padded_before_it() -> None:
    picture = np.zeros((40, 64, 3), np.uint8)
    hole = np.zeros((40, 64), np.bool_)
    hole[30:40] = True
    square = Square(picture, hole)  # 24 lines are added above
    square.paint(np.array([22, 60]), np.array([0, 60]), np.full((2, 4, 4, 3), 9, np.float32))
    assert (picture[36:40, 60:64] == 9).all()
    assert picture.sum() == 9 * 4 * 4 * 3
