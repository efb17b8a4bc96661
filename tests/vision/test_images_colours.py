"""Colours: converted once by their profile, or kept with an explicit or implied profile."""

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests import heic, images, profiles
from vision.images import Picture, decode, encode

BT_709, UNSPECIFIED, BT_2020, DISPLAY_P3 = 1, 2, 9, 12
AS_SRGB, LINEAR, PQ, HLG = 13, 8, 16, 18
GAMMA_1 = struct.pack(">I", 100_000)
GAMMA_2_2 = struct.pack(">I", 45_455)
ADOBE_RGB = struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)


def build_cmyk_image(*values: int) -> Image.Image:
    return Image.new("CMYK", (16, 16), values)


@pytest.mark.parametrize("name", ["JPEG", "TIFF"])
@pytest.mark.parametrize(
    ("ink", "by_profile", "without"),
    [
        ((255, 0, 0, 0), (0, 150, 232), (0, 255, 255)),
        ((0, 0, 0, 0), (255, 255, 255), (255, 255, 255)),
        ((0, 0, 0, 255), (0, 0, 0), (0, 0, 0)),
    ],
)
def test_cmyk_is_converted_once_by_its_profile(
    name: str, ink: tuple[int, ...], by_profile: tuple[int, ...], without: tuple[int, ...]
) -> None:
    for profile, expected in ((profiles.build_cmyk(), by_profile), (None, without)):
        target = io.BytesIO()
        build_cmyk_image(*ink).save(target, name, icc_profile=profile)
        if name == "JPEG":
            assert b"Adobe" in target.getvalue()  # this marks inverted inks
        picture = decode(target.getvalue())
        assert (picture.mode, picture.icc_profile) == ("RGB", None)
        assert np.abs(picture.pixels[8, 8].astype(int) - expected).max() <= 6
        again = decode(encode(picture))
        assert (again.mode, again.notes) == ("RGB", ())
        assert np.abs(again.pixels[8, 8].astype(int) - expected).max() <= 8


def test_lab_is_converted_back_to_its_srgb_colours() -> None:
    srgb, other = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    quarters = Image.fromarray(images.build_quarters())
    converted = ImageCms.profileToProfile(quarters, srgb, other, outputMode="LAB")
    assert converted is not None
    target = io.BytesIO()
    converted.save(target, "TIFF")
    assert np.abs(decode(target.getvalue()).pixels.astype(int) - images.build_quarters()).max() <= 5


def test_a_profile_of_the_wrong_colour_space_is_left_out() -> None:
    in_colour = decode(images.build_png(icc_profile=profiles.build_grey()))
    grey = decode(
        images.encode_pixels(
            images.build_scene(9, 9)[:, :, 0], "PNG", icc_profile=images.build_profile()
        )
    )
    for picture in (in_colour, grey):
        assert picture.icc_profile is None
        assert any("profile does not fit" in note for note in picture.notes)


@pytest.mark.parametrize("kind", [b"link", b"abst", b"nmcl"])
def test_a_profile_that_is_not_for_pictures_is_left_out(kind: bytes) -> None:
    profile = images.build_profile()
    picture = decode(images.build_png(icc_profile=profile[:12] + kind + profile[16:]))
    assert picture.icc_profile is None


