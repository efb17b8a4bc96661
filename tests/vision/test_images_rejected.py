"""Bad files are rejected with a code and a sentence that says what to do."""

import os
import sys
from collections.abc import Callable

import pytest

from tests import bad_images, images
from vision.errors import PictureRejected
from vision.images import Limits, decode

pytestmark = pytest.mark.decoder_child


def get_rejection(data: bytes, **limits: float) -> PictureRejected:
    with pytest.raises(PictureRejected) as caught:
        decode(data, limits=Limits(**limits))  # type: ignore[arg-type]
    error = caught.value
    assert error.permanent
    assert error.user_can_fix
    assert error.message.endswith(".")
    assert any(word in error.message for word in ("try again", "another"))
    return error


def build_valid_image(name: str) -> bytes:
    if name == "HEIF":
        return images.read_heic()
    return images.encode_pixels(images.build_scene(64, 48), name)


FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF", "GIF", "BMP"]


@pytest.mark.parametrize("share", [0.95, 0.5, 0.1])
@pytest.mark.parametrize("name", FORMATS)
def test_a_truncated_file_is_rejected(name: str, share: float) -> None:
    data = build_valid_image(name)
    assert get_rejection(data[: int(len(data) * share)]).code == "truncated"


@pytest.mark.parametrize("name", ["PNG", "AVIF", "HEIF", "GIF"])
def test_a_damaged_file_is_rejected(name: str) -> None:
    data = bytearray(build_valid_image(name))
    middle = len(data) // 3
    for i in range(middle, middle + 40):
        data[i] ^= 0x5A
    assert get_rejection(bytes(data)).code == "corrupt"


@pytest.mark.parametrize("name", FORMATS)
def test_any_damage_gives_a_picture_or_a_rejection(name: str) -> None:
    valid = build_valid_image(name)
    for seed in range(6):
        data = bytearray(valid)
        for position, value in zip(
            images.build_noise(1, 12, 1, bits=16, seed=seed).ravel(), range(12), strict=True
        ):
            data[int(position) % len(data)] ^= 1 + 20 * value
        try:
            assert decode(bytes(data)).width > 0
        except PictureRejected as error:
            assert error.code  # noqa: PT017 -- either outcome is right


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bad_images.POSTSCRIPT, id="postscript"),
        pytest.param(bad_images.SVG, id="svg"),
        pytest.param(bad_images.PDF, id="pdf"),
        pytest.param(bad_images.HTML, id="html"),
        pytest.param(bytes(images.build_noise(100, 100, 1)), id="random"),
        pytest.param(b"\0", id="one byte"),
    ],
)
def test_a_file_that_is_no_picture_is_rejected(data: bytes) -> None:
    error = get_rejection(data)
    assert error.code == "unsupported_type"
    assert "JPEG, PNG" in error.message


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xff\x0a" + bytes(40), "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), "JPEG XL"),
        (images.encode_pixels(images.build_scene(9, 9), "JPEG2000"), "JPEG 2000"),
        (b"8BPS\0\1" + bytes(40), "Photoshop"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "Camera raw"),
        (b"\0\0\0\x18ftypqt  \0\0\0\0qt  ", "Video"),
        (
            images.build_16_bit_tiff(
                images.build_noise(6, 6, 3, bits=16), tags={50706: ("B", (1, 4, 0, 0))}
            ),
            "raw",
        ),
        (
            images.build_16_bit_tiff(
                images.build_noise(6, 6, 3, bits=16), tags={254: ("I", (1,)), 330: ("I", (8,))}
            ),
            "raw",
        ),
    ],
)
def test_a_known_but_unsupported_format_is_named(data: bytes, name: str) -> None:
    error = get_rejection(data)
    assert error.code == "unsupported_type"
    assert f"{name} files can't be opened. JPEG, PNG" in error.message


def test_a_tiff_with_a_thumbnail_is_not_taken_for_a_raw_file() -> None:
    data = images.build_16_bit_tiff(images.build_noise(6, 6, 3, bits=16), tags={330: ("I", (8,))})
    assert decode(data).width == 6


def test_an_empty_file_is_rejected() -> None:
    assert get_rejection(b"").code == "empty_file"


def test_a_file_with_too_many_bytes_is_rejected() -> None:
    error = get_rejection(images.build_png(), max_bytes=1000)
    assert error.code == "too_large"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bad_images.build_png_with_false_size(2**31 - 1, 2**31 - 1), id="largest PNG"),
        pytest.param(bad_images.build_png_with_false_size(60_000, 60_000), id="large PNG"),
        pytest.param(bad_images.build_png_with_false_size(30_001, 4), id="long PNG"),
        pytest.param(bad_images.build_webp_with_false_size(16_384, 16_384), id="large WebP"),
        pytest.param(bad_images.build_png_bomb(11_000, 11_000), id="real PNG"),
    ],
)
def test_too_many_pixels_are_rejected_by_the_header(data: bytes) -> None:
    error = get_rejection(data, memory_bytes=300 * 2**20)
    assert error.code == "too_many_pixels"
    assert "120 megapixels" in error.message


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts address space")
def test_a_picture_that_needs_too_much_memory_is_rejected() -> None:
    error = get_rejection(bad_images.build_png_bomb(8000, 8000), memory_bytes=200 * 2**20)
    assert error.code == "decode_memory"


def test_a_jpeg_with_too_many_scans_is_rejected() -> None:
    data = bad_images.build_jpeg_with_scans(1500)
    assert len(data) < 100_000
    assert get_rejection(data).code == "too_many_scans"


def test_scans_are_counted_past_thumbnails_and_fill_bytes() -> None:
    exif = images.build_exif(1, thumbnail=bad_images.build_jpeg_with_scans(3000)[:60_000])
    assert decode(images.build_jpeg(progressive=True, exif=exif)).width == 64
    data_with_fill_bytes = bad_images.build_jpeg_with_scans(1500).replace(
        b"\xff\xda", b"\xff\xff\xff\xda"
    )
    assert get_rejection(data_with_fill_bytes).code == "too_many_scans"


@pytest.mark.parametrize("limits", [{"cpu_seconds": 1}, {"wall_seconds": 0.5}])
def test_a_picture_that_takes_too_long_is_rejected(limits: dict[str, float]) -> None:
    slow = bad_images.build_jpeg_with_scans(60_000)
    assert get_rejection(slow, max_scans=10**6, **limits).code == "decode_timeout"


def test_two_billion_claimed_frames_are_not_counted() -> None:
    picture = decode(bad_images.build_png_with_false_frame_count(2**31 - 1))
    assert (picture.width, picture.frames) == (32, Limits().max_frames)
    assert "or more" in picture.notes[0]


@pytest.mark.parametrize(
    "make",
    [
        lambda: images.build_16_bit_tiff(images.build_noise(6, 6, 3, bits=16), planar=True),
        lambda: images.build_16_bit_tiff(images.build_noise(6, 6, 2, bits=16)),
    ],
)
def test_rare_tiffs_are_rejected_instead_of_decoded_wrongly(make: Callable[[], bytes]) -> None:
    assert get_rejection(make()).code == "unsupported_type"


def test_the_child_process_does_not_inherit_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    from vision.images.decoding import _build_environment

    monkeypatch.setenv("SECRET_KEY", "hidden")
    assert "SECRET_KEY" not in _build_environment(os.environ)
