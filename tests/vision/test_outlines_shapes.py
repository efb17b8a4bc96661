"""Outlines of drawn objects, whose correct outline is known exactly."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.canvas import build_picture
from vision.detectors import Box, Detection
from vision.masks import from_polygons
from vision.outlines import Outline, find_outline
from vision.outlines.grabcut import cut_box
from vision.outlines.neighbours import find_own_part
from vision.outlines.object_crop import LONGEST_SIDE, ObjectCrop
from vision.outlines.shapes import (
    MOST_POINTS,
    draw_box,
    extend_downward,
    is_plausible,
    make_solid,
    trace_polygons,
)
from vision.weights import ModelStore

RNG_SEED = 7


@pytest.fixture
def empty_store(tmp_path: Path) -> ModelStore:
    """A store without any model."""
    return ModelStore(tmp_path)


def draw_disc(width: int, height: int, disc: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Draw a red disc (x, y, radius) on grainy green and return the pixels, [H,W,3]."""
    pixels = np.full((height, width, 3), (40, 140, 60), np.uint8)
    x, y, radius = disc
    cv2.circle(pixels, (x, y), radius, (200, 40, 40), cv2.FILLED)
    grain = np.random.default_rng(RNG_SEED).integers(-12, 13, pixels.shape)
    return np.clip(pixels + grain, 0, 255).astype(np.uint8)


def build_disc_mask(width: int, height: int, disc: tuple[int, int, int]) -> NDArray[np.bool_]:
    """Return the pixels of the disc of `draw_disc`, [H,W] bool."""
    mask = np.zeros((height, width), np.uint8)
    cv2.circle(mask, disc[:2], disc[2], 1, cv2.FILLED)
    return mask > 0


def build_detection(box: Box | None, label: str = "frisbee") -> Detection:
    """Return a detection at `box`."""
    return Detection(label, 0.9, box, (), "drawn")


def draw_outline(found_outline: Outline, width: int, height: int) -> NDArray[np.bool_]:
    """Return the pixels inside the outline, [H,W] bool."""
    return from_polygons((height, width), found_outline.polygons) > 0


@pytest.mark.parametrize("scale", [1, 6])
@pytest.mark.parametrize("kind", ["rgb", "alpha", "16 bit"])
def test_a_disc_is_cut_out_of_its_box(kind: str, scale: int, empty_store: ModelStore) -> None:
    width, height, disc = 300 * scale, 200 * scale, (150 * scale, 100 * scale, 50 * scale)
    pixels = draw_disc(width, height, disc)
    canvas = {
        "rgb": pixels,
        "alpha": np.concatenate([pixels, np.full_like(pixels[..., :1], 255)], axis=2),
        "16 bit": pixels.astype(np.uint16) * 257,
    }[kind]
    box = Box(98 * scale, 48 * scale, 104 * scale, 104 * scale)

    found_outline = find_outline(build_picture(canvas), build_detection(box), empty_store)

    mask, disc_area = (
        draw_outline(found_outline, width, height),
        build_disc_mask(width, height, disc),
    )
    assert found_outline.method == "grabcut"
    assert mask[disc_area].all()
    # The outline is dilated by 3 % of the box's diagonal and at most a few working pixels.
    assert mask.sum() < build_disc_mask(width, height, (*disc[:2], 58 * scale)).sum()


def test_the_outline_of_an_object_in_the_corner_reaches_the_edge(empty_store: ModelStore) -> None:
    picture = build_picture(draw_disc(1500, 1200, (0, 0, 600)))

    found_outline = find_outline(picture, build_detection(Box(0, 0, 605, 605)), empty_store)

    mask = draw_outline(found_outline, 1500, 1200)
    assert found_outline.method == "grabcut"
    assert mask[0, :600].all()
    assert mask[:600, 0].all()
    assert not mask[700:].any()


def test_an_outline_that_cannot_be_cut_out_is_the_box(empty_store: ModelStore) -> None:
    flat = build_picture(np.full((200, 300, 3), 90, np.uint8))

    found_outline = find_outline(flat, build_detection(Box(100, 50, 80, 60)), empty_store)

    assert found_outline == Outline(
        [[(98.0, 48.0), (182.0, 48.0), (182.0, 112.0), (98.0, 112.0)]], "box"
    )


def test_a_small_part_of_the_box_is_no_outline(empty_store: ModelStore) -> None:
    """GrabCut finds the disc, but the box says that the object is three times as wide."""
    picture = build_picture(draw_disc(400, 200, (80, 100, 40)))

    found_outline = find_outline(picture, build_detection(Box(38, 55, 260, 90)), empty_store)

    assert found_outline.method == "box"
    mask = draw_outline(found_outline, 400, 200)
    assert mask[55:145, 38:298].all()
    assert not mask[:, 320:].any()


@pytest.mark.parametrize(
    "box", [Box(0, 0, 1, 1), Box(299, 199, 1, 1), Box(0, 0, 300, 200), Box(10, 0, 1, 200)]
)
@pytest.mark.parametrize("label", ["frisbee", "person"])
def test_extreme_boxes_get_an_outline_inside_the_picture(
    box: Box, label: str, empty_store: ModelStore
) -> None:
    picture = build_picture(draw_disc(300, 200, (150, 100, 50)))

    found_outline = find_outline(picture, build_detection(box, label), empty_store)

    mask = draw_outline(found_outline, 300, 200)
    assert mask[box.y : box.y + box.height, box.x : box.x + box.width].any()
    corners = np.concatenate([np.array(contour) for contour in found_outline.polygons])
    assert (corners >= 0).all()
    assert (corners <= (300, 200)).all()


