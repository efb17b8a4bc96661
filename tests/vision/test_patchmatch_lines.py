"""The lines that point into a hole, and the guide that continues them."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.inpainters.patchmatch.lines import find_directions, find_lines
from vision.inpainters.patchmatch_child.guide import build_guide

SIDE = 240


def build_hole() -> NDArray[np.bool_]:
    """Return a square hole in the middle."""
    hole = np.zeros((SIDE, SIDE), np.bool_)
    hole[90:150, 90:150] = True
    return hole


def draw_lines(degrees: float, hole: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Draw three parallel lines through the middle, hidden by a white object in the hole."""
    picture = np.full((SIDE, SIDE, 3), 120, np.uint8)
    along = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    across = np.array([-along[1], along[0]])
    for shift in (-18, 0, 18):
        middle = np.array([SIDE / 2, SIDE / 2]) + shift * across
        start, end = (middle + reach * along for reach in (-200, 200))
        cv2.line(picture, start.astype(int).tolist(), end.astype(int).tolist(), (20, 30, 40), 5)
    picture[hole] = 255
    return picture


@pytest.mark.parametrize("degrees", [0.0, 35.0, 90.0, 150.0])
def test_the_direction_of_lines_is_found(degrees: float) -> None:
    hole = build_hole()
    lines = find_lines(draw_lines(degrees, hole), hole)
    directions = find_directions(lines, hole, limit=2)
    turned = abs((np.degrees(directions[0]) - degrees + 90) % 180 - 90)
    assert turned < 2
    assert len(directions) == 1


def test_a_line_ends_beside_the_hole_and_points_into_it() -> None:
    hole = build_hole()
    for line in find_lines(draw_lines(0.0, hole), hole):
        before, after = line.entry - 4, line.entry + 4
        assert not hole[int(line.y + before * line.down), int(line.x + before * line.right)]
        assert hole[int(line.y + after * line.down), int(line.x + after * line.right)]


def test_two_directions_are_told_apart() -> None:
    hole = build_hole()
    both = np.minimum(draw_lines(0.0, hole), draw_lines(60.0, hole))
    found = np.degrees(find_directions(find_lines(both, hole), hole, limit=2))
    assert sorted(found % 175) == pytest.approx([0, 60], abs=4)


def test_lines_that_miss_the_hole_and_plain_areas_have_no_direction() -> None:
    hole = build_hole()
    picture = np.full((SIDE, SIDE, 3), 120, np.uint8)
    assert find_directions(find_lines(picture, hole), hole, limit=2) == []
    cv2.line(picture, (5, 20), (235, 20), (20, 30, 40), 5)
    assert find_directions(find_lines(picture, hole), hole, limit=2) == []


def test_a_line_that_leaves_the_photo_does_not_point_into_a_hole_at_its_border() -> None:
    hole = np.zeros((SIDE, SIDE), np.bool_)
    hole[:60, 120:] = True
    picture = np.full((SIDE, SIDE, 3), 120, np.uint8)
    cv2.line(picture, (20, 50), (96, 8), (20, 30, 40), 5)  # it would pass above the hole
    assert find_lines(picture, hole) == []
    cv2.line(picture, (20, 30), (96, 30), (20, 30, 40), 5)
    assert find_lines(picture, hole)


def test_what_the_hole_hides_has_no_influence() -> None:
    hole = build_hole()
    picture = draw_lines(35.0, hole)
    other = picture.copy()
    other[hole] = np.random.default_rng(1).integers(0, 256, (int(hole.sum()), 3), dtype=np.uint8)
    assert find_lines(picture, hole) == find_lines(other, hole)


def test_the_guide_is_the_same_along_a_line_and_differs_across() -> None:
    guide = build_guide((40, 60), np.radians(90))[:, :, 0]
    assert np.ptp(guide, axis=0).max() < 1e-5
    assert (np.abs(np.diff(guide[0])) > 0).all()
