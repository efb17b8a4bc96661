"""Decoding: the canvas for each kind of picture."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests import images
from vision.images import Picture, decode

ORIENTATIONS = range(1, 9)
LOSSLESS = [("PNG", {}), ("TIFF", {}), ("BMP", {}), ("WEBP", {"lossless": True})]


def apply_orientation(pixels: images.Pixels, orientation: int) -> images.Pixels:
    """Return what Pillow shows for a file with these pixels and this orientation."""
    source = Image.open(
        io.BytesIO(images.encode_pixels(pixels, "PNG", exif=images.build_exif(orientation)))
    )
    return np.asarray(ImageOps.exif_transpose(source))


@pytest.mark.parametrize(("name", "options"), LOSSLESS)
def test_lossless_formats_are_decoded_exactly(name: str, options: dict[str, object]) -> None:
    pixels = images.build_scene(37, 23)
    picture = decode(images.encode_pixels(pixels, name, **options))
    assert picture.format == name
    assert picture.lossless
    assert (picture.width, picture.height, picture.mode) == (37, 23, "RGB")
    np.testing.assert_array_equal(picture.pixels, pixels)


@pytest.mark.parametrize("name", ["JPEG", "WEBP", "AVIF"])
def test_lossy_formats_are_decoded_nearly_exactly(name: str) -> None:
    picture = decode(images.encode_pixels(images.build_quarters(), name, quality=90))
    assert (picture.format, picture.lossless) == (name, False)
    assert np.abs(picture.pixels[4:20, 4:28].astype(int) - images.CORNERS["top left"]).max() < 12


def test_heic_is_decoded() -> None:
    picture = decode(images.read_heic())
    assert (picture.format, picture.width, picture.height) == ("HEIF", 64, 48)
    assert picture.decoder.startswith("pi-heif-")
    assert np.abs(picture.pixels[4:20, 36:60].astype(int) - images.CORNERS["top right"]).max() < 12


def test_a_path_is_read_like_bytes(tmp_path: Path) -> None:
    path = tmp_path / "photo"
    path.write_bytes(images.build_png())
    assert (
        decode(path).compute_canvas_sha256() == decode(images.build_png()).compute_canvas_sha256()
    )


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("name", ["PNG", "TIFF", "WEBP"])
def test_orientation_is_applied_once(name: str, orientation: int) -> None:
    pixels = images.build_quarters(40, 24)
    options = {"lossless": True} if name == "WEBP" else {}
    data = images.encode_pixels(pixels, name, exif=images.build_exif(orientation), **options)
    picture = decode(data)
    np.testing.assert_array_equal(picture.pixels, apply_orientation(pixels, orientation))
    assert read_orientation(picture) == 1


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("name", ["JPEG", "AVIF"])
def test_the_orientation_of_lossy_formats_is_applied(name: str, orientation: int) -> None:
    pixels = images.build_quarters(64, 32)
    picture = decode(
        images.encode_pixels(pixels, name, quality=95, exif=images.build_exif(orientation))
    )
    expected = apply_orientation(pixels, orientation)
    assert picture.pixels.shape == expected.shape
    assert np.median(np.abs(picture.pixels.astype(int) - expected)) < 6
    assert read_orientation(picture) == 1


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_the_orientation_of_16_bit_pictures_is_applied(
    kind: str, channels: int, orientation: int
) -> None:
    pixels = images.build_noise(6, 9, channels, bits=16)
    eight_bits = (pixels >> 8).astype(np.uint8).squeeze()
    if kind == "png":
        data = images.build_16_bit_png(pixels, (b"eXIf", images.build_exif(orientation)[6:]))
    else:
        data = images.build_16_bit_tiff(pixels, orientation=orientation)
    picture = decode(data)
    assert picture.pixels.dtype == np.uint16
    np.testing.assert_array_equal(
        (picture.pixels >> 8).squeeze(), apply_orientation(eight_bits, orientation)
    )


def read_orientation(picture: Picture) -> int:
    exif = Image.Exif()
    exif.load(picture.exif or b"")
    return int(exif.get(0x0112, 1))


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_keeps_the_camera_but_not_orientation_and_thumbnail(order: str) -> None:
    secret = b"\xff\xd8the thumbnail still shows it\xff\xd9"
    original = images.build_exif(6, thumbnail=secret, order=order)
    result = decode(images.build_jpeg(exif=original)).exif
    assert result is not None
    assert b"Camera" in result
    assert b"still shows it" not in result


@pytest.mark.parametrize(
    "garbage",
    [
        b"Exif\0\0",
        b"Exif\0\0garbage",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff",
    ],
)
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_garbage_exif_does_not_fail_the_photo(name: str, garbage: bytes) -> None:
    picture = decode(images.encode_pixels(images.build_quarters(), name, exif=garbage))
    assert (picture.width, picture.height) == (64, 48)
    assert picture.exif is None


def test_the_orientation_is_applied_despite_a_broken_thumbnail() -> None:
    exif = bytearray(images.build_exif(6))
    exif[38 + 6 - 4 : 38 + 6] = (10**6).to_bytes(4, "little")
    picture = decode(images.build_jpeg(64, 48, exif=bytes(exif)))
    assert (picture.width, picture.height) == (48, 64)
    assert b"Camera" in (picture.exif or b"")
    assert any("EXIF" in note for note in picture.notes)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_the_colour_profile_is_kept(name: str) -> None:
    profile = images.build_profile()
    assert (
        decode(
            images.encode_pixels(images.build_scene(9, 9), name, icc_profile=profile)
        ).icc_profile
        == profile
    )


# With ids, because a profile contains its time and the test's name must not.
@pytest.mark.parametrize(
    "profile", [b"none at all", images.build_profile("LAB")], ids=["none", "lab"]
)
def test_a_profile_that_does_not_fit_is_left_out(profile: bytes) -> None:
    picture = decode(images.build_png(icc_profile=profile))
    assert picture.icc_profile is None
    assert any("profile" in note for note in picture.notes)


def test_grey_and_1_bit_pictures_are_decoded() -> None:
    grey = images.build_scene(20, 10)[:, :, 0]
    picture = decode(images.encode_pixels(grey, "PNG"))
    assert (picture.mode, picture.pixels.shape) == ("L", (10, 20, 1))
    bits = decode(images.encode_pixels(grey > 100, "PNG"))
    assert bits.mode == "L"
    np.testing.assert_array_equal(bits.pixels[:, :, 0], np.where(grey > 100, 255, 0))


@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_is_kept_with_the_colours_below_it(channels: int) -> None:
    pixels = images.build_noise(8, 9, channels)
    pixels[:4, :, -1] = 0
    np.testing.assert_array_equal(decode(images.encode_pixels(pixels, "PNG")).pixels, pixels)


def test_palettes_with_and_without_transparency_are_decoded() -> None:
    indexed = Image.fromarray(images.build_quarters(16, 8)).quantize(4)
    opaque, transparent = io.BytesIO(), io.BytesIO()
    indexed.save(opaque, "PNG")
    indexed.save(transparent, "PNG", transparency=indexed.getpixel((0, 0)))
    picture = decode(opaque.getvalue())
    np.testing.assert_array_equal(picture.pixels, images.build_quarters(16, 8))
    picture = decode(transparent.getvalue())
    assert picture.mode == "RGBA"
    row, column = np.indices((8, 16))
    opaque_ones = (row >= 4) | (column >= 8)
    np.testing.assert_array_equal(picture.pixels[:, :, 3], np.where(opaque_ones, 255, 0))


def test_a_transparent_colour_becomes_alpha() -> None:
    pixels = images.build_quarters(16, 8)
    picture = decode(images.encode_pixels(pixels, "PNG", transparency=images.CORNERS["top left"]))
    assert picture.mode == "RGBA"
    assert not picture.pixels[:4, :8, 3].any()
    assert (picture.pixels[4:, :, 3] == 255).all()


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_16_bit_png_is_decoded_exactly(channels: int) -> None:
    pixels = images.build_noise(7, 5, channels, bits=16)
    picture = decode(images.build_16_bit_png(pixels))
    assert picture.mode == {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels]
    np.testing.assert_array_equal(picture.pixels, pixels)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_16_bit_tiff_is_decoded_exactly(channels: int) -> None:
    pixels = images.build_noise(7, 5, channels, bits=16)
    picture = decode(images.build_16_bit_tiff(pixels))
    np.testing.assert_array_equal(picture.pixels, pixels)


@pytest.mark.parametrize(
    "profile", [None, b"none at all", images.build_profile()], ids=["no", "broken", "rgb"]
)
def test_cmyk_becomes_srgb_once(profile: bytes | None) -> None:
    ink = np.zeros((8, 8, 4), np.uint8)
    ink[:, :, 1:3] = 255  # magenta and yellow: red
    target = io.BytesIO()
    Image.frombytes("CMYK", (8, 8), ink.tobytes()).save(target, "TIFF", icc_profile=profile)
    picture = decode(target.getvalue())
    assert (picture.mode, picture.icc_profile) == ("RGB", None)
    red, green, _ = picture.pixels[4, 4]
    assert red > 200
    assert green < 80
    assert any("CMYK" in note for note in picture.notes)


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP", "TIFF"])
def test_the_first_frame_of_many_is_used(name: str) -> None:
    frames = [Image.new("RGB", (12, 10), colour) for colour in ("red", "blue", "lime")]
    target = io.BytesIO()
    options = {"lossless": True} if name == "WEBP" else {}
    frames[0].save(target, name, save_all=True, append_images=frames[1:], **options)
    picture = decode(target.getvalue())
    assert picture.frames == 3
    noun = "pages" if name == "TIFF" else "frames"
    assert picture.notes == (f"The first of 3 {noun} is used",)
    assert picture.pixels[5, 5, :3].tolist() == [255, 0, 0]


def test_further_pictures_in_a_jpeg_are_left_out() -> None:
    pictures = [
        Image.fromarray(images.build_quarters()),
        Image.fromarray(images.build_scene(64, 48)),
    ]
    target = io.BytesIO()
    pictures[0].save(target, "MPO", save_all=True, append_images=pictures[1:])
    picture = decode(target.getvalue())
    assert picture.format == "JPEG"
    assert picture.jpeg is not None
    assert any("left out" in note for note in picture.notes)


def test_the_encoding_of_a_jpeg_is_recorded() -> None:
    data = images.build_jpeg(quality=71, subsampling="4:2:2", progressive=True)
    jpeg = decode(data).jpeg
    original = Image.open(io.BytesIO(data))
    assert jpeg is not None
    assert [list(table) for table in jpeg.tables] == list(original.quantization.values())  # type: ignore[attr-defined]
    assert (jpeg.subsampling, jpeg.progressive) == ("4:2:2", True)


def test_a_quarter_turn_transposes_the_quantization_tables() -> None:
    data = images.build_jpeg(quality=71, exif=images.build_exif(6))
    upright, rotated = decode(images.build_jpeg(quality=71)).jpeg, decode(data).jpeg
    assert upright is not None
    assert rotated is not None
    assert np.array_equal(
        np.reshape(rotated.tables[0], (8, 8)), np.reshape(upright.tables[0], (8, 8)).T
    )
    assert rotated.tables[0] != upright.tables[0]


def test_the_canvas_digest_changes_with_one_pixel() -> None:
    picture = decode(images.build_png())
    assert picture.compute_canvas_sha256() == decode(images.build_png()).compute_canvas_sha256()
    other = picture.pixels.copy()
    other[0, 0, 0] ^= 1
    assert picture.with_pixels(other).compute_canvas_sha256() != picture.compute_canvas_sha256()


def test_the_canvas_is_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        decode(images.build_png()).pixels[0] = 0


def test_a_canvas_must_fit_its_mode() -> None:
    with pytest.raises(ValueError, match="is not RGB"):
        decode(images.build_png()).with_pixels(np.zeros((4, 4, 4), np.uint8))