def test_a_label_without_a_place_has_no_outline(empty_store: ModelStore) -> None:
    with pytest.raises(ValueError, match="no box"):
        find_outline(
            build_picture(draw_disc(30, 20, (5, 5, 3))), build_detection(None), empty_store
        )


def test_cut_box_stays_inside_the_box() -> None:
    mask = cut_box(draw_disc(300, 200, (150, 100, 50)), Box(98, 48, 80, 104))

    assert mask is not None
    assert mask[100, 150]
    assert not mask[:, :96].any()
    assert not mask[:, 180:].any()


def test_cut_box_returns_none_when_nothing_surrounds_the_box() -> None:
    assert cut_box(draw_disc(30, 20, (15, 10, 5)), Box(0, 0, 30, 20)) is None


def test_solid_closes_gaps_fills_holes_and_drops_other_parts() -> None:
    shape = np.zeros((200, 200), np.bool_)
    shape[50:150, 50:150] = True
    shape[80:120, 80:120] = False  # a hole
    shape[50:150, 100:102] = False  # a gap
    shape[60:62, 170:172] = True  # a speck in the box
    shape[0:40, 0:40] = True  # another object, outside the box

    solid_shape = make_solid(shape, Box(48, 48, 130, 104))

    assert solid_shape[53:147, 50:150].all()
    assert 9_950 <= solid_shape.sum() <= 100 * 100  # a gap keeps rounded ends


def test_lengthened_goes_downward_only() -> None:
    shape = draw_box((100, 100), Box(20, 30, 10, 10))

    lengthened_shape = extend_downward(shape, 6.4)

    assert (lengthened_shape == draw_box((100, 100), Box(20, 30, 10, 16))).all()
    assert (extend_downward(shape, 0.3) == shape).all()


@pytest.mark.parametrize(
    ("label", "other", "is_cut"),
    [
        ("person", build_detection(Box(150, 50, 100, 100), "person"), True),
        ("car", build_detection(Box(150, 50, 100, 100), "bus"), True),
        ("person", build_detection(Box(150, 50, 100, 100), "dog"), False),
        ("frisbee", build_detection(Box(150, 50, 100, 100), "frisbee"), True),
        ("person", build_detection(Box(250, 50, 100, 100), "person"), False),
        ("person", build_detection(Box(120, 60, 60, 80), "person"), False),
        ("person", build_detection(None, "person"), False),
    ],
    ids=["overlaps", "alike", "another kind", "unknown kind", "apart", "within", "no place"],
)
def test_overlapping_objects_of_one_kind_are_divided(
    label: str, other: Detection, is_cut: bool
) -> None:
    box = Box(80, 50, 100, 100)
    window = ObjectCrop.from_box(build_picture(draw_disc(400, 200, (130, 100, 50))), box, 0.25)

    own = find_own_part(window, build_detection(box, label), [other])

    assert own.all() != is_cut
    left, top = window.area.x, window.area.y
    assert own[100 - top, 100 - left]
    assert bool(own[100 - top, 175 - left]) != is_cut


def test_a_plausible_outline_has_enough_area_and_span() -> None:
    box = Box(10, 10, 100, 50)

    def is_accepted(x: int, y: int, width: int, height: int) -> bool:
        return is_plausible(draw_box((100, 200), Box(x, y, width, height)), box)

    assert is_accepted(10, 10, 100, 50)
    assert is_accepted(12, 12, 75, 40)
    assert not is_accepted(10, 10, 60, 50), "spans too little of the width"
    assert not is_accepted(10, 10, 100, 30), "spans too little of the height"
    assert not is_accepted(120, 10, 50, 50), "lies elsewhere"
    frame = draw_box((100, 200), box) & ~draw_box((100, 200), Box(12, 12, 96, 46))
    assert not is_plausible(frame, box), "fills too little of the box"


def test_polygons_of_a_square_are_its_corners() -> None:
    (contour,) = trace_polygons(draw_box((100, 100), Box(0, 20, 100, 30)))

    assert len(contour) == 4
    assert contour[:, 0].min() == 0
    assert contour[:, 0].max() == 100
    assert contour[:, 1].min() == pytest.approx(20, abs=0.5)
    assert contour[:, 1].max() == pytest.approx(50, abs=0.6)


def test_polygons_of_a_ragged_shape_have_few_points() -> None:
    noise = np.random.default_rng(RNG_SEED).random((400, 400)) < 0.6
    comb = np.zeros((400, 400), np.bool_)
    comb[::4] = True
    comb[:, 200] = True

    for ragged in (noise, comb):
        contours = trace_polygons(ragged)
        assert 3 <= sum(len(contour) for contour in contours) <= MOST_POINTS


@pytest.mark.parametrize(
    ("box", "area"),
    [
        (Box(400, 300, 100, 60), Box(387, 267, 125, 125)),
        (Box(0, 0, 100, 60), Box(0, 0, 125, 125)),
        (Box(950, 650, 50, 150), Box(812, 612, 188, 188)),
        (Box(0, 0, 1000, 800), Box(0, 0, 1000, 800)),
    ],
)
def test_window_is_a_square_moved_into_the_picture(box: Box, area: Box) -> None:
    picture = build_picture(np.zeros((800, 1000, 1), np.uint8))

    window = ObjectCrop.from_box(picture, box, 0.25)

    assert window.area == area
    assert max(window.rgb.shape[:2]) == min(LONGEST_SIDE, max(area.width, area.height))
    left, top = window.to_picture(window.box.x, window.box.y)
    assert (left, top) == pytest.approx((box.x, box.y), abs=1 / window.scale)
    assert window.to_picture(0, 0) == (area.x, area.y)
    assert window.to_picture(window.rgb.shape[1], window.rgb.shape[0]) == (
        area.x + area.width,
        area.y + area.height,
    )
