"""What is not pixels never decides whether a photo opens: it is left out, with a note."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from tests import bad_images, images
from vision.errors import PictureRejected
from vision.images import Limits, Picture, decode

SCENE = images.build_scene(64, 48)
ANCILLARY = ["iCCP", "tEXt", "zTXt", "iTXt", "eXIf", "tIME", "pHYs", "gAMA", "cHRM", "sRGB", "tRNS"]
ANCILLARY += [
    "bKGD",
    "hIST",
    "sBIT",
    "sPLT",
    "cICP",
    "mDCV",
    "cLLI",
    "acTL",
    "fcTL",
    "fdAT",
    "prVt",
]
PACKED = zlib.compress(b"x" * 1_200_000)


def build_chunk(name: str, payload: bytes, *, damage: int = 0) -> bytes:
    content = name.encode() + payload
    checksum = zlib.crc32(content) ^ damage
    return struct.pack(">I", len(payload)) + content + struct.pack(">I", checksum)


def insert_chunk(chunk: bytes, *, bits: int = 8) -> bytes:
    """Return a PNG of `SCENE` with `chunk` after its header."""
    png = (
        images.encode_pixels(SCENE, "PNG")
        if bits == 8
        else images.build_16_bit_png(SCENE.astype(np.uint16) * np.uint16(257))
    )
    return png[:33] + chunk + png[33:]


def build_segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def insert_segment(segment: bytes) -> bytes:
    """Return a JPEG of `SCENE` with `segment` after its first marker."""
    jpeg = images.encode_pixels(SCENE, "JPEG")
    return jpeg[:2] + segment + jpeg[2:]


def assert_opened_with_note(data: bytes, like: bytes) -> Picture:
    picture = decode(data)
    np.testing.assert_array_equal(picture.pixels, decode(like).pixels)
    assert any("left out" in note or "end of the file" in note for note in picture.notes)
    return picture


@pytest.mark.parametrize("name", ANCILLARY)
def test_a_png_opens_without_a_chunk_whose_checksum_is_wrong(name: str) -> None:
    data = insert_chunk(build_chunk(name, b"Comment\0x", damage=1))
    assert_opened_with_note(data, images.encode_pixels(SCENE, "PNG"))


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("zTXt", b"Comment\0\0" + PACKED),
        ("iTXt", b"Comment\0\1\0en\0\0" + PACKED),
        ("iCCP", b"scanner\0\0" + PACKED),
        ("iCCP", b"scanner\0\1" + zlib.compress(images.build_profile())),
        ("zTXt", b"Comment\0\1x"),
        ("iCCP", b"scanner\0\0no zlib"),
        ("iCCP", b"scanner\0\0" + zlib.compress(images.build_profile())[:-20]),
        ("iCCP", b"no separator"),
        ("pHYs", b"\0\0"),
        ("gAMA", b""),
        ("cHRM", bytes(31)),
        ("sRGB", b""),
        ("tRNS", b"\0"),
        ("cICP", b"\1"),
        ("acTL", b"\0"),
        ("fcTL", bytes(26)),
        ("tEXt", b"transparency\0x"),
        ("tEXt", b"dpi\0x"),
    ],
)
@pytest.mark.parametrize("bits", [8, 16])
def test_a_png_opens_without_a_chunk_that_is_malformed_or_too_large(
    name: str, payload: bytes, bits: int
) -> None:
    data = insert_chunk(build_chunk(name, payload), bits=bits)
    picture = assert_opened_with_note(data, insert_chunk(b"", bits=bits))
    assert picture.pixels.dtype.itemsize * 8 == bits


@pytest.mark.parametrize("name", ["bKGD", "PLTE", "tIME"])
def test_16_bits_stay_beside_a_chunk_that_opencv_refuses(name: str) -> None:
    assert decode(insert_chunk(build_chunk(name, b""), bits=16)).pixels.dtype == np.uint16


def test_a_png_opens_past_a_chunk_with_a_wrong_length() -> None:
    chunk = bytearray(build_chunk("tEXt", b"Comment\0" + 40 * b"x"))
    chunk[3] += 7
    assert_opened_with_note(insert_chunk(bytes(chunk)), images.encode_pixels(SCENE, "PNG"))


def test_sound_chunks_stay_beside_a_damaged_one() -> None:
    profile = images.build_profile()
    png = images.encode_pixels(SCENE, "PNG", icc_profile=profile, dpi=(300, 300))
    picture = decode(png[:33] + build_chunk("tIME", b"1234567", damage=1) + png[33:])
    assert picture.icc_profile == profile
    assert picture.density == pytest.approx((300, 300), abs=0.1)


def test_half_an_animation_gives_its_still_picture() -> None:
    frames = [Image.fromarray(np.roll(SCENE, shift, axis=1)) for shift in (0, 9, 18)]
    target = io.BytesIO()
    frames[0].save(target, "PNG", save_all=True, append_images=frames[1:])
    data = bytearray(target.getvalue())
    data[data.index(b"fdAT") + 20] ^= 1
    assert assert_opened_with_note(bytes(data), images.encode_pixels(SCENE, "PNG")).frames == 1


@pytest.mark.decoder_child
@pytest.mark.parametrize("chunk", [b"iCCP", b"zTXt"])
def test_a_compression_bomb_beside_the_pixels_is_not_unpacked(chunk: bytes) -> None:
    data = bad_images.build_png_with_bomb_chunk(chunk)
    assert decode(data, limits=Limits(memory_bytes=300 * 2**20)).notes


@pytest.mark.parametrize("lost", [1, 4, 12, 16])
def test_a_png_without_its_end_opens(lost: int) -> None:
    data = images.encode_pixels(SCENE, "PNG")
    assert_opened_with_note(data[:-lost], data)


def test_a_wrong_checksum_of_sound_pixels_is_passed_over() -> None:
    data = bytearray(images.encode_pixels(SCENE, "PNG"))
    data[-13] ^= 1
    picture = decode(bytes(data))
    np.testing.assert_array_equal(picture.pixels, SCENE)
    assert "checksum" in picture.notes[0]


@pytest.mark.parametrize("name", [b"IHDR", b"PLTE", b"IDAT"])
def test_a_png_whose_pixels_are_not_proven_is_rejected(name: bytes) -> None:
    palette = images.encode_pixels(SCENE[:, :, 0], "PNG")
    target = io.BytesIO()
    Image.open(io.BytesIO(palette)).quantize(16).save(target, "PNG")
    data = bytearray(target.getvalue())
    data[data.index(name) + 9] ^= 1
    with pytest.raises(PictureRejected) as caught:
        decode(bytes(data))
    assert caught.value.code == "corrupt"


JPEG_KINDS: dict[str, Callable[[], bytes]] = {
    "baseline": lambda: images.encode_pixels(SCENE, "JPEG"),
    "progressive": lambda: images.encode_pixels(SCENE, "JPEG", progressive=True),
    "restarts": lambda: images.encode_pixels(SCENE, "JPEG", restart_marker_blocks=2),
    "grey": lambda: images.encode_pixels(SCENE[:, :, 0], "JPEG", progressive=True),
}


@pytest.mark.parametrize("kind", JPEG_KINDS)
@pytest.mark.parametrize("filling", [b"", b"\xff", b"\xff" * 600, bytes(600)])
def test_a_jpeg_that_lacks_only_its_end_marker_opens(kind: str, filling: bytes) -> None:
    data = JPEG_KINDS[kind]()
    assert_opened_with_note(data[:-2] + filling, data)


@pytest.mark.parametrize("kind", JPEG_KINDS)
def test_a_jpeg_that_lacks_pixels_is_rejected(kind: str) -> None:
    data = JPEG_KINDS[kind]()
    scans = [at for at in range(len(data)) if data[at : at + 2] == b"\xff\xda"][1:]
    restarts = [at for at in range(len(data)) if data[at : at + 2] == b"\xff\xd5"]
    for end in (len(data) - 4, len(data) * 3 // 4, *scans[-1:], *restarts[-1:]):
        for filling in (b"", bytes(600)):
            with pytest.raises(PictureRejected) as caught:
                decode(data[:end] + filling)
            assert caught.value.code == "truncated"


@pytest.mark.parametrize(
    ("marker", "payload"),
    [
        (0xE0, b"JFIF\0"),
        (0xE2, b"ICC_PROFILE\0"),
        (0xE2, b"ICC_PROFILE\0\2\2abc"),
        (0xED, b"Photoshop 3.0\x008BIM\x03\xed"),
        (0xEE, b"Adobe"),
        (0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
        (0xF7, b"extension"),
    ],
)
def test_a_jpeg_opens_without_a_damaged_segment(marker: int, payload: bytes) -> None:
    data = insert_segment(build_segment(marker, payload))
    assert_opened_with_note(data, images.encode_pixels(SCENE, "JPEG"))


@pytest.mark.parametrize("position", ["behind", "before"])
@pytest.mark.parametrize("length", [5, 2**31])
def test_a_webp_opens_beside_a_chunk_with_a_wrong_length(position: str, length: int) -> None:
    options = {"exif": images.build_exif(1), "icc_profile": images.build_profile()}
    data = bytearray(images.encode_pixels(SCENE, "WEBP", **options))
    at = data.index(b"EXIF" if position == "behind" else b"ICCP") + 4
    data[at : at + 4] = length.to_bytes(4, "little")
    assert_opened_with_note(bytes(data), images.encode_pixels(SCENE, "WEBP"))


def test_a_webp_that_is_cut_off_behind_its_pixels_opens() -> None:
    data = images.encode_pixels(SCENE, "WEBP", exif=images.build_exif(1))
    assert_opened_with_note(data[:-30], data)


@pytest.mark.parametrize("tag", [282, 296, 34665, 34675])
def test_a_tiff_opens_beside_a_damaged_tag(tag: int) -> None:
    data = bytearray(images.encode_pixels(SCENE, "TIFF", dpi=(300, 300)))
    (start,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, start)
    at = next(
        at
        for at in range(start + 2, start + 2 + 12 * count, 12)
        if struct.unpack_from("<H", data, at)[0] in (282, 305)
    )
    struct.pack_into("<HHII", data, at, tag, 7, 2**31, 2**31)
    assert_opened_with_note(bytes(data), images.encode_pixels(SCENE, "TIFF"))


def test_an_avif_opens_beside_damaged_exif() -> None:
    exif = Image.Exif()
    exif[271] = "Maker"
    data = images.encode_pixels(SCENE, "AVIF", exif=exif.tobytes())
    assert_opened_with_note(data.replace(b"MM\0*", b"XXXX"), data)


def test_a_cut_off_profile_is_left_out() -> None:
    data = images.encode_pixels(SCENE, "JPEG", icc_profile=images.build_profile()[:300])
    assert assert_opened_with_note(data, data).icc_profile is None
