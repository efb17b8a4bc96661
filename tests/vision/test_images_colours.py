"""Colours: converted once by their profile, or kept with it, also where a file only implies it."""

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests import heic, images, profiles
from vision.images import Picture, decode, encode

BT_709, UNSAID, BT_2020, DISPLAY_P3 = 1, 2, 9, 12
AS_SRGB, LINEAR, PQ, HLG = 13, 8, 16, 18
GAMMA_1 = struct.pack(">I", 100_000)
GAMMA_2_2 = struct.pack(">I", 45_455)
ADOBE_RGB = struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)


def inks(*values: int) -> Image.Image:
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
def test_cmyk_goes_by_its_profile_once(
    name: str, ink: tuple[int, ...], by_profile: tuple[int, ...], without: tuple[int, ...]
) -> None:
    for profile, expected in ((profiles.cmyk(), by_profile), (None, without)):
        target = io.BytesIO()
        inks(*ink).save(target, name, icc_profile=profile)
        if name == "JPEG":
            assert b"Adobe" in target.getvalue()  # so its inks are stored inverted
        picture = decode(target.getvalue())
        assert (picture.mode, picture.icc_profile) == ("RGB", None)
        assert np.abs(picture.pixels[8, 8].astype(int) - expected).max() <= 6
        again = decode(encode(picture))
        assert (again.mode, again.notes) == ("RGB", ())
        assert np.abs(again.pixels[8, 8].astype(int) - expected).max() <= 8


def test_lab_becomes_the_srgb_that_it_was_made_of() -> None:
    srgb, other = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    quarters = Image.fromarray(images.quarters())
    converted = ImageCms.profileToProfile(quarters, srgb, other, outputMode="LAB")
    assert converted is not None
    target = io.BytesIO()
    converted.save(target, "TIFF")
    assert np.abs(decode(target.getvalue()).pixels.astype(int) - images.quarters()).max() <= 5


def test_a_grey_profile_does_not_fit_colours_nor_a_colour_profile_greys() -> None:
    in_colour = decode(images.png(icc_profile=profiles.grey()))
    grey = decode(images.saved(images.scene(9, 9)[:, :, 0], "PNG", icc_profile=images.profile()))
    for picture in (in_colour, grey):
        assert picture.icc_profile is None
        assert any("profile does not fit" in note for note in picture.notes)


@pytest.mark.parametrize("kind", [b"link", b"abst", b"nmcl"])
def test_a_profile_that_is_not_for_pictures_is_left_out(kind: bytes) -> None:
    profile = images.profile()
    picture = decode(images.png(icc_profile=profile[:12] + kind + profile[16:]))
    assert picture.icc_profile is None


