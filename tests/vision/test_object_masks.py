"""Masks of detected objects, and small gaps in them."""

import numpy as np
import pytest

from vision.masks import Polygon
from vision.object_masks import SOFT_EDGE, fill_small_gaps, from_outlines, measure_coverage


def test_two_outlines_become_one_whole_shape_with_a_rim() -> None:
    left = [(20.0, 20.0), (60.0, 20.0), (60.0, 80.0), (20.0, 80.0)]
    right = [(61.0, 22.0), (90.0, 22.0), (90.0, 78.0), (61.0, 78.0)]
    mask = from_outlines((100, 120), [left, right])
    assert mask[50, 18:92].all()
    rows, columns = (np.flatnonzero((mask > 0).any(axis=axis)) for axis in (1, 0))
    assert (rows[0], rows[-1]) == (20 - SOFT_EDGE, 79 + SOFT_EDGE)
    assert (columns[0], columns[-1]) == (20 - SOFT_EDGE, 89 + SOFT_EDGE)


def test_a_small_enclosed_gap_is_marked_and_a_large_one_stays() -> None:
    mask = np.zeros((200, 200), np.uint8)
    mask[20:180, 20:180] = 255
    mask[50:53, 60:65] = 0
    mask[100:140, 100:140] = 0
    cleaned = fill_small_gaps(mask)
    assert cleaned[50:53, 60:65].all()
    assert not cleaned[100:140, 100:140].any()
    assert np.count_nonzero(cleaned) == np.count_nonzero(mask) + 15


def test_a_gap_that_opens_to_the_outside_stays() -> None:
    mask = np.zeros((200, 200), np.uint8)
    mask[20:180, 20:180] = 255
    mask[20:24, 60:62] = 0
    assert np.array_equal(fill_small_gaps(mask), mask)


def test_a_gap_at_the_pictures_edge_stays() -> None:
    mask = np.full((200, 200), 255, np.uint8)
    mask[0:3, 50:53] = 0
    assert np.array_equal(fill_small_gaps(mask), mask)


def test_corners_that_touch_do_not_open_a_gap() -> None:
    mask = np.zeros((100, 100), np.uint8)
    mask[10:90, 10:90] = 255
    mask[10, 10] = mask[11, 11] = 0
    assert fill_small_gaps(mask)[11, 11] == 255


@pytest.mark.parametrize("value", [0, 255])
def test_an_empty_and_a_full_mask_stay(value: int) -> None:
    mask = np.full((30, 40), value, np.uint8)
    assert np.array_equal(fill_small_gaps(mask), mask)


@pytest.mark.parametrize("outline", [[], [[]]])
def test_nothing_of_an_empty_outline_is_covered(outline: list[Polygon]) -> None:
    assert measure_coverage(np.full((30, 40), 255, np.uint8), outline) == 0
