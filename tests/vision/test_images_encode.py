"""Encoding: as close to the original as the format allows."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from tests import images
from vision.errors import VisionError
from vision.images import FORMATS, Picture, choose_output_format, decode, encode, make_thumbnail

WRITABLE = [name for name, form in FORMATS.items() if form.writable]


def rewrite_file(data: bytes) -> tuple[Image.Image, Image.Image, Picture]:
    picture = decode(data)
    return Image.open(io.BytesIO(data)), Image.open(io.BytesIO(encode(picture))), picture


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("quality", [35, 93])
def test_a_jpeg_keeps_its_tables_and_subsampling(
    subsampling: str, progressive: bool, quality: int
) -> None:
    data = images.build_jpeg(
        130, 70, quality=quality, subsampling=subsampling, progressive=progressive
    )
    before, after, _ = rewrite_file(data)
    assert after.quantization == before.quantization  # type: ignore[attr-defined]
    assert after.layer == before.layer  # type: ignore[attr-defined]
    assert ("progressive" in after.info) == progressive


def test_a_grey_jpeg_keeps_its_tables() -> None:
    data = images.encode_pixels(images.build_scene(60, 40)[:, :, 1], "JPEG", quality=63)
    before, after, picture = rewrite_file(data)
    assert (after.mode, picture.mode) == ("L", "L")
    assert after.quantization == before.quantization  # type: ignore[attr-defined]


def test_an_untouched_jpeg_hardly_changes_when_written_again() -> None:
    picture = decode(images.build_jpeg(160, 120, quality=80))
    again = decode(encode(picture))
    standard = decode(encode(picture, quality=75))
    changed = (again.pixels != picture.pixels).any(axis=2).mean()
    assert changed < 0.1 < (standard.pixels != picture.pixels).any(axis=2).mean()


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_a_rotated_jpeg_changes_less_than_with_standard_tables(subsampling: str) -> None:
    data = images.build_jpeg(
        160, 96, quality=60, subsampling=subsampling, exif=images.build_exif(6)
    )
    picture = decode(data)
    again, standard = decode(encode(picture)), decode(encode(picture, quality=75))
    assert again.pixels.shape == (160, 96, 3)
    assert measure_difference(again, picture) < measure_difference(standard, picture) / 2


def measure_difference(a: Picture, b: Picture) -> float:
    return float(np.abs(a.pixels.astype(int) - b.pixels).mean())


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_profile_and_exif_are_kept(name: str) -> None:
    profile = images.build_profile()
    picture = decode(images.build_png(icc_profile=profile, exif=images.build_exif(8)))
    again = decode(encode(picture, name))
    assert again.pixels.shape == (64, 48, 3)
    assert again.icc_profile == profile
    assert b"Camera" in (again.exif or b"")


@pytest.mark.parametrize("name", ["JPEG", "PNG", "TIFF", "BMP"])
@pytest.mark.parametrize("source", ["JPEG", "PNG", "TIFF", "BMP"])
def test_density_is_kept(source: str, name: str) -> None:
    picture = decode(images.encode_pixels(images.build_scene(20, 10), source, dpi=(300, 150)))
    again = decode(encode(picture, name))
    assert again.density == pytest.approx((300, 150), abs=0.02)


def test_16_bits_keep_their_density() -> None:
    chunk = (b"pHYs", struct.pack(">IIB", 11811, 5906, 1))
    picture = decode(images.build_16_bit_png(images.build_noise(9, 9, 3, bits=16), chunk))
    for name in ("PNG", "TIFF"):
        assert decode(encode(picture, name)).density == pytest.approx((300, 150), abs=0.02)


def test_density_is_rotated_with_the_photo() -> None:
    data = images.encode_pixels(
        images.build_scene(20, 10), "PNG", dpi=(300, 150), exif=images.build_exif(6)
    )
    assert decode(data).density == pytest.approx((150, 300), abs=0.02)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_no_density_is_invented(name: str) -> None:
    picture = decode(
        images.encode_pixels(images.build_scene(20, 10), name, exif=images.build_exif(1))
    )
    assert picture.density is None
    assert decode(encode(picture)).density is None


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("bits", [8, 16])
def test_exif_is_kept_with_its_details(name: str, bits: int) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x8298] = "Maker", "Someone"
    exif[0x8769] = {0x9003: "2026:01:02 03:04:05", 0x829A: 0.004}
    exif[0x8825] = {1: "N", 2: (47.0, 30.0, 1.5)}
    picture = decode(
        images.build_16_bit_png(images.build_noise(9, 9, bits=16), (b"eXIf", exif.tobytes()[6:]))
    )
    if bits == 8:
        picture = picture.with_pixels(images.build_noise(9, 9))
    again = Image.Exif()
    again.load(decode(encode(picture, name)).exif or b"")
    assert (again[0x010F], again[0x8298]) == ("Maker", "Someone")
    assert again.get_ifd(0x8769)[0x9003] == "2026:01:02 03:04:05"
    assert float(again.get_ifd(0x8769)[0x829A]) == pytest.approx(0.004)
    assert [float(part) for part in again.get_ifd(0x8825)[2]] == [47.0, 30.0, 1.5]


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_damaged_exif_does_not_prevent_encoding(name: str) -> None:
    for seed in range(20):
        exif = bytearray(images.build_exif(1, thumbnail=b"x"))
        for position in images.build_noise(1, 4, 1, bits=16, seed=seed).ravel():
            exif[16 + int(position) % (len(exif) - 16)] = int(position) >> 8
        picture = decode(images.build_png(exif=bytes(exif)))
        assert decode(encode(picture, name)).width == 64


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_png_and_tiff_are_encoded_exactly(name: str, channels: int) -> None:
    picture = decode(images.encode_pixels(images.build_noise(15, 21, channels).squeeze(), "PNG"))
    assert decode(encode(picture, name)).compute_canvas_sha256() == picture.compute_canvas_sha256()


@pytest.mark.parametrize(("name", "channels"), [("BMP", 3), ("WEBP", 3), ("WEBP", 4)])
def test_bmp_and_lossless_webp_are_encoded_exactly(name: str, channels: int) -> None:
    picture = decode(images.encode_pixels(images.build_noise(15, 21, channels), "PNG"))
    assert decode(encode(picture, name)).compute_canvas_sha256() == picture.compute_canvas_sha256()


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_16_bits_are_kept(name: str, channels: int) -> None:
    chunks = (b"eXIf", images.build_exif(1)[6:])
    picture = decode(
        images.build_16_bit_png(images.build_noise(300, 1200, channels, bits=16), chunks)
    )
    again = decode(encode(picture, name))
    assert again.pixels.dtype == np.uint16
    assert again.compute_canvas_sha256() == picture.compute_canvas_sha256()
    assert b"Camera" in (again.exif or b"")


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_16_bits_keep_their_profile(name: str) -> None:
    source = decode(images.build_16_bit_png(images.build_noise(9, 9, 3, bits=16)))
    profile = images.build_profile()
    with_profile = Picture(
        source.pixels, "RGB", "PNG", profile, None, None, frames=1, notes=(), decoder="test"
    )
    assert decode(encode(with_profile, name)).icc_profile == profile


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_grey_of_16_bits_with_alpha_becomes_rgba(name: str) -> None:
    picture = decode(images.build_16_bit_png(images.build_noise(9, 9, 2, bits=16)))
    again = decode(encode(picture, name))
    np.testing.assert_array_equal(again.pixels, picture.pixels[:, :, [0, 0, 0, 1]])


def test_16_bits_are_rounded_to_8_for_formats_without_16() -> None:
    pixels = np.array([[[0], [128], [129], [65535], [65406], [65407]]], np.uint16)
    picture = decode(images.build_16_bit_png(pixels))
    assert decode(encode(picture, "BMP")).pixels.ravel().tolist()[::1] == [0, 0, 1, 255, 254, 255]


@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("name", ["JPEG", "BMP"])
def test_transparency_becomes_white(name: str, channels: int) -> None:
    pixels = images.build_noise(16, 16, channels)
    pixels[:, :8, -1], pixels[:, 8:, -1] = 0, 255
    pixels[:, 8:, :-1] = 40
    again = decode(encode(decode(images.encode_pixels(pixels, "PNG")), name))
    assert again.mode == {2: "L", 4: "RGB"}[channels]
    assert again.pixels[:, :7].min() > 245
    assert abs(int(again.pixels[:, 9:].max()) - 40) < 8


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("name", WRITABLE)
@pytest.mark.parametrize("bits", [8, 16])
def test_every_canvas_can_be_written_in_every_format(name: str, channels: int, bits: int) -> None:
    mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels]
    pixels = images.build_noise(12, 20, channels, bits=bits)
    picture = Picture(pixels, mode, "PNG", None, None, None, frames=1, notes=(), decoder="test")
    with Image.open(io.BytesIO(encode(picture, name))) as image:
        image.load()
        assert (image.format, image.size) == (name, (20, 12))


def test_a_lossy_webp_stays_lossy_and_small() -> None:
    picture = decode(images.encode_pixels(images.build_scene(200, 200), "WEBP", quality=80))
    assert not picture.lossless
    assert len(encode(picture)) < len(encode(picture, "PNG")) / 2


@pytest.mark.parametrize("name", ["HEIF", "GIF"])
def test_formats_that_are_only_read_are_written_as_png(name: str) -> None:
    picture = decode(
        images.read_heic()
        if name == "HEIF"
        else images.encode_pixels(images.build_quarters(), "GIF")
    )
    assert choose_output_format(picture) == "PNG"
    assert decode(encode(picture)).compute_canvas_sha256() == picture.compute_canvas_sha256()
    with pytest.raises(VisionError, match="can't be written") as caught:
        encode(picture, name)
    assert caught.value.code == "unsupported_format"


def test_a_picture_too_large_for_webp_is_refused() -> None:
    wide = np.zeros((1, 16_384, 1), np.uint8)
    picture = Picture(wide, "L", "PNG", None, None, None, frames=1, notes=(), decoder="test")
    with pytest.raises(VisionError) as caught:
        encode(picture, "WEBP")
    assert caught.value.code == "format_cannot_hold"


def test_a_thumbnail_averages_areas() -> None:
    stripes = np.zeros((40, 60, 3), np.uint8)
    stripes[:, ::2] = 200
    small = make_thumbnail(
        decode(images.encode_pixels(stripes, "PNG", icc_profile=images.build_profile())),
        longest_side=15,
    )
    assert small.pixels.shape == (10, 15, 3)
    assert (small.pixels == 100).all()
    assert small.icc_profile
    assert small.exif is None


def test_a_thumbnail_of_16_bits_has_8_and_none_is_enlarged() -> None:
    small = make_thumbnail(
        decode(images.build_16_bit_png(np.full((5, 9, 1), 30_000, np.uint16))), longest_side=99
    )
    assert small.pixels.shape == (5, 9, 1)
    assert small.pixels.dtype == np.uint8
    assert small.pixels[0, 0, 0] == round(30_000 / 257)


def test_hidden_colours_do_not_bleed_into_a_thumbnail() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, ::2] = (255, 0, 0, 0)
    pixels[:, 1::2] = (0, 0, 255, 255)
    small = make_thumbnail(decode(images.encode_pixels(pixels, "PNG")), longest_side=4)
    assert (small.pixels[:, :, 0] < 3).all()
    assert (abs(small.pixels[:, :, 3].astype(int) - 128) <= 1).all()
