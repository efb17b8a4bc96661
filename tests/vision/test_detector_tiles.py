"""Tiles: where they lie, what counts in them, and what they add in real photos."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.vision.canvas import picture_of
from tests.vision.objects import NO_OBJECTS
from vision.detectors import Box
from vision.detectors.local import TILE_THRESHOLD, LocalDetector
from vision.detectors.tiles import cut_tiles, drop_parts, select_whole_and_small
from vision.detectors.yolox import SIDE, Candidates
from vision.images import decode
from vision.weights import ModelStore

MOST = 12


def candidates(*boxes: tuple[float, float, float, float], in_part: bool = True) -> Candidates:
    """Boxes (left, top, right, bottom), surest first."""
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
    found = cut_tiles(width, height)

    assert 1 < len(found) <= MOST
    for start, length, total in (("x", "width", width), ("y", "height", height)):
        spans = sorted({(getattr(box, start), getattr(box, length)) for box in found})
        assert spans[0][0] == 0
        assert spans[-1][0] + spans[-1][1] == total
        for (here, long), (there, _) in pairwise(spans):
            assert there <= here + 0.91 * long
    assert {(box.width, box.height) for box in found} == {(found[0].width, found[0].height)}
    assert max(found[0].width, found[0].height) >= SIDE


@pytest.mark.parametrize(("width", "height"), [(1, 1), (831, 600), (768, 512)])
def test_a_small_picture_has_none(width: int, height: int) -> None:
    assert cut_tiles(width, height) == []


def test_what_a_tile_cuts_or_what_fills_it_does_not_count() -> None:
    picture = picture_of(np.zeros((1000, 1000, 1), np.uint8))
    middle, corner = Box(300, 300, 400, 400), Box(0, 0, 400, 400)
    whole, large = (400, 400, 450, 500), (320, 320, 320, 600)
    cut = [(302, 400, 350, 450), (400, 301, 450, 380), (640, 400, 698, 450), (400, 600, 450, 699)]

    kept = select_whole_and_small(candidates(whole, large, *cut), middle, picture)
    at_the_rim = select_whole_and_small(
        candidates((0, 0, 50, 60), (350, 0, 399, 50)), corner, picture
    )

    assert kept.edges.tolist() == [list(whole)]
    assert at_the_rim.edges.tolist() == [[0, 0, 50, 60]]


def test_a_part_of_something_surer_is_dropped_unless_the_whole_picture_showed_it() -> None:
    horse, rider, beside = (0, 0, 200, 200), (50, 10, 100, 90), (150, 150, 260, 260)

    from_tiles = drop_parts(candidates(horse, rider, beside))
    from_the_whole = drop_parts(candidates(horse, rider, beside, in_part=False))

    assert from_tiles.edges.tolist() == [list(horse), list(beside)]
    assert len(from_the_whole.scores) == 3


@pytest.mark.parametrize(
    ("name", "alone", "more"),
    [("budgie_extreme-desert-hike.jpg", 1, 5), ("pairs/6_image.jpg", 6, 9)],
)
def test_small_objects_in_a_large_photo_are_found(
    name: str, alone: int, more: int, photos: Path, store: ModelStore
) -> None:
    picture = decode(photos / name)

    whole = LocalDetector(store, uses_tiles=False).detect(picture)
    found = LocalDetector(store).detect(picture)

    assert len(whole) <= alone
    assert len(found) >= more
    assert {one.label for one in found} == {"person"}
    assert [one.confidence for one in found] == sorted(
        (one.confidence for one in found), reverse=True
    )


@pytest.mark.parametrize("name", [*NO_OBJECTS, "pairs/15_image.jpg", "budgie_perched-osprey.jpg"])
def test_tiles_add_nothing_where_nothing_is(name: str, photos: Path, store: ModelStore) -> None:
    picture = decode(photos / name)

    whole = LocalDetector(store, uses_tiles=False).detect(picture)

    assert len(LocalDetector(store).detect(picture)) == len(whole)


def test_a_high_threshold_holds_for_tiles_too(photos: Path, store: ModelStore) -> None:
    picture = decode(photos / "budgie_extreme-desert-hike.jpg")

    sure = LocalDetector(store, threshold=0.75).detect(picture)

    assert 0 < len(sure) < len(LocalDetector(store).detect(picture))
    assert min(one.confidence for one in sure) >= 0.75 > TILE_THRESHOLD
