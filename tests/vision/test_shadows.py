"""Shadows: of drawn objects, where the right answer is known to the pixel, and in real photos."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.canvas import picture_of
from tests.vision.objects import CASTS_NONE, SHADOWED
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
SKYLIT = (0.38, 0.4, 0.45)  # what a shadow leaves of red, green and blue light


def rectangle(box: Box, margin: int = 4) -> Polygon:
    """An outline around `box`."""
    left, top = box.x - margin, box.y - margin
    right, bottom = box.x + box.width + margin, box.y + box.height + margin
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def ground() -> NDArray[np.uint8]:
    """Grainy ground, a little darker to the left, and a blue object standing on it."""
    light = np.tile(np.linspace(0.9, 1.1, WIDTH)[None, :, None], (HEIGHT, 1, 1))
    grain = np.random.default_rng(3).normal(1, 0.05, (HEIGHT, WIDTH, 1))
    pixels = np.clip(np.array(GROUND) * light * grain, 0, 255).astype(np.uint8)
    return draw_object(pixels)


def draw_object(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    pixels[BOX.y : BOX.y + BOX.height, BOX.x : BOX.x + BOX.width] = (30, 50, 160)
    return pixels


def darkened(
    pixels: NDArray[np.uint8], corners: NDArray[np.int64], left: tuple[float, float, float]
) -> NDArray[np.uint8]:
    """`pixels` with so much of the light left between the corners, softly; the object on top."""
    inside = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.fillPoly(inside, [corners.astype(np.int32)], 1.0)
    share = cv2.GaussianBlur(inside, (0, 0), 1.5)[..., None]
    linear = (pixels / 255.0) ** 2.2 * (1 - share + share * np.array(left))
    return draw_object(np.rint(255 * linear ** (1 / 2.2)).astype(np.uint8))


def found(pixels: NDArray[Any], *others: Polygon) -> NDArray[np.bool_]:
    """[H,W]: the shadow of the object."""
    polygons = find_shadow(picture_of(pixels), BOX, [rectangle(BOX)], others)
    return from_polygons((HEIGHT, WIDTH), polygons) > 0


def drawn() -> NDArray[np.bool_]:
    """[H,W]: where the shadow lies, outside the outline."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(mask, [SHADOW.astype(np.int32)], 1)
    return (mask > 0) & ~(from_polygons((HEIGHT, WIDTH), [rectangle(BOX)]) > 0)


@pytest.mark.parametrize("kind", ["rgb", "16 bit", "grey"])
def test_a_cast_shadow_is_found_whole_and_little_more(kind: str) -> None:
    pixels = darkened(ground(), SHADOW, SKYLIT)
    canvases: dict[str, NDArray[Any]] = {
        "rgb": pixels,
        "16 bit": pixels.astype(np.uint16) * 257,
        "grey": cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None],
    }

    mask = found(canvases[kind])

    assert mask[drawn()].mean() > 0.97
    assert mask.sum() < 2.2 * drawn().sum()
    assert not mask[: BOX.y + BOX.height // 2].any()


def test_lit_ground_has_none() -> None:
    assert not found(ground()).any()


@pytest.mark.parametrize(
    ("corners", "left"),
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
def test_what_is_no_shadow_stays(
    corners: NDArray[np.int64], left: tuple[float, float, float]
) -> None:
    assert not found(darkened(ground(), corners, left)).any()


def test_ground_full_of_dark_patches_shows_no_shadow() -> None:
    pixels = darkened(ground(), SHADOW, SKYLIT)
    for x, y in ((90, 190), (110, 235), (240, 262), (170, 270)):
        patch = np.array([[x, y], [x + 40, y], [x + 45, y + 22], [x - 5, y + 22]])
        pixels = darkened(pixels, patch, SKYLIT)

    assert not found(pixels).any()


def test_a_gentle_dip_of_light_is_no_shadow() -> None:
    across, down = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    dip = np.exp(-((across - 215) ** 2 + (down - 215) ** 2) / (2 * 70**2))[..., None]
    pixels = draw_object(np.rint(ground() * (1 - 0.4 * dip)).astype(np.uint8))

    assert not found(pixels).any()


def test_the_edge_of_darker_ground_is_no_shadow() -> None:
    pixels = ground()
    edge = np.array([[150, 196], [300, 196], [300, 216], [150, 216]])
    beyond = np.array([[130, 150], [320, 150], [320, 204], [130, 204]])
    pixels = darkened(darkened(pixels, edge, SKYLIT), beyond, (0.05, 0.1, 0.3))

    assert not found(pixels).any()


def test_a_shadow_ends_where_another_object_begins() -> None:
    pixels = darkened(ground(), SHADOW, SKYLIT)
    other = rectangle(Box(250, 237, 60, 40), 0)

    mask = found(pixels, other)

    assert mask[225, 280]
    assert not (mask & (from_polygons((HEIGHT, WIDTH), [other]) > 0)).any()


def test_another_object_is_no_shadow() -> None:
    pixels = darkened(ground(), SHADOW, SKYLIT)
    other = Box(214, 180, 130, 70)

    assert not found(pixels, rectangle(other, 0)).any()


def test_an_object_that_the_pictures_rim_cuts_has_none() -> None:
    pixels = darkened(ground(), SHADOW, SKYLIT)[: BOX.y + BOX.height]

    assert find_shadow(picture_of(pixels), BOX, [rectangle(BOX)]) == []


@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(0, 0, 400, 299), Box(399, 0, 1, 100)])
def test_extreme_boxes_pass(box: Box) -> None:
    for ring in find_shadow(picture_of(ground()), box, [rectangle(box, 0)]):
        corners = np.array(ring)
        assert (corners >= 0).all()
        assert (corners <= (WIDTH, HEIGHT)).all()


@pytest.mark.parametrize("name", sorted(SHADOWED))
def test_shadows_in_real_photos(name: str, photos: Path, store: ModelStore) -> None:
    picture = decode(photos / name)
    found = LocalDetector(store).detect(picture)

    rings = [ring for one in find_outlines(picture, found, store) for ring in one.shadow]

    mask = from_polygons((picture.height, picture.width), rings)
    assert [point for point in SHADOWED[name] if not mask[point[1], point[0]]] == []


@pytest.mark.parametrize("name", CASTS_NONE)
def test_no_wrong_shadows_in_real_photos(name: str, photos: Path, store: ModelStore) -> None:
    picture = decode(photos / name)
    found = LocalDetector(store).detect(picture)

    assert [one.shadow for one in find_outlines(picture, found, store)] == [[]] * len(found)
