"""What a picture that was sent as a mask marks, or why that is refused."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests import images
from tests.mask_pictures import (
    INSIDE,
    SHAPE,
    build_photo,
    check_refused,
    cut_hole,
    fill_box,
    read_pixels,
)
from vision.images import DEFAULT_LIMITS
from vision.mask_reading import MaskFile, read_mask


@pytest.mark.parametrize("convention", ["white", "auto"])
@pytest.mark.parametrize("mode", ["colour", "grey"])
def test_a_photo_with_a_transparent_part_marks_that_part(convention: str, mode: str) -> None:
    photo = cut_hole(build_photo())
    reading = read_pixels(photo if mode == "colour" else photo[:, :, [0, 3]], convention)
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
    assert reading.convention == "transparent"
    assert "photo with a transparent part" in reading.notes[0]


def test_a_photo_keeps_the_colours_in_its_transparent_part() -> None:
    photo = np.dstack([build_photo(), np.where(INSIDE, 0, 255)]).astype(np.uint8)
    np.testing.assert_array_equal(read_pixels(photo).pixels == 255, INSIDE)


def test_a_soft_transparent_edge_is_marked_completely() -> None:
    alpha = np.full(SHAPE, 255, np.uint8)
    alpha[9:31, 19:41] = 250
    alpha[INSIDE] = 0
    reading = read_pixels(np.dstack([build_photo(), alpha]))
    assert np.count_nonzero(reading.pixels) == 22 * 22


@pytest.mark.parametrize("convention", ["white", "black", "auto"])
def test_a_photo_is_refused(convention: str) -> None:
    check_refused(build_photo(), "mask_unclear", match="like a photo", convention=convention)
    grey = build_photo()[:, :, 0]
    check_refused(grey, "mask_unclear", match=r"\d+ greys: .* more", convention=convention)


@pytest.mark.parametrize("convention", ["white", "auto"])
def test_an_object_cut_out_of_a_photo_is_refused(convention: str) -> None:
    cutout = cut_hole(build_photo(), ~INSIDE)
    check_refused(cutout, "mask_unclear", match="100% of its edge", convention=convention)
    assert read_pixels(cutout, "transparent").convention == "transparent"


@pytest.mark.parametrize("ground", [0, 255])
def test_an_object_on_black_or_white_is_refused(ground: int) -> None:
    scene = images.build_scene(60, 40)
    check_refused(
        np.where(INSIDE[:, :, None], scene, ground).astype(np.uint8),
        "mask_unclear",
        match="colours, like a photo",
    )
    grey = scene[:, :, 1]
    check_refused(np.where(INSIDE, grey, ground).astype(np.uint8), "mask_unclear", match="greys")


def test_a_wide_fade_between_two_values_is_marked_completely() -> None:
    hard = Image.new("L", (300, 200))
    ImageDraw.Draw(hard).ellipse((80, 40, 220, 160), fill=255)
    soft = np.array(hard.filter(ImageFilter.GaussianBlur(5)))
    reading = read_mask(MaskFile(images.encode_pixels(soft, "PNG")), (200, 300))
    np.testing.assert_array_equal(reading.pixels > 0, soft > 0)


def test_a_gradient_is_refused() -> None:
    across = np.linspace(0, 255, 60).astype(np.uint8)[None].repeat(40, axis=0)
    check_refused(across, "mask_unclear", match="greys")
    steps = (np.arange(60) // 5 * 20).astype(np.uint8)[None].repeat(40, axis=0)
    check_refused(steps, "mask_unclear", match="12 greys")


@pytest.mark.parametrize(("light", "dark"), [(1, 0), (255, 0), (200, 90), (2, 1), (38, 7)])
def test_two_greys_are_a_mask_whatever_they_are(light: int, dark: int) -> None:
    reading = read_pixels(fill_box(light, dark))
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
    assert (reading.convention, reading.notes) == ("white", ())


@pytest.mark.parametrize("values", [(1, 0), (40_000, 30_000)])
def test_two_greys_of_16_bits_are_a_mask(values: tuple[int, int]) -> None:
    pixels = np.where(INSIDE, *values).astype(np.uint16)[:, :, None]
    reading = read_mask(MaskFile(images.build_16_bit_png(pixels)), SHAPE)
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)


@pytest.mark.parametrize(
    ("brush", "ground"),
    [
        ((255, 0, 0), (0, 0, 0)),
        ((0, 0, 255), (0, 0, 0)),
        ((255, 0, 0, 120), (0, 0, 0, 0)),
        ((255, 0, 0, 120), (255, 255, 255, 0)),
        ((0, 200, 0, 30), (0, 0, 0, 255)),
        ((255, 255, 255, 255), (255, 255, 255, 0)),
        ((255, 255, 255, 200), (0, 0, 0, 255)),
    ],
)
def test_a_brush_of_any_colour_marks(brush: tuple[int, ...], ground: tuple[int, ...]) -> None:
    np.testing.assert_array_equal(read_pixels(fill_box(brush, ground)).pixels == 255, INSIDE)


def test_brushes_of_two_colours_mark_both() -> None:
    pixels = fill_box((255, 0, 0, 120), (0, 0, 0, 0))
    pixels[2:6, 2:6] = (0, 255, 0, 120)
    assert np.count_nonzero(read_pixels(pixels).pixels) == 20 * 20 + 16


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_a_soft_edge_is_marked_completely(mode: str) -> None:
    large = Image.new("L", (600, 400))
    ImageDraw.Draw(large).ellipse((150, 80, 450, 320), fill=255)
    soft = np.array(large.resize(SHAPE[::-1], Image.Resampling.BOX))
    pixels = soft if mode == "L" else np.dstack([np.full((*SHAPE, 3), (255, 0, 90)), soft])
    np.testing.assert_array_equal(read_pixels(pixels.astype(np.uint8)).pixels > 0, soft > 0)


def test_the_noise_of_a_jpeg_is_not_marked() -> None:
    mask = fill_box(255, 0)
    data = images.encode_pixels(mask, "JPEG", quality=40)
    noisy = np.array(Image.open(io.BytesIO(data)).convert("L"))
    assert np.count_nonzero(noisy[~INSIDE]) > 20
    for file in (data, images.encode_pixels(noisy, "PNG")):
        np.testing.assert_array_equal(read_mask(MaskFile(file), SHAPE).pixels == 255, INSIDE)


@pytest.mark.parametrize("colours", [((255, 0, 0), (255, 255, 255)), ((0, 0, 90), (90, 200, 90))])
def test_a_coloured_brush_on_a_light_ground_is_refused(colours: tuple[object, object]) -> None:
    pixels = fill_box(*colours)
    check_refused(pixels, "mask_unclear", match="mask_convention=black")
    for convention in ("black", "auto"):
        reading = read_pixels(pixels, convention)
        np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
        assert reading.convention == "black"


def test_black_marks_dark_pixels() -> None:
    reading = read_pixels(fill_box(0, 255), "black")
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
    assert (reading.convention, reading.notes) == ("black", ())
    strokes = read_pixels(fill_box((0, 0, 0, 255), (0, 0, 0, 0)), "black")
    np.testing.assert_array_equal(strokes.pixels == 255, INSIDE)


def test_auto_does_not_mark_the_edge() -> None:
    for pixels, taken in ((fill_box(0, 255), "black"), (fill_box(255, 0), "white")):
        reading = read_pixels(pixels, "auto")
        np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
        assert reading.convention == taken


def test_a_light_ground_is_marked_with_a_note() -> None:
    reading = read_pixels(fill_box(0, 255))
    np.testing.assert_array_equal(reading.pixels == 255, ~INSIDE)
    assert "send another mask_convention" in reading.notes[0]


def test_a_light_ground_with_a_transparent_part_is_refused() -> None:
    pixels = fill_box((255, 255, 255, 0), (255, 255, 255, 255))
    check_refused(pixels, "mask_unclear", match="opaque and light.*mask_convention=transparent")
    for convention in ("transparent", "auto"):
        reading = read_pixels(pixels, convention)
        np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
        assert reading.convention == "transparent"


def test_a_black_ground_with_a_transparent_part_marks_that_part() -> None:
    reading = read_pixels(fill_box((0, 0, 0, 0), (0, 0, 0, 255)))
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
    assert reading.convention == "transparent"


def test_transparent_needs_a_transparent_part() -> None:
    check_refused(fill_box(255, 0), "mask_empty", match="no transparent", convention="transparent")


@pytest.mark.parametrize("size", [(30, 20), (120, 80), (20, 13), (41, 27)])
def test_a_mask_of_the_same_shape_is_scaled_with_a_note(size: tuple[int, int]) -> None:
    width, height = size
    small = np.zeros((height, width), np.uint8)
    small[height // 4 : height // 4 * 3, width // 3 : width // 3 * 2] = 255
    reading = read_pixels(small)
    assert reading.pixels.shape == SHAPE
    assert set(np.unique(reading.pixels)) == {0, 255}
    assert reading.pixels.mean() == pytest.approx(small.mean(), rel=0.15)
    assert reading.notes == (
        f"The mask was scaled from {width} x {height} pixels to the photo's 60 x 40.",
    )


@pytest.mark.parametrize("size", [(40, 60), (60, 60), (59, 40), (121, 60)])
def test_a_mask_of_another_shape_is_refused_with_both_sizes(size: tuple[int, int]) -> None:
    width, height = size
    match = f"{width} x {height} pixels, the picture 60 x 40"
    check_refused(np.zeros((height, width), np.uint8), "mask_wrong_size", match=match)


@pytest.mark.parametrize("mode", ["L", "P"])
def test_a_mask_may_be_as_large_as_its_photo(mode: str) -> None:
    width = DEFAULT_LIMITS.max_side + 1
    target = io.BytesIO()
    Image.new(mode, (width, 2), 1 if mode == "P" else 255).save(target, "PNG")
    marked = read_mask(MaskFile(target.getvalue(), value=1 if mode == "P" else 255), (2, width))
    assert marked.pixels.all()
