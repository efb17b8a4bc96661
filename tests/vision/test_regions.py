"""Regions: each hole in exactly one crop, with context, and not too many of them."""

import numpy as np
import pytest

from vision import masks
from vision.regions import CONTEXT_SHARE, MAX_REGIONS, MIN_CONTEXT, Region, regions

SHAPE = (3000, 4000)


def covered(
    mask: masks.Mask, crops: list[Region]
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """How many crops hold each pixel."""
    count = np.zeros(mask.shape, np.int64)
    for crop in crops:
        assert crop.x >= 0
        assert crop.y >= 0
        assert crop.x + crop.width <= mask.shape[1]
        assert crop.y + crop.height <= mask.shape[0]
        count[crop.slices] += 1
    return count


def test_a_small_hole_gets_the_least_context() -> None:
    mask = masks.from_boxes(SHAPE, [(1000, 900, 20, 10)])
    margin = MIN_CONTEXT
    assert regions(mask) == [Region(1000 - margin, 900 - margin, 20 + 2 * margin, 10 + 2 * margin)]


def test_a_large_hole_gets_a_share_of_its_longer_side() -> None:
    mask = masks.from_boxes(SHAPE, [(1500, 1200, 600, 400)])
    margin = round(600 * CONTEXT_SHARE)
    assert regions(mask) == [
        Region(1500 - margin, 1200 - margin, 600 + 2 * margin, 400 + 2 * margin)
    ]


def test_a_huge_hole_gets_the_whole_picture() -> None:
    mask = masks.from_boxes(SHAPE, [(1000, 400, 2400, 2400)])
    assert regions(mask) == [Region(0, 0, 4000, 3000)]


def test_a_hole_at_the_edge_is_clipped() -> None:
    mask = masks.from_boxes(SHAPE, [(0, 0, 10, 10)])
    assert regions(mask) == [Region(0, 0, 10 + MIN_CONTEXT, 10 + MIN_CONTEXT)]


def test_far_holes_have_their_own_and_near_ones_share() -> None:
    far = masks.from_boxes(SHAPE, [(100, 100, 30, 30), (3000, 2000, 30, 30)])
    near = masks.from_boxes(SHAPE, [(100, 100, 30, 30), (300, 120, 30, 30)])
    assert len(regions(far)) == 2
    assert len(regions(near)) == 1


@pytest.mark.parametrize("seed", range(8))
def test_every_hole_lies_in_exactly_one_crop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    boxes = [
        (
            int(rng.integers(0, 3990)),
            int(rng.integers(0, 2990)),
            int(rng.integers(1, 200)),
            int(rng.integers(1, 200)),
        )
        for _ in range(int(rng.integers(1, 60)))
    ]
    mask = masks.from_boxes(SHAPE, boxes)
    crops = regions(mask)
    assert len(crops) <= MAX_REGIONS
    count = covered(mask, crops)
    assert (count[mask == 255] == 1).all()
    assert count.max() == 1


def test_their_number_is_bounded() -> None:
    boxes = [(x, y, 4, 4) for x in range(100, 4000, 500) for y in range(100, 3000, 500)]
    mask = masks.from_boxes(SHAPE, boxes)
    assert len(regions(mask, most=1000)) == len(boxes)
    assert 1 <= len(regions(mask)) <= MAX_REGIONS
    assert (covered(mask, regions(mask))[mask == 255] == 1).all()


def test_a_mask_of_noise() -> None:
    mask = np.where(np.random.default_rng(0).random((700, 900)) < 0.3, 255, 0).astype(np.uint8)
    assert regions(mask) == [Region(0, 0, 900, 700)]


def test_no_hole_no_region() -> None:
    assert regions(np.zeros((50, 50), np.uint8)) == []
