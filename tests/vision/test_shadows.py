"""Shadows of drawn objects, which are known exactly, and in real photos."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.canvas import build_picture
from tests.vision.objects import PHOTOS_WITHOUT_SHADOWS, SHADOW_POINTS
from vision.detectors import Box
from vision.detectors.local import LocalDetector
from vision.images import decode
from vision.masks import Polygon, from_polygons
from vision.outlines import find_outlines
from vision.outlines.shadows import find_shadow
from vision.weights import ModelStore

WIDTH, HEIGHT = 400, 300
BOX = Box(180, 60, 40, 140)
SHADOW = np.array([[182, 196], [216, 196], [330, 226], [322, 240]])
GROUND = (150, 130, 100)
SKYLIT = (0.38, 0.4, 0.45)  # the share of red, green and blue light in a shadow


def build_outline(box: Box, margin: int = 4) -> Polygon:
    """Return a rectangular outline around `box`."""
    left, top = box.x - margin, box.y - margin
    right, bottom = box.x + box.width + margin, box.y + box.height + margin
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def build_ground() -> NDArray[np.uint8]:
    """Return grainy ground, a little darker to the left, with a blue object on it."""
    light = np.tile(np.linspace(0.9, 1.1, WIDTH)[None, :, None], (HEIGHT, 1, 1))
    grain = np.random.default_rng(3).normal(1, 0.05, (HEIGHT, WIDTH, 1))
    pixels = np.clip(np.array(GROUND) * light * grain, 0, 255).astype(np.uint8)
    return draw_object(pixels)


def draw_object(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    pixels[BOX.y : BOX.y + BOX.height, BOX.x : BOX.x + BOX.width] = (30, 50, 160)
    return pixels


def darken(
    pixels: NDArray[np.uint8], corners: NDArray[np.int64], light_left: tuple[float, float, float]
) -> NDArray[np.uint8]:
    """Return `pixels` with a soft shadow between the corners, and the object drawn again."""
    inside = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.fillPoly(inside, [corners.astype(np.int32)], 1.0)
    share = cv2.GaussianBlur(inside, (0, 0), 1.5)[..., None]
    linear = (pixels / 255.0) ** 2.2 * (1 - share + share * np.array(light_left))
    return draw_object(np.rint(255 * linear ** (1 / 2.2)).astype(np.uint8))


def find_shadow_mask(pixels: NDArray[Any], *others: Polygon) -> NDArray[np.bool_]:
    """Return the shadow that is found for the object, [H,W] bool."""
    polygons = find_shadow(build_picture(pixels), BOX, [build_outline(BOX)], others)
    return from_polygons((HEIGHT, WIDTH), polygons) > 0


def draw_shadow() -> NDArray[np.bool_]:
    """Return the pixels of the drawn shadow outside the outline, [H,W] bool."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(mask, [SHADOW.astype(np.int32)], 1)
    return (mask > 0) & ~(from_polygons((HEIGHT, WIDTH), [build_outline(BOX)]) > 0)