def convert_to_srgb(picture: Picture, row: int, column: int) -> tuple[int, ...]:
    """Return the colour that a viewer shows for a pixel."""
    assert picture.icc_profile
    mode = "L" if picture.mode == "L" else "RGB"
    pixel = picture.pixels[row, column].tolist()
    converted = ImageCms.profileToProfile(
        Image.new(mode, (1, 1), pixel[0] if mode == "L" else tuple(pixel)),
        io.BytesIO(picture.icc_profile),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    assert converted is not None
    colour = converted.getpixel((0, 0))
    assert isinstance(colour, tuple)
    return colour


def build_avif() -> bytes:
    return images.encode_pixels(np.full((16, 16, 3), (200, 100, 50), np.uint8), "AVIF", quality=100)


def build_cicp_png(primaries: int, transfer: int) -> bytes:
    header = images.build_png(16, 16)[16:29]
    rows = images.encode_pixels(np.full((16, 16, 3), (200, 100, 50), np.uint8), "PNG")
    start = rows.index(b"IDAT")
    body = rows[start + 4 : start + 4 + int.from_bytes(rows[start - 4 : start], "big")]
    chunk = (b"cICP", bytes([primaries, transfer, 0, 1]))
    return images.join_png_chunks((b"IHDR", header), chunk, (b"IDAT", body), (b"IEND", b""))


# Expected colours computed by the matrices of CSS Color 4, section 18.
@pytest.mark.parametrize(
    ("primaries", "transfer", "expected"),
    [
        (DISPLAY_P3, AS_SRGB, (215, 93, 32)),
        (BT_2020, AS_SRGB, (241, 76, 29)),
        (BT_709, LINEAR, (229, 168, 122)),
    ],
)
@pytest.mark.parametrize("name", ["AVIF", "PNG"])
def test_colours_described_by_numbers_are_kept_as_a_profile(
    name: str, primaries: int, transfer: int, expected: tuple[int, ...]
) -> None:
    if name == "PNG":
        data = build_cicp_png(primaries, transfer)
    else:
        data = heic.set_colours(build_avif(), primaries, transfer)
    picture = decode(data)
    assert any("kept as a colour profile" in note for note in picture.notes)
    assert np.abs(np.subtract(convert_to_srgb(picture, 8, 8), expected)).max() <= 3
    again = decode(encode(picture))
    assert again.icc_profile == picture.icc_profile


def test_a_heic_in_display_p3_gets_a_profile() -> None:
    standard = decode(heic.read_heic("two"))
    display_p3 = decode(heic.set_colours(heic.read_heic("two"), DISPLAY_P3, AS_SRGB))
    assert standard.icc_profile is None
    assert convert_to_srgb(display_p3, 10, 50)[1] > standard.pixels[10, 50, 1] + 2
    np.testing.assert_array_equal(display_p3.pixels, standard.pixels)


@pytest.mark.parametrize("transfer", [1, 2, 6, AS_SRGB, 14])
@pytest.mark.parametrize("primaries", [BT_709, UNSPECIFIED, 5, 6])
def test_colours_close_to_srgb_need_no_profile(primaries: int, transfer: int) -> None:
    picture = decode(heic.set_colours(build_avif(), primaries, transfer))
    assert (picture.icc_profile, picture.notes) == (None, ())


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_high_dynamic_range_is_lost_with_a_note(transfer: int) -> None:
    for data in (
        heic.set_colours(build_avif(), BT_2020, transfer),
        build_cicp_png(BT_2020, transfer),
    ):
        picture = decode(data)
        assert picture.icc_profile is None
        assert any("look flat" in note for note in picture.notes)


def test_an_embedded_profile_overrides_colour_numbers() -> None:
    embedded = images.build_profile()
    assert (
        decode(
            images.encode_pixels(images.build_scene(16, 16), "AVIF", icc_profile=embedded)
        ).icc_profile
        == embedded
    )
    chunked = images.build_png(icc_profile=embedded)
    start = chunked.index(b"iCCP") - 4
    gamma = images.join_png_chunks((b"gAMA", GAMMA_1))[8:]
    picture = decode(chunked[:start] + gamma + chunked[start:])
    assert (picture.icc_profile, picture.notes) == (embedded, ())


def build_gamma_png(*chunks: tuple[bytes, bytes], grey: bool = False) -> bytes:
    pixels = np.full((4, 4), 100, np.uint8) if grey else np.full((4, 4, 3), 100, np.uint8)
    png = images.encode_pixels(pixels, "PNG")
    extra_chunks = images.join_png_chunks(*chunks)[8:]
    return png[:33] + extra_chunks + png[33:]


@pytest.mark.parametrize("grey", [False, True])
def test_a_gamma_other_than_srgb_s_is_kept_as_a_profile(grey: bool) -> None:
    picture = decode(build_gamma_png((b"gAMA", GAMMA_1), grey=grey))
    assert np.abs(np.subtract(convert_to_srgb(picture, 1, 1), 168)).max() <= 1


def test_primaries_other_than_srgb_s_are_kept_as_a_profile() -> None:
    picture = decode(build_gamma_png((b"gAMA", GAMMA_2_2), (b"cHRM", ADOBE_RGB)))
    assert picture.icc_profile


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"gAMA", GAMMA_2_2)],
        [(b"gAMA", GAMMA_1), (b"sRGB", b"\0")],
        [(b"cHRM", ADOBE_RGB)],
    ],
)
def test_usual_gamma_and_primaries_are_srgb(chunks: list[tuple[bytes, bytes]]) -> None:
    picture = decode(build_gamma_png(*chunks))
    assert (picture.icc_profile, picture.notes) == (None, ())


@pytest.mark.parametrize("figures", [b"\0" * 32, b"\xff" * 32, ADOBE_RGB[:8] * 4])
def test_impossible_primaries_are_ignored_with_a_note(figures: bytes) -> None:
    picture = decode(build_gamma_png((b"gAMA", GAMMA_1), (b"cHRM", figures)))
    assert picture.icc_profile is None
    assert any("make no sense" in note for note in picture.notes)


@pytest.mark.parametrize(
    ("kind", "shape", "top_left"),
    [("turned", (64, 48), (40, 50, 190)), ("mirrored", (64, 48), (200, 30, 30))],
)
def test_the_orientation_of_a_heic_is_applied_once(
    kind: str, shape: tuple[int, int], top_left: tuple[int, int, int]
) -> None:
    picture = decode(heic.read_heic(kind))
    assert picture.pixels.shape[:2] == shape
    assert np.abs(picture.pixels[10, 10].astype(int) - top_left).max() < 12
    again = decode(encode(picture, "JPEG"))
    assert again.pixels.shape == picture.pixels.shape


def test_the_alpha_of_a_heic_is_kept() -> None:
    alpha = decode(heic.read_heic("alpha")).pixels[:, :, 3]
    assert alpha[:, :28].max() < 10
    assert alpha[:, 36:].min() > 245


@pytest.mark.parametrize("orientation", [3, 5, 6])
def test_the_orientation_of_an_avif_with_alpha_is_applied_once(orientation: int) -> None:
    pixels = np.dstack([images.build_quarters(), np.full((48, 64), 255, np.uint8)])
    pixels[:24, :32, 3] = 0
    data = images.encode_pixels(pixels, "AVIF", quality=95, exif=images.build_exif(orientation))
    png = images.encode_pixels(pixels, "PNG", exif=images.build_exif(orientation))
    alpha, expected = decode(data).pixels[:, :, 3], decode(png).pixels[:, :, 3]
    assert np.median(np.abs(alpha.astype(int) - expected)) < 6
    assert (np.abs(alpha.astype(int) - expected) > 128).mean() < 0.02
