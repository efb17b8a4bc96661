"""Greys, and one transparent grey, at every bit depth."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from tests import images, profiles
from vision.images import Picture, decode, encode


def build_small_png(bits: int, rows: bytes, transparent: int) -> bytes:
    """Return a PNG of two grey pixels with one transparent grey."""
    header = struct.pack(">IIBBBBB", 2, 1, bits, 0, 0, 0, 0)
    return images.join_png_chunks(
        (b"IHDR", header),
        (b"tRNS", struct.pack(">H", transparent)),
        (b"IDAT", zlib.compress(b"\0" + rows)),
        (b"IEND", b""),
    )


@pytest.mark.parametrize(
    ("bits", "rows", "transparent", "expected"),
    [
        (1, b"\x40", 0, [[0, 0], [255, 255]]),
        (1, b"\x40", 1, [[0, 255], [255, 0]]),
        (2, b"\x70", 1, [[85, 0], [255, 255]]),
        (4, b"\x51", 5, [[85, 0], [17, 255]]),
        (8, b"\x55\x05", 5, [[85, 255], [5, 0]]),
    ],
)
def test_a_transparent_grey_is_found_at_every_bit_depth(
    bits: int, rows: bytes, transparent: int, expected: list[list[int]]
) -> None:
    picture = decode(build_small_png(bits, rows, transparent))
    assert picture.mode == "LA"
    assert picture.pixels.tolist() == [expected]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_transparent_grey_is_found_at_16_bits(orientation: int) -> None:
    pixels = np.array([[[500], [501]], [[40_000], [500]]], np.uint16)
    exif = (b"eXIf", images.build_exif(orientation)[6:])
    picture = decode(images.build_16_bit_png(pixels, (b"tRNS", struct.pack(">H", 500)), exif))
    plain = decode(images.build_16_bit_png(pixels, exif))
    assert (picture.mode, plain.mode) == ("LA", "L")
    np.testing.assert_array_equal(picture.pixels[:, :, :1], plain.pixels)
    np.testing.assert_array_equal(
        picture.pixels[:, :, 1:], np.where(plain.pixels == 500, 0, 65_535)
    )


@pytest.mark.parametrize("options", [{}, {"compression": "tiff_adobe_deflate"}])
@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
def test_both_byte_orders_of_pillow_s_tiffs_are_decoded(mode: str, options: dict[str, str]) -> None:
    pixels = images.build_noise(6, 9, 1, bits=16)
    raw = pixels.astype("<u2" if mode == "I;16" else ">u2").tobytes()
    target = io.BytesIO()
    Image.frombytes(mode, (9, 6), raw).save(target, "TIFF", **options)
    np.testing.assert_array_equal(decode(target.getvalue()).pixels, pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_of_an_oriented_tiff_are_decoded(order: str, orientation: int) -> None:
    pixels = images.build_noise(6, 9, 1, bits=16)
    little = decode(images.build_16_bit_tiff(pixels, orientation=orientation)).pixels
    data = images.build_16_bit_tiff(pixels, orientation=orientation, order=order)
    np.testing.assert_array_equal(decode(data).pixels, little)
    if orientation == 1:
        np.testing.assert_array_equal(little, pixels)


def test_a_tiff_whose_white_is_0_is_inverted() -> None:
    pixels = images.build_noise(6, 9, 1, bits=16)
    picture = decode(images.build_16_bit_tiff(pixels, photometric=0))
    np.testing.assert_array_equal(picture.pixels, 65_535 - pixels)


def test_a_tiff_of_12_bits_is_scaled_to_the_whole_range() -> None:
    tags = {258: ("H", (12,)), 262: ("H", (1,)), 277: ("H", (1,))}
    data = images.build_tiff(2, 1, [b"\x00\x0f\xff"], tags)
    assert decode(data).pixels.ravel().tolist() == [0, 65_535]


def convert_to_srgb(picture: Picture) -> NDArray[Any]:
    """Return the colours in sRGB, as a viewer with colour management shows them."""
    mode = {"L": "L", "LA": "L", "RGB": "RGB", "RGBA": "RGB"}[picture.mode]
    colours = picture.pixels[:, :, : len(mode)]
    image = Image.fromarray(colours[:, :, 0] if mode == "L" else colours)
    assert picture.icc_profile
    converted = ImageCms.profileToProfile(
        image,
        io.BytesIO(picture.icc_profile),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    return np.asarray(converted, np.int16)


@pytest.mark.parametrize("mode", ["L", "LA"])
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_greys_look_the_same_in_every_format(name: str, mode: str) -> None:
    ramp = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (16, 1))
    pixels = ramp if mode == "L" else np.dstack([ramp, np.full_like(ramp, 255)])
    picture = decode(images.encode_pixels(pixels, "PNG", icc_profile=profiles.build_grey(1.0)))
    assert picture.icc_profile
    again = decode(encode(picture, name))
    assert np.abs(convert_to_srgb(again) - convert_to_srgb(picture)).mean() < 2


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_a_grey_profile_is_converted_for_16_bits_with_alpha(name: str) -> None:
    profile = (b"iCCP", b"x\0\0" + zlib.compress(profiles.build_grey(1.0)))
    picture = decode(images.build_16_bit_png(images.build_noise(9, 9, 2, bits=16), profile))
    assert picture.icc_profile == profiles.build_grey(1.0)
    again = decode(encode(picture, name))
    assert (again.mode, again.notes) == ("RGBA", ())
    assert again.icc_profile


@pytest.mark.parametrize("damage", [b"kTRC", b"GRAYXYZ "])
def test_a_grey_profile_without_a_curve_is_left_out_of_colours(damage: bytes) -> None:
    profile = profiles.build_grey().replace(damage, b"GRAYLab " if len(damage) > 4 else b"none")
    picture = decode(
        images.encode_pixels(images.build_scene(9, 9)[:, :, 0], "PNG", icc_profile=profile)
    )
    assert picture.icc_profile is not None
    assert decode(encode(picture, "WEBP")).icc_profile is None


def test_a_grey_profile_that_claims_countless_tags_is_read_quickly() -> None:
    profile = profiles.build_grey()
    damaged = profile[:128] + b"\xff\xff\xff\xff" + profile[132:].replace(b"kTRC", b"none")
    picture = decode(
        images.encode_pixels(images.build_scene(9, 9)[:, :, 0], "PNG", icc_profile=damaged)
    )
    assert decode(encode(picture, "WEBP")).icc_profile is None