@pytest.mark.parametrize("kind", ["rgb", "16 bit", "grey"])
def test_a_cast_shadow_is_found_completely_and_little_more(kind: str) -> None:
    pixels = darken(build_ground(), SHADOW, SKYLIT)
    canvases: dict[str, NDArray[Any]] = {
        "rgb": pixels,
        "16 bit": pixels.astype(np.uint16) * 257,
        "grey": cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None],
    }

    mask = find_shadow_mask(canvases[kind])

    assert mask[draw_shadow()].mean() > 0.97
    assert mask.sum() < 2.2 * draw_shadow().sum()
    assert not mask[: BOX.y + BOX.height // 2].any()


def test_lit_ground_has_no_shadow() -> None:
    assert not find_shadow_mask(build_ground()).any()


@pytest.mark.parametrize(
    ("corners", "light_left"),
    [
        pytest.param(SHADOW, (0.15, 0.5, 0.15), id="a green mat"),
        pytest.param(SHADOW, (0.1, 0.25, 0.6), id="a blue mat"),
        pytest.param(SHADOW, (0.85, 0.86, 0.9), id="hardly darker"),
        pytest.param(SHADOW + np.array([60, 30]), SKYLIT, id="of something else, not attached"),
        pytest.param(
            SHADOW - np.array([0, 130]), SKYLIT, id="on a wall behind, at the height of the head"
        ),
        pytest.param(
            np.array([[0, 190], [400, 190], [400, 230], [0, 230]]), SKYLIT, id="a dark strip across"
        ),
        pytest.param(
            np.array([[0, 195], [400, 195], [400, 300], [0, 300]]), SKYLIT, id="darker ground"
        ),
        pytest.param(
            np.array([[100, 200], [300, 200], [300, 206], [100, 206]]), SKYLIT, id="a kerb behind"
        ),
        pytest.param(
            np.array([[190, 202], [200, 202], [200, 210], [190, 210]]), SKYLIT, id="a speck"
        ),
        pytest.param(SHADOW, (0.72, 0.72, 0.74), id="too faint to be sure"),
        pytest.param(
            np.array([[182, 196], [216, 196], [395, 204], [395, 290], [225, 290]]),
            SKYLIT,
            id="larger than the object could cast",
        ),
        pytest.param(
            np.array([[210, 190], [280, 120], [310, 120], [216, 204]]), SKYLIT, id="up a wall"
        ),
    ],
)
def test_dark_areas_that_are_no_shadow_are_ignored(
    corners: NDArray[np.int64], light_left: tuple[float, float, float]
) -> None:
    assert not find_shadow_mask(darken(build_ground(), corners, light_left)).any()


def test_ground_full_of_dark_patches_shows_no_shadow() -> None:
    pixels = darken(build_ground(), SHADOW, SKYLIT)
    for x, y in ((90, 190), (110, 235), (240, 262), (170, 270)):
        patch = np.array([[x, y], [x + 40, y], [x + 45, y + 22], [x - 5, y + 22]])
        pixels = darken(pixels, patch, SKYLIT)

    assert not find_shadow_mask(pixels).any()


def test_a_gentle_dip_of_light_is_no_shadow() -> None:
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    dip = np.exp(-((columns - 215) ** 2 + (rows - 215) ** 2) / (2 * 70**2))[..., None]
    pixels = draw_object(np.rint(build_ground() * (1 - 0.4 * dip)).astype(np.uint8))

    assert not find_shadow_mask(pixels).any()


def test_the_edge_of_darker_ground_is_no_shadow() -> None:
    pixels = build_ground()
    edge = np.array([[150, 196], [300, 196], [300, 216], [150, 216]])
    beyond = np.array([[130, 150], [320, 150], [320, 204], [130, 204]])
    pixels = darken(darken(pixels, edge, SKYLIT), beyond, (0.05, 0.1, 0.3))

    assert not find_shadow_mask(pixels).any()


def test_a_shadow_ends_where_another_object_begins() -> None:
    pixels = darken(build_ground(), SHADOW, SKYLIT)
    other = build_outline(Box(250, 237, 60, 40), 0)

    mask = find_shadow_mask(pixels, other)

    assert mask[225, 280]
    assert not (mask & (from_polygons((HEIGHT, WIDTH), [other]) > 0)).any()


def test_another_object_is_no_shadow() -> None:
    pixels = darken(build_ground(), SHADOW, SKYLIT)
    other = Box(214, 180, 130, 70)

    assert not find_shadow_mask(pixels, build_outline(other, 0)).any()


def test_an_object_cut_by_the_picture_s_edge_has_no_shadow() -> None:
    pixels = darken(build_ground(), SHADOW, SKYLIT)[: BOX.y + BOX.height]

    assert find_shadow(build_picture(pixels), BOX, [build_outline(BOX)]) == []


@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(0, 0, 400, 299), Box(399, 0, 1, 100)])
def test_extreme_boxes_are_accepted(box: Box) -> None:
    for polygon in find_shadow(build_picture(build_ground()), box, [build_outline(box, 0)]):
        corners = np.array(polygon)
        assert (corners >= 0).all()
        assert (corners <= (WIDTH, HEIGHT)).all()


@pytest.mark.parametrize("name", sorted(SHADOW_POINTS))
def test_shadows_in_real_photos_are_found(name: str, photos: Path, store: ModelStore) -> None:
    picture = decode(photos / name)
    detections = LocalDetector(store).detect(picture)

    polygons = [
        polygon
        for found_outline in find_outlines(picture, detections, store)
        for polygon in found_outline.shadow
    ]

    mask = from_polygons((picture.height, picture.width), polygons)
    assert [point for point in SHADOW_POINTS[name] if not mask[point[1], point[0]]] == []


@pytest.mark.parametrize("name", PHOTOS_WITHOUT_SHADOWS)
def test_no_shadow_is_found_in_real_photos_without_one(
    name: str, photos: Path, store: ModelStore
) -> None:
    picture = decode(photos / name)
    detections = LocalDetector(store).detect(picture)

    assert [
        found_outline.shadow for found_outline in find_outlines(picture, detections, store)
    ] == [[]] * len(detections)
