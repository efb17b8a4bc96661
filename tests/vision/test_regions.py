"""Regions: each hole belongs to one region with context, and there are not too many."""

import tracemalloc

import numpy as np
import pytest

from vision import masks
from vision.regions import CELL, CONTEXT_SHARE, MAX_REGIONS, MIN_CONTEXT, Region, find_regions

SHAPE = (3000, 4000)


def count_owners(
    mask: masks.Mask, crops: list[Region]
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Count for each pixel the regions whose hole it is; check that crops are in the picture."""
    count = np.zeros(mask.shape, np.int64)
    for crop in crops:
        assert crop.x >= 0
        assert crop.y >= 0
        assert crop.x + crop.width <= mask.shape[1]
        assert crop.y + crop.height <= mask.shape[0]
        holes = crop.select_holes(mask)
        assert holes.shape == (crop.height, crop.width)
        count[crop.slices] += holes > 0
    return count


def assert_between(value: int, lowest: int, highest: int) -> None:
    """Assert a range: regions are only exact to whole cells."""
    assert lowest <= value <= highest


@pytest.mark.parametrize(
    ("box", "margin"),
    [
        ((1000, 900, 20, 10), MIN_CONTEXT),
        ((1500, 1200, 600, 400), round(600 * CONTEXT_SHARE)),
        ((1505, 1203, 401, 903), round(903 * CONTEXT_SHARE)),
    ],
)
def test_a_hole_gets_its_context(box: tuple[int, int, int, int], margin: int) -> None:
    (region,) = find_regions(masks.from_boxes(SHAPE, [box]))
    x, y, width, height = box
    slack = 4 * CELL
    assert_between(x - region.x, margin, margin + slack)
    assert_between(y - region.y, margin, margin + slack)
    assert_between(region.x + region.width - x - width, margin, margin + slack)
    assert_between(region.y + region.height - y - height, margin, margin + slack)


def test_a_huge_hole_gets_the_whole_picture() -> None:
    (region,) = find_regions(masks.from_boxes(SHAPE, [(1300, 800, 1200, 1200)]))
    assert region.box == (0, 0, 4000, 3000)


def test_a_hole_at_the_edge_is_clipped() -> None:
    (region,) = find_regions(masks.from_boxes(SHAPE, [(3990, 2990, 10, 10)]))
    assert region.box[:2] < (3990 - MIN_CONTEXT, 2990 - MIN_CONTEXT)
    assert region.x + region.width == 4000
    assert region.y + region.height == 3000


def test_far_holes_have_separate_regions_and_near_holes_share_one() -> None:
    far = masks.from_boxes(SHAPE, [(100, 100, 30, 30), (3000, 2000, 30, 30)])
    near = masks.from_boxes(SHAPE, [(100, 100, 30, 30), (300, 120, 30, 30)])
    assert len(find_regions(far)) == 2
    assert len(find_regions(near)) == 1


def test_a_row_of_people_is_not_one_large_crop() -> None:
    people = [(x, 1500, 60, 180) for x in range(200, 3900, 600)]
    mask = masks.from_boxes(SHAPE, people)
    crops = find_regions(mask)
    assert len(crops) > 3
    assert max(crop.width for crop in crops) < 1600
    assert (count_owners(mask, crops) == (mask > 0)).all()


def test_a_hole_in_the_crop_of_another_region_belongs_to_its_own() -> None:
    mask = masks.from_boxes(SHAPE, [(1000, 1000, 300, 300), (1440, 1100, 16, 16)])
    large, small = sorted(find_regions(mask), key=lambda region: -region.width)
    assert large.x + large.width > small.x
    assert (count_owners(mask, [large, small]) == (mask > 0)).all()
    assert np.count_nonzero(large.select_holes(mask)) == 300 * 300
    assert np.count_nonzero(small.select_holes(mask)) == 16 * 16


@pytest.mark.parametrize("shape", [SHAPE, (1999, 2017), (40, 1000)])
@pytest.mark.parametrize("seed", range(6))
def test_every_hole_belongs_to_exactly_one_region(seed: int, shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(seed)
    boxes = [
        (
            int(rng.integers(0, shape[1])),
            int(rng.integers(0, shape[0])),
            int(rng.integers(1, 200)),
            int(rng.integers(1, 200)),
        )
        for _ in range(int(rng.integers(1, 60)))
    ]
    mask = masks.from_boxes(shape, boxes)
    crops = find_regions(mask)
    assert len(crops) <= MAX_REGIONS
    assert (count_owners(mask, crops) == (mask > 0)).all()


def test_the_number_of_regions_is_limited() -> None:
    boxes = [(x, y, 4, 4) for x in range(100, 4000, 600) for y in range(100, 3000, 600)]
    mask = masks.from_boxes(SHAPE, boxes)
    assert len(find_regions(mask, limit=1000)) == len(boxes)
    assert 1 <= len(find_regions(mask)) <= MAX_REGIONS
    assert (count_owners(mask, find_regions(mask)) == (mask > 0)).all()


def test_a_mask_of_noise_is_one_region() -> None:
    mask = np.where(np.random.default_rng(0).random((700, 900)) < 0.3, 255, 0).astype(np.uint8)
    (region,) = find_regions(mask)
    assert region.box == (0, 0, 900, 700)
    assert (region.select_holes(mask) == mask).all()


def test_memory_is_bounded_on_the_largest_photo() -> None:
    mask = np.zeros((8192, 8192), np.uint8)
    mask[::97, ::101] = 255
    tracemalloc.start()
    found_regions = find_regions(mask)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found_regions) <= MAX_REGIONS
    assert peak < 32 * 2**20


def test_without_a_hole_there_is_no_region() -> None:
    assert find_regions(np.zeros((50, 50), np.uint8)) == []
