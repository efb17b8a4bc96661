"""The places and the shapes of the benchmark's holes."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from benchmarks.vision.holes import draw_strokes, find_largest_part, find_place, resize_shape
from benchmarks.vision.places import LABELS, STROKES, Place, read_places


def test_the_strokes_of_a_seed_are_one_piece_and_always_the_same() -> None:
    mask = draw_strokes(np.random.default_rng(3))
    parts, _ = cv2.connectedComponents(mask.astype(np.uint8))

    assert parts == 2  # the background counts as one
    assert 0.1 < mask.mean() < 0.9
    assert np.array_equal(mask, draw_strokes(np.random.default_rng(3)))
    assert mask.shape != draw_strokes(np.random.default_rng(4)).shape


def test_a_shape_keeps_its_form_at_another_size() -> None:
    disc = np.hypot(*np.mgrid[-50:51, -50:51]) <= 50
    small = resize_shape(disc, 2000, (1000, 1000))

    assert np.count_nonzero(small) == pytest.approx(2000, rel=0.03)
    assert small.shape[0] == small.shape[1]


def test_a_shape_is_no_longer_than_allowed() -> None:
    assert resize_shape(np.ones((10, 100), np.bool_), 10_000, (50, 60)).shape == (6, 60)


def test_the_largest_part_is_cut_to_its_box() -> None:
    mask = np.zeros((50, 50), np.bool_)
    mask[2:4, 2:4] = True
    mask[20:30, 25:40] = True

    assert find_largest_part(mask).shape == (10, 15)
    assert find_largest_part(mask).all()


def test_a_hole_is_placed_on_no_forbidden_pixel() -> None:
    forbidden = np.ones((100, 100), np.bool_)
    forbidden[30:70, 30:70] = False
    shape = np.ones((30, 30), np.bool_)
    x, y = find_place(shape, forbidden, np.random.default_rng(1))

    assert not forbidden[y : y + 30, x : x + 30].any()
    assert (x, y) == find_place(shape, forbidden, np.random.default_rng(1))


def test_a_photo_without_allowed_pixels_has_no_place() -> None:
    with pytest.raises(LookupError):
        find_place(np.ones((9, 9), np.bool_), np.ones((99, 99), np.bool_), np.random.default_rng(1))


def test_the_written_places_have_unique_names() -> None:
    names = [one.name for one in read_places()]

    assert len(names) > 15
    assert len(set(names)) == len(names)
    assert {one.shape for one in read_places()} > {STROKES}


@pytest.mark.parametrize("one", read_places(), ids=lambda one: one.name)
def test_the_written_places_cover_no_labelled_object(one: Place, photos: Path) -> None:
    with Image.open(photos / one.photo) as photo:
        width, height = photo.size
    hole = one.build_hole(photos, (height, width))

    assert np.count_nonzero(hole) == pytest.approx(one.pixels, rel=0.5)
    for _label, x, y, wide, high in json.loads(LABELS.read_text())["photos"].get(one.photo, []):
        assert not hole[max(y, 0) : y + high, max(x, 0) : x + wide].any()
