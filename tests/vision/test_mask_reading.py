"""What a picture that was sent as a mask marks, or why that is refused."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests import images
from tests.images import Pixels
from vision.errors import MaskRejected
from vision.mask_reading import MaskFile, MaskReading, read_mask

SHAPE = (40, 60)
BOX = (slice(10, 30), slice(20, 40))
INSIDE = np.zeros(SHAPE, bool)
INSIDE[BOX] = True


def read(
    pixels: Pixels, convention: str = "white", value: int | None = None, *, name: str = "PNG"
) -> MaskReading:
    data = images.encode_pixels(pixels, name)
    return read_mask(MaskFile(data, convention, value), SHAPE)


def fill(inside: object, outside: object) -> Pixels:
    """Return pixels of uint8 with one value or colour in the box, and another around it."""
    within, around = (np.array(value, np.uint8) for value in (inside, outside))
    return np.where(INSIDE.reshape(*SHAPE, *[1] * within.ndim), within, around)


def build_photo(seed: int = 2) -> Pixels:
    """Return a noisy photo with a red thing, [40,60,3]."""
    noise = np.random.default_rng(seed).normal(0, 8, (*SHAPE, 3))
    photo = np.clip(124 + noise, 0, 255).astype(np.uint8)
    photo[12:28, 22:38] = (200, 30, 30)
    return photo


def cut_hole(photo: Pixels, hole: Pixels = INSIDE) -> Pixels:
    """Return the photo with an alpha that is 0 in the hole, whose colours are gone."""
    return np.dstack([np.where(hole[:, :, None], 0, photo), np.where(hole, 0, 255)]).astype(
        np.uint8
    )


def encode_palette(numbers: Pixels, palette: list[int], **options: object) -> bytes:
    picture = Image.fromarray(numbers.astype(np.uint8), "P")
    picture.putpalette(palette)
    stream = io.BytesIO()
    picture.save(stream, "PNG", **options)  # type: ignore[arg-type]
    return stream.getvalue()


def check_refused(pixels: Pixels, code: str, *, match: str, convention: str = "white") -> None:
    with pytest.raises(MaskRejected, match=match) as caught:
        read(pixels, convention)
    assert caught.value.code == code


@pytest.mark.parametrize("convention", ["white", "auto"])
@pytest.mark.parametrize("mode", ["colour", "grey"])
def test_a_photo_with_a_transparent_part_marks_that_part(convention: str, mode: str) -> None:
    photo = cut_hole(build_photo())
    reading = read(photo if mode == "colour" else photo[:, :, [0, 3]], convention)
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
    assert reading.convention == "transparent"
    assert "photo with a transparent part" in reading.notes[0]


def test_a_photo_keeps_the_colours_in_its_transparent_part() -> None:
    photo = np.dstack([build_photo(), np.where(INSIDE, 0, 255)]).astype(np.uint8)
    np.testing.assert_array_equal(read(photo).pixels == 255, INSIDE)


def test_a_soft_transparent_edge_is_marked_completely() -> None:
    alpha = np.full(SHAPE, 255, np.uint8)
    alpha[9:31, 19:41] = 250
    alpha[BOX] = 0
    reading = read(np.dstack([build_photo(), alpha]))
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
    assert read(cutout, "transparent").convention == "transparent"


def test_a_gradient_is_refused() -> None:
    across = np.linspace(0, 255, 60).astype(np.uint8)[None].repeat(40, axis=0)
    check_refused(across, "mask_unclear", match="greys")
    steps = (np.arange(60) // 5 * 20).astype(np.uint8)[None].repeat(40, axis=0)
    check_refused(steps, "mask_unclear", match="12 greys")


@pytest.mark.parametrize(("light", "dark"), [(1, 0), (255, 0), (200, 90), (2, 1), (38, 7)])
def test_two_greys_are_a_mask_whatever_they_are(light: int, dark: int) -> None:
    reading = read(fill(light, dark))
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
    np.testing.assert_array_equal(read(fill(brush, ground)).pixels == 255, INSIDE)


def test_brushes_of_two_colours_mark_both() -> None:
    pixels = fill((255, 0, 0, 120), (0, 0, 0, 0))
    pixels[2:6, 2:6] = (0, 255, 0, 120)
    assert np.count_nonzero(read(pixels).pixels) == 20 * 20 + 16


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_a_soft_edge_is_marked_completely(mode: str) -> None:
    large = Image.new("L", (600, 400))
    ImageDraw.Draw(large).ellipse((150, 80, 450, 320), fill=255)
    soft = np.array(large.resize(SHAPE[::-1], Image.Resampling.BOX))
    pixels = soft if mode == "L" else np.dstack([np.full((*SHAPE, 3), (255, 0, 90)), soft])
    np.testing.assert_array_equal(read(pixels.astype(np.uint8)).pixels > 0, soft > 0)


def test_the_noise_of_a_jpeg_is_not_marked() -> None:
    mask = fill(255, 0)
    data = images.encode_pixels(mask, "JPEG", quality=40)
    noisy = np.array(Image.open(io.BytesIO(data)).convert("L"))
    assert np.count_nonzero(noisy[~INSIDE]) > 20
    for file in (data, images.encode_pixels(noisy, "PNG")):
        np.testing.assert_array_equal(read_mask(MaskFile(file), SHAPE).pixels == 255, INSIDE)


def build_labels() -> Pixels:
    """Return numbers as in Pascal VOC: 0 ground, 1 and 15 objects, 255 the void around one."""
    labels = np.zeros(SHAPE, np.uint8)
    labels[9:31, 19:41] = 255
    labels[BOX] = 15
    labels[2:8, 2:8] = 1
    return labels


PALETTES = {
    "grey": None,
    "VOC": [0, 0, 0, 128, 0, 0, 0, 128, 0] + [0, 64, 128] * 252 + [224, 224, 192],
    "black": [0, 0, 0] * 256,
    "any colours": [120, 120, 120, 4, 200, 3] + [9, 9, 200] * 253 + [230, 1, 2],
}


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())
def test_all_labels_but_0_are_marked_or_the_one_that_is_chosen(palette: list[int] | None) -> None:
    labels = build_labels()
    data = encode_palette(labels, palette) if palette else images.encode_pixels(labels, "PNG")
    np.testing.assert_array_equal(read_mask(MaskFile(data), SHAPE).pixels > 0, labels > 0)
    chosen = read_mask(MaskFile(data, value=15), SHAPE)
    np.testing.assert_array_equal(chosen.pixels > 0, INSIDE)
    assert chosen.convention == "label"


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_labels_of_few_bits_keep_their_numbers(bits: int) -> None:
    numbers = INSIDE.astype(np.uint8)
    data = encode_palette(numbers, [0, 0, 0, 128, 0, 0], bits=bits)
    np.testing.assert_array_equal(read_mask(MaskFile(data, value=1), SHAPE).pixels > 0, INSIDE)


def test_labels_of_16_bits_are_read() -> None:
    labels = np.where(INSIDE, 1000, 0).astype(np.uint16)
    labels[2:8, 2:8] = 3
    data = images.build_16_bit_png(labels[:, :, None])
    np.testing.assert_array_equal(read_mask(MaskFile(data), SHAPE).pixels > 0, labels > 0)
    np.testing.assert_array_equal(read_mask(MaskFile(data, value=1000), SHAPE).pixels > 0, INSIDE)


@pytest.mark.parametrize("palette", [[0, 0, 0, 255, 255, 255], [255, 255, 255, 0, 0, 0]])
def test_a_palette_of_black_and_white_is_read_by_its_greys(palette: list[int]) -> None:
    numbers = INSIDE if palette[0] == 0 else ~INSIDE
    reading = read_mask(MaskFile(encode_palette(numbers, palette)), SHAPE)
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)


def test_an_absent_label_is_refused_with_the_labels_there_are() -> None:
    with pytest.raises(MaskRejected, match=r"value 7\. Found: 0, 1, 15, 255") as caught:
        read(build_labels(), value=7)
    assert caught.value.code == "mask_value_absent"
    with pytest.raises(MaskRejected, match="only in a label mask"):
        read(build_photo(), value=7)
    with pytest.raises(MaskRejected, match="only in a label mask"):
        read(fill(15, 0), value=15, name="JPEG")


def test_labels_that_cover_the_edge_are_refused() -> None:
    labels = build_labels()
    labels[labels == 0] = 3
    labels[20:22, 25:30] = 0
    check_refused(labels, "mask_unclear", match="labels?|greys.*0, 1, 3, 15, 255")


@pytest.mark.parametrize("colours", [((255, 0, 0), (255, 255, 255)), ((0, 0, 90), (90, 200, 90))])
def test_a_coloured_brush_on_a_light_ground_is_refused(colours: tuple[object, object]) -> None:
    pixels = fill(*colours)
    check_refused(pixels, "mask_unclear", match="mask_convention=black")
    for convention in ("black", "auto"):
        reading = read(pixels, convention)
        np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
        assert reading.convention == "black"


def test_black_marks_dark_pixels() -> None:
    reading = read(fill(0, 255), "black")
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
    assert (reading.convention, reading.notes) == ("black", ())
    strokes = read(fill((0, 0, 0, 255), (0, 0, 0, 0)), "black")
    np.testing.assert_array_equal(strokes.pixels == 255, INSIDE)


def test_auto_does_not_mark_the_edge() -> None:
    for pixels, taken in ((fill(0, 255), "black"), (fill(255, 0), "white")):
        reading = read(pixels, "auto")
        np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
        assert reading.convention == taken


def test_a_light_ground_is_marked_with_a_note() -> None:
    reading = read(fill(0, 255))
    np.testing.assert_array_equal(reading.pixels == 255, ~INSIDE)
    assert "send another mask_convention" in reading.notes[0]


def test_a_light_ground_with_a_transparent_part_is_refused() -> None:
    pixels = fill((255, 255, 255, 0), (255, 255, 255, 255))
    check_refused(pixels, "mask_unclear", match="opaque and light.*mask_convention=transparent")
    for convention in ("transparent", "auto"):
        reading = read(pixels, convention)
        np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
        assert reading.convention == "transparent"


def test_a_black_ground_with_a_transparent_part_marks_that_part() -> None:
    reading = read(fill((0, 0, 0, 0), (0, 0, 0, 255)))
    np.testing.assert_array_equal(reading.pixels == 255, INSIDE)
    assert reading.convention == "transparent"


def test_transparent_needs_a_transparent_part() -> None:
    check_refused(fill(255, 0), "mask_empty", match="no transparent", convention="transparent")


@pytest.mark.parametrize("size", [(30, 20), (120, 80), (20, 13), (41, 27)])
def test_a_mask_of_the_same_shape_is_scaled_with_a_note(size: tuple[int, int]) -> None:
    width, height = size
    small = np.zeros((height, width), np.uint8)
    small[height // 4 : height // 4 * 3, width // 3 : width // 3 * 2] = 255
    reading = read(small)
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