def in_srgb(picture: Picture, row: int, column: int) -> tuple[int, ...]:
    """The colour that a viewer shows for a pixel."""
    assert picture.icc_profile
    mode = "L" if picture.mode == "L" else "RGB"
    pixel = picture.pixels[row, column].tolist()
    shown = ImageCms.profileToProfile(
        Image.new(mode, (1, 1), pixel[0] if mode == "L" else tuple(pixel)),
        io.BytesIO(picture.icc_profile),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    assert shown is not None
    colour = shown.getpixel((0, 0))
    assert isinstance(colour, tuple)
    return colour


def avif() -> bytes:
    return images.saved(np.full((16, 16, 3), (200, 100, 50), np.uint8), "AVIF", quality=100)


def cicp_png(primaries: int, transfer: int) -> bytes:
    header = images.png(16, 16)[16:29]
    rows = images.saved(np.full((16, 16, 3), (200, 100, 50), np.uint8), "PNG")
    at = rows.index(b"IDAT")
    body = rows[at + 4 : at + 4 + int.from_bytes(rows[at - 4 : at], "big")]
    chunk = (b"cICP", bytes([primaries, transfer, 0, 1]))
    return images.png_of((b"IHDR", header), chunk, (b"IDAT", body), (b"IEND", b""))


# Worked out by the matrices of CSS Color 4, section 18.
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
        data = cicp_png(primaries, transfer)
    else:
        data = heic.with_colours(avif(), primaries, transfer)
    picture = decode(data)
    assert any("kept as a colour profile" in note for note in picture.notes)
    assert np.abs(np.subtract(in_srgb(picture, 8, 8), expected)).max() <= 3
    again = decode(encode(picture))
    assert again.icc_profile == picture.icc_profile


def test_a_heic_of_display_p3_without_a_profile() -> None:
    plain = decode(heic.heic("two"))
    wide = decode(heic.with_colours(heic.heic("two"), DISPLAY_P3, AS_SRGB))
    assert plain.icc_profile is None
    assert in_srgb(wide, 10, 50)[1] > plain.pixels[10, 50, 1] + 2
    np.testing.assert_array_equal(wide.pixels, plain.pixels)


@pytest.mark.parametrize("transfer", [1, 2, 6, AS_SRGB, 14])
@pytest.mark.parametrize("primaries", [BT_709, UNSAID, 5, 6])
def test_what_is_as_good_as_srgb_needs_no_profile(primaries: int, transfer: int) -> None:
    picture = decode(heic.with_colours(avif(), primaries, transfer))
    assert (picture.icc_profile, picture.notes) == (None, ())


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_high_dynamic_range_is_not_kept_and_it_is_said(transfer: int) -> None:
    for data in (heic.with_colours(avif(), BT_2020, transfer), cicp_png(BT_2020, transfer)):
        picture = decode(data)
        assert picture.icc_profile is None
        assert any("look flat" in note for note in picture.notes)


def test_a_profile_of_its_own_counts_more_than_numbers() -> None:
    own = images.profile()
    assert decode(images.saved(images.scene(16, 16), "AVIF", icc_profile=own)).icc_profile == own
    chunked = images.png(icc_profile=own)
    at = chunked.index(b"iCCP") - 4
    gamma = images.png_of((b"gAMA", GAMMA_1))[8:]
    picture = decode(chunked[:at] + gamma + chunked[at:])
    assert (picture.icc_profile, picture.notes) == (own, ())


def gamma_png(*chunks: tuple[bytes, bytes], grey: bool = False) -> bytes:
    pixels = np.full((4, 4), 100, np.uint8) if grey else np.full((4, 4, 3), 100, np.uint8)
    plain = images.saved(pixels, "PNG")
    added = images.png_of(*chunks)[8:]
    return plain[:33] + added + plain[33:]


@pytest.mark.parametrize("grey", [False, True])
def test_a_gamma_that_is_not_srgbs(grey: bool) -> None:
    picture = decode(gamma_png((b"gAMA", GAMMA_1), grey=grey))
    assert np.abs(np.subtract(in_srgb(picture, 1, 1), 168)).max() <= 1


def test_primaries_that_are_not_srgbs() -> None:
    picture = decode(gamma_png((b"gAMA", GAMMA_2_2), (b"cHRM", ADOBE_RGB)))
    assert picture.icc_profile


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"gAMA", GAMMA_2_2)],
        [(b"gAMA", GAMMA_1), (b"sRGB", b"\0")],
        [(b"cHRM", ADOBE_RGB)],
    ],
)
def test_usual_figures_are_srgb(chunks: list[tuple[bytes, bytes]]) -> None:
    picture = decode(gamma_png(*chunks))
    assert (picture.icc_profile, picture.notes) == (None, ())


@pytest.mark.parametrize("figures", [b"\0" * 32, b"\xff" * 32, ADOBE_RGB[:8] * 4])
def test_figures_without_sense_fail_no_photo(figures: bytes) -> None:
    picture = decode(gamma_png((b"gAMA", GAMMA_1), (b"cHRM", figures)))
    assert picture.icc_profile is None
    assert any("make no sense" in note for note in picture.notes)


@pytest.mark.parametrize(
    ("kind", "shape", "top_left"),
    [("turned", (64, 48), (40, 50, 190)), ("mirrored", (64, 48), (200, 30, 30))],
)
def test_a_heic_is_turned_once(
    kind: str, shape: tuple[int, int], top_left: tuple[int, int, int]
) -> None:
    picture = decode(heic.heic(kind))
    assert picture.pixels.shape[:2] == shape
    assert np.abs(picture.pixels[10, 10].astype(int) - top_left).max() < 12
    again = decode(encode(picture, "JPEG"))
    assert again.pixels.shape == picture.pixels.shape


def test_the_alpha_of_a_heic() -> None:
    alpha = decode(heic.heic("alpha")).pixels[:, :, 3]
    assert alpha[:, :28].max() < 10
    assert alpha[:, 36:].min() > 245


@pytest.mark.parametrize("orientation", [3, 5, 6])
def test_an_avif_with_alpha_is_turned_once(orientation: int) -> None:
    pixels = np.dstack([images.quarters(), np.full((48, 64), 255, np.uint8)])
    pixels[:24, :32, 3] = 0
    data = images.saved(pixels, "AVIF", quality=95, exif=images.exif(orientation))
    plain = images.saved(pixels, "PNG", exif=images.exif(orientation))
    alpha, expected = decode(data).pixels[:, :, 3], decode(plain).pixels[:, :, 3]
    assert np.median(np.abs(alpha.astype(int) - expected)) < 6
    assert (np.abs(alpha.astype(int) - expected) > 128).mean() < 0.02
