"""Tiles: their places, which of their boxes are used, and what they add in real photos."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.vision.canvas import build_picture
from tests.vision.objects import NO_OBJECTS
from vision.detectors import Box
from vision.detectors.candidates import Candidates, join_candidates
from vision.detectors.efficientdet import SIDE
from vision.detectors.local import TILE_THRESHOLD, LocalDetector
from vision.detectors.tiles import (
    cut_tiles,
    drop_parts,
    drop_repetitions,
    select_whole_and_small,
)
from vision.images import decode
from vision.weights import ModelStore

MAX_TILES = 41


def build_candidates(*boxes: tuple[float, float, float, float], in_part: bool = True) -> Candidates:
    """Return candidates with these boxes (left, top, right, bottom), surest first."""
    count = len(boxes)
    return Candidates(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.linspace(0.9, 0.6, count).astype(np.float32),
        np.zeros(count, np.intp),
        np.full(count, in_part),
    )


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (832, 1), (900, 900), (1002, 816), (1280, 720), (3840, 2560), (2560, 3840), (8192, 8192),
        (30_000, 1000), (1000, 30_000), (10_000, 900), (4100, 1000), (2000, 833), (5000, 2500),
    ],
)  # fmt: skip
def test_tiles_cover_the_picture_overlap_and_are_few(width: int, height: int) -> None:
    tile_boxes = cut_tiles(width, height)

    assert 1 < len(tile_boxes) <= MAX_TILES
    sizes = {(box.width, box.height) for box in tile_boxes}
    assert len(sizes) <= 2
    for size in sizes:
        same_size = [box for box in tile_boxes if (box.width, box.height) == size]
        assert max(size) >= 0.97 * SIDE
        for start, length, total in (("x", size[0], width), ("y", size[1], height)):
            starts = sorted({getattr(box, start) for box in same_size})
            assert (starts[0], starts[-1] + length) == (0, total)
            for one, next_one in pairwise(starts):
                assert next_one <= one + 0.91 * length


@pytest.mark.parametrize(("width", "height"), [(1, 1), (770, 600), (768, 512)])
def test_a_small_picture_has_no_tiles(width: int, height: int) -> None:
    assert cut_tiles(width, height) == []


def test_boxes_that_a_tile_cuts_or_that_fill_it_are_dropped() -> None:
    picture = build_picture(np.zeros((1000, 1000, 1), np.uint8))
    middle, corner = Box(300, 300, 400, 400), Box(0, 0, 400, 400)
    whole, large = (400, 400, 450, 500), (320, 320, 320, 600)
    cut_boxes = [
        (302, 400, 350, 450),
        (400, 301, 450, 380),
        (640, 400, 698, 450),
        (400, 600, 450, 699),
    ]

    remaining = select_whole_and_small(build_candidates(whole, large, *cut_boxes), middle, picture)
    at_the_rim = select_whole_and_small(
        build_candidates((0, 0, 50, 60), (350, 0, 399, 50)), corner, picture
    )

    assert remaining.edges.tolist() == [list(whole)]
    assert at_the_rim.edges.tolist() == [[0, 0, 50, 60]]


def test_a_part_of_a_surer_box_is_dropped_unless_the_whole_picture_showed_it() -> None:
    horse, rider, beside = (0, 0, 200, 200), (50, 10, 100, 90), (150, 150, 260, 260)

    from_tiles = drop_parts(build_candidates(horse, rider, beside))
    from_the_whole = drop_parts(build_candidates(horse, rider, beside, in_part=False))

    assert from_tiles.edges.tolist() == [list(horse), list(beside)]
    assert len(from_the_whole.scores) == 3


def test_a_group_in_the_whole_picture_repeats_what_a_tile_showed_surer() -> None:
    person, group, beside = (50, 10, 100, 90), (40, 0, 190, 100), (150, 150, 260, 260)
    from_tile = build_candidates(person)
    from_the_whole = build_candidates(group, beside, in_part=False)
    other_class = replace(from_the_whole, classes=from_the_whole.classes + 1)

    repeated = drop_repetitions(join_candidates([from_tile, from_the_whole]))
    different = drop_repetitions(join_candidates([from_tile, other_class]))

    assert repeated.edges.tolist() == [list(person), list(beside)]
    assert len(different.scores) == 3


@pytest.mark.parametrize(
    ("name", "most_without_tiles", "least_with_tiles"),
    [("budgie_extreme-desert-hike.jpg", 2, 5), ("pairs/6_image.jpg", 6, 9)],
)
def test_small_objects_in_a_large_photo_are_found(
    name: str, most_without_tiles: int, least_with_tiles: int, photos: Path, store: ModelStore
) -> None:
    picture = decode(photos / name)

    whole = LocalDetector(store, uses_tiles=False).detect(picture)
    detections = LocalDetector(store).detect(picture)

    assert len(whole) <= most_without_tiles
    assert len(detections) >= least_with_tiles
    assert {one.label for one in detections} == {"person"}
    assert [one.confidence for one in detections] == sorted(
        (one.confidence for one in detections), reverse=True
    )


@pytest.mark.parametrize("name", [*NO_OBJECTS, "pairs/15_image.jpg", "budgie_perched-osprey.jpg"])
def test_tiles_add_nothing_in_photos_without_small_objects(
    name: str, photos: Path, store: ModelStore
) -> None:
    picture = decode(photos / name)

    whole = LocalDetector(store, uses_tiles=False).detect(picture)

    assert len(LocalDetector(store).detect(picture)) == len(whole)


def test_a_high_threshold_applies_to_tiles_too(photos: Path, store: ModelStore) -> None:
    picture = decode(photos / "budgie_extreme-desert-hike.jpg")

    sure = LocalDetector(store, threshold=0.65).detect(picture)

    assert 0 < len(sure) < len(LocalDetector(store).detect(picture))
    assert min(one.confidence for one in sure) >= 0.65 > TILE_THRESHOLD
