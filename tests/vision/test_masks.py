"""Masks: building, growing, feathering, checking."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests import bad_images, images
from vision import masks
from vision.errors import MaskRejected
from vision.images import decode

SHAPE = (40, 60)


def test_boxes_are_clipped_to_the_picture() -> None:
    mask = masks.from_boxes(SHAPE, [(2, 3, 4, 5), (55, -3, 50, 6), (-9, 0, 3, 3)])
    expected = np.zeros(SHAPE, np.uint8)
    expected[3:8, 2:6] = 255
    expected[:3, 55:] = 255
    np.testing.assert_array_equal(mask, expected)


def list_corners(x: float, y: float, width: float, height: float) -> masks.Polygon:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(
    "box", [(10, 10, 20, 16), (0, 0, 60, 40), (59, 39, 1, 1), (7, 3, 1, 30), (-5, 30, 20, 20)]
)
def test_a_box_as_a_polygon_is_exactly_the_box(box: tuple[int, int, int, int], turn: int) -> None:
    mask = masks.from_polygons(SHAPE, [list_corners(*box)[::turn]])
    np.testing.assert_array_equal(mask, masks.from_boxes(SHAPE, [box]))


def test_a_polygon_covers_the_pixels_whose_centres_are_inside() -> None:
    random = np.random.default_rng(6)
    angles = np.sort(random.uniform(0, 2 * np.pi, 17))
    radii = random.uniform(4, 32, 17)
    polygon = np.stack([30 + radii * np.cos(angles), 20 + radii * np.sin(angles)], axis=1)
    expected = np.array(
        [
            [cv2.pointPolygonTest(polygon.astype(np.float32), (x + 0.5, y + 0.5), False) > 0
             for x in range(60)]
            for y in range(40)
        ]
    )  # fmt: skip
    mask = masks.from_polygons(SHAPE, [[(float(x), float(y)) for x, y in polygon]])
    np.testing.assert_array_equal(mask > 0, expected)
    assert 100 < np.count_nonzero(mask) < 2000


def test_polygons_that_share_an_edge_have_no_overlap_and_no_gap() -> None:
    middle = (23.7, 17.3)
    rim = list_corners(0, 0, 60, 40)
    parts = [masks.from_polygons(SHAPE, [[rim[i], rim[(i + 1) % 4], middle]]) > 0 for i in range(4)]
    assert (np.sum(parts, axis=0) == 1).all()


def test_a_polygon_that_crosses_itself_has_no_hole() -> None:
    polygon = [*list_corners(10, 5, 20, 20), (10, 5), *list_corners(15, 10, 10, 10), (15, 10)]
    np.testing.assert_array_equal(
        masks.from_polygons(SHAPE, [polygon]), masks.from_boxes(SHAPE, [(10, 5, 20, 20)])
    )


@pytest.mark.parametrize("polygon", [[], [(3.0, 3.0)], [(3.0, 3.0), (30.0, 20.0)]])
def test_a_polygon_without_area_is_empty(polygon: masks.Polygon) -> None:
    assert not masks.from_polygons(SHAPE, [polygon]).any()


def test_polygons_that_overlap_are_united() -> None:
    square = [(10.0, 5.0), (20.0, 5.0), (20.0, 15.0), (10.0, 15.0)]
    moved = [(x + 5, y) for x, y in square]
    united = masks.from_polygons(SHAPE, [square, moved])
    combined = masks.combine(*(masks.from_polygons(SHAPE, [one]) for one in (square, moved)))
    np.testing.assert_array_equal(united, combined)


def test_polygons_are_clipped_to_the_picture() -> None:
    mask = masks.from_polygons(
        SHAPE, [[(-100.0, -100.0), (500.0, -100.0), (500.0, 20.0), (-100.0, 20.0)]]
    )
    assert (mask[:20] == 255).all()
    assert not mask[20:].any()


@pytest.mark.parametrize("pixels", [1, 2, 7])
def test_a_mask_grows_by_the_given_radius(pixels: int) -> None:
    mask = masks.from_boxes(SHAPE, [(30, 20, 1, 1)])
    rows, columns = np.indices(SHAPE)
    expected = (rows - 20) ** 2 + (columns - 30) ** 2 <= pixels**2
    np.testing.assert_array_equal(masks.grow(mask, pixels) == 255, expected)


def test_growing_by_0_and_growing_an_empty_mask_change_nothing() -> None:
    mask = masks.from_boxes(SHAPE, [(0, 0, 5, 5), (58, 38, 2, 2)])
    np.testing.assert_array_equal(masks.grow(mask, 0), mask)
    assert not masks.grow(np.zeros(SHAPE, np.uint8), 9).any()
    assert masks.grow(mask, 3)[36, 56] == 255


def test_growing_does_not_change_its_argument() -> None:
    mask = masks.from_boxes(SHAPE, [(30, 20, 1, 1)])
    masks.grow(mask, 5)
    assert np.count_nonzero(mask) == 1


def test_feathered_alpha_rises_inward_and_stays_inside_the_mask() -> None:
    mask = masks.from_boxes(SHAPE, [(10, 10, 30, 20)])
    alpha = masks.feather(mask, 4)
    assert not alpha[mask == 0].any()
    assert alpha[20, 10:16].tolist() == [51, 102, 153, 204, 255, 255]
    np.testing.assert_array_equal(masks.feather(mask, 0), mask)


def test_feathering_leaves_a_hard_edge_at_the_picture_s_edge() -> None:
    alpha = masks.feather(masks.from_boxes(SHAPE, [(0, 10, 30, 20)]), 4)
    assert (alpha[20, :20] == 255).all()


@pytest.mark.parametrize(
    ("mask", "code"),
    [
        (np.zeros(SHAPE, np.uint8), "mask_empty"),
        (np.full(SHAPE, 255, np.uint8), "mask_covers_everything"),
        (np.full((60, 40), 255, np.uint8), "mask_wrong_size"),
        (np.zeros((40, 60, 1), np.uint8), "mask_wrong_size"),
    ],
)
def test_an_unusable_mask_is_rejected(mask: masks.Mask, code: str) -> None:
    with pytest.raises(MaskRejected) as caught:
        masks.check(mask, SHAPE)
    assert caught.value.code == code
    assert caught.value.user_can_fix


def test_a_usable_mask_is_accepted() -> None:
    masks.check(masks.from_boxes(SHAPE, [(0, 0, 60, 39)]), SHAPE)


def test_a_mask_survives_writing_and_reading_png() -> None:
    mask = masks.from_boxes(SHAPE, [(3, 4, 20, 9)])
    np.testing.assert_array_equal(masks.from_png(masks.to_png(mask), width=60, height=40), mask)


LIGHT = np.indices(SHAPE)[1] >= 30


@pytest.mark.parametrize(
    "pixels",
    [
        pytest.param(np.where(LIGHT, 200, 90).astype(np.uint8), id="grey"),
        pytest.param(LIGHT, id="1 bit"),
        pytest.param(
            np.where(LIGHT[:, :, None], [255, 250, 240], [255, 0, 0]).astype(np.uint8), id="rgb"
        ),
        pytest.param(
            np.where(LIGHT[:, :, None], [255, 255, 255, 255], [255, 255, 255, 0]).astype(np.uint8),
            id="white brush on nothing",
        ),
        pytest.param(
            np.where(LIGHT[:, :, None], [255, 255, 255, 200], [0, 0, 0, 255]).astype(np.uint8),
            id="white on black, opaque",
        ),
    ],
)
def test_light_and_opaque_pixels_are_selected(pixels: images.Pixels) -> None:
    mask = masks.from_png(images.encode_pixels(pixels, "PNG"), width=60, height=40)
    np.testing.assert_array_equal(mask, np.where(LIGHT, 255, 0))
    assert mask.dtype == np.uint8


def test_a_16_bit_mask_is_read() -> None:
    pixels = np.where(LIGHT, 40_000, 30_000).astype(np.uint16)[:, :, None]
    mask = masks.from_png(images.build_16_bit_png(pixels), width=60, height=40)
    np.testing.assert_array_equal(mask == 255, LIGHT)


def build_soft_disc(width: float) -> NDArray[np.uint8]:
    """Return [200,200] uint8: a disc whose edge is a slope of so many pixels."""
    down, across = np.mgrid[:200, :200]
    distance = np.hypot(down - 100, across - 100)
    share = np.clip((60 - distance) / width + 0.5, 0, 1)
    return np.asarray(np.rint(share * 255), np.uint8)


@pytest.mark.parametrize("mode", ["grey", "alpha", "16 bits"])
@pytest.mark.parametrize("width", [1, 2, 8])
def test_a_soft_mask_marks_every_pixel_it_touches(width: float, mode: str) -> None:
    levels = build_soft_disc(width)
    if mode == "16 bits":
        data = images.build_16_bit_png(levels[:, :, np.newaxis].astype(np.uint16) * 257)
    else:
        white = np.full((200, 200, 3), 255, np.uint8)
        pixels = np.dstack([white, levels]) if mode == "alpha" else levels
        data = images.encode_pixels(pixels, "PNG")
    mask = masks.from_png(data, width=200, height=200)
    np.testing.assert_array_equal(mask == 255, levels > 0)


def build_compressed_disc() -> NDArray[np.uint8]:
    """Return a hard disc that was once stored as a JPEG: nearly white, nearly black, and noise."""
    data = images.encode_pixels(build_soft_disc(0.01), "JPEG", quality=80)
    return np.asarray(decode(data).pixels[:, :, 0], np.uint8)


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param(cv2.GaussianBlur(build_soft_disc(60), (0, 0), 20), id="probabilities"),
        pytest.param(
            np.where(build_soft_disc(1) == 255, np.uint8(255), build_soft_disc(200) // 80 * 60),
            id="labels",
        ),
        pytest.param(build_compressed_disc(), id="noise of a compression"),
    ],
)
def test_a_mask_that_is_grey_elsewhere_than_at_edges_marks_its_light_half(
    levels: NDArray[np.uint8],
) -> None:
    assert ((levels > 0) & (levels < 128)).sum() > 50
    mask = masks.from_png(images.encode_pixels(levels, "PNG"), width=200, height=200)
    np.testing.assert_array_equal(mask == 255, levels >= 128)


def test_a_mask_that_was_stored_with_loss_marks_its_light_half() -> None:
    data = images.encode_pixels(build_soft_disc(8), "JPEG", quality=95)
    levels = decode(data).pixels[:, :, 0]
    np.testing.assert_array_equal(masks.from_png(data, width=200, height=200) == 255, levels >= 128)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage",
        bad_images.SVG,
        images.build_png(60, 40)[:500],
        bad_images.build_png_with_false_size(60_000, 60_000),
    ],
)
def test_an_unreadable_mask_is_rejected(data: bytes) -> None:
    with pytest.raises(MaskRejected) as caught:
        masks.from_png(data, width=60, height=40)
    assert caught.value.code == "mask_unreadable"


def test_the_error_for_a_wrong_size_names_both_sizes() -> None:
    with pytest.raises(MaskRejected, match="60 x 40 pixels, the picture 40 x 60") as caught:
        masks.from_png(images.build_png(60, 40), width=40, height=60)
    assert caught.value.code == "mask_wrong_size"


def test_the_bounding_box_encloses_all_marked_pixels() -> None:
    assert masks.find_bounding_box(masks.from_boxes(SHAPE, [(3, 4, 5, 6), (20, 8, 2, 9)])) == (
        3,
        4,
        19,
        13,
    )
    assert masks.find_bounding_box(np.zeros(SHAPE, np.uint8)) is None


@pytest.mark.parametrize("pixels", [1, 7, 60])
def test_processing_in_strips_gives_the_same_result(
    pixels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(pixels)
    mask = np.where(rng.random((400, 90)) < 0.004, 255, 0).astype(np.uint8)
    nearly_full = np.where(rng.random((400, 90)) < 0.996, 255, 0).astype(np.uint8)
    whole = masks.grow(mask, pixels), masks.feather(nearly_full, pixels)
    monkeypatch.setattr(masks, "_STRIP_PIXELS", 90)
    np.testing.assert_array_equal(masks.grow(mask, pixels), whole[0])
    np.testing.assert_array_equal(masks.feather(nearly_full, pixels), whole[1])
