"""What bad files get: a code, and a sentence that says what to do."""

import os
import sys
from collections.abc import Callable

import pytest

from tests import bad_images, images
from vision.errors import PictureRejected
from vision.images import Limits, decode


def rejection(data: bytes, **limits: float) -> PictureRejected:
    with pytest.raises(PictureRejected) as caught:
        decode(data, limits=Limits(**limits))  # type: ignore[arg-type]
    reason = caught.value
    assert reason.permanent
    assert reason.user_can_fix
    assert reason.message.endswith(".")
    assert any(word in reason.message for word in ("try again", "another"))
    return reason


def good(name: str) -> bytes:
    if name == "HEIF":
        return images.heic()
    return images.saved(images.scene(64, 48), name)


FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF", "GIF", "BMP"]


@pytest.mark.parametrize("share", [0.95, 0.5, 0.1])
@pytest.mark.parametrize("name", FORMATS)
def test_cut_off(name: str, share: float) -> None:
    whole = good(name)
    assert rejection(whole[: int(len(whole) * share)]).code == "truncated"


@pytest.mark.parametrize("name", ["PNG", "AVIF", "HEIF", "GIF"])
def test_damaged_in_the_middle(name: str) -> None:
    data = bytearray(good(name))
    middle = len(data) // 3
    for i in range(middle, middle + 40):
        data[i] ^= 0x5A
    assert rejection(bytes(data)).code == "corrupt"


@pytest.mark.parametrize("name", FORMATS)
def test_any_damage_gives_a_picture_or_a_rejection(name: str) -> None:
    whole = good(name)
    for seed in range(6):
        data = bytearray(whole)
        for at, value in zip(
            images.noise(1, 12, 1, bits=16, seed=seed).ravel(), range(12), strict=True
        ):
            data[int(at) % len(data)] ^= 1 + 20 * value
        try:
            assert decode(bytes(data)).width > 0
        except PictureRejected as reason:
            assert reason.code  # noqa: PT017 -- either outcome is right


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bad_images.POSTSCRIPT, id="postscript"),
        pytest.param(bad_images.SVG, id="svg"),
        pytest.param(bad_images.PDF, id="pdf"),
        pytest.param(bad_images.HTML, id="html"),
        pytest.param(bytes(images.noise(100, 100, 1)), id="random"),
        pytest.param(b"\0", id="one byte"),
    ],
)
def test_not_a_picture(data: bytes) -> None:
    reason = rejection(data)
    assert reason.code == "unsupported_type"
    assert "JPEG, PNG" in reason.message


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xff\x0a" + bytes(40), "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), "JPEG XL"),
        (images.saved(images.scene(9, 9), "JPEG2000"), "JPEG 2000"),
        (b"8BPS\0\1" + bytes(40), "Photoshop"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "Camera raw"),
        (b"\0\0\0\x18ftypqt  \0\0\0\0qt  ", "Video"),
        (
            images.deep_tiff(images.noise(6, 6, 3, bits=16), tags={50706: ("B", (1, 4, 0, 0))}),
            "raw",
        ),
        (
            images.deep_tiff(
                images.noise(6, 6, 3, bits=16), tags={254: ("I", (1,)), 330: ("I", (8,))}
            ),
            "raw",
        ),
    ],
)
def test_what_is_known_but_not_opened_is_named(data: bytes, name: str) -> None:
    reason = rejection(data)
    assert reason.code == "unsupported_type"
    assert f"{name} files can't be opened. JPEG, PNG" in reason.message


def test_a_small_version_behind_a_tiff_makes_it_no_raw_file() -> None:
    data = images.deep_tiff(images.noise(6, 6, 3, bits=16), tags={330: ("I", (8,))})
    assert decode(data).width == 6


def test_empty() -> None:
    assert rejection(b"").code == "empty_file"


def test_too_many_bytes() -> None:
    reason = rejection(images.png(), max_bytes=1000)
    assert reason.code == "too_large"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bad_images.png_claiming(2**31 - 1, 2**31 - 1), id="largest PNG"),
        pytest.param(bad_images.png_claiming(60_000, 60_000), id="large PNG"),
        pytest.param(bad_images.png_claiming(20_000, 4), id="long PNG"),
        pytest.param(bad_images.webp_claiming(16_384, 16_384), id="large WebP"),
        pytest.param(bad_images.png_bomb(9000, 9000), id="real PNG"),
    ],
)
def test_too_many_pixels_are_known_from_the_header(data: bytes) -> None:
    reason = rejection(data, memory_bytes=300 * 2**20)
    assert reason.code == "too_many_pixels"
    assert "70 megapixels" in reason.message


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts address space")
def test_memory() -> None:
    reason = rejection(bad_images.png_bomb(8000, 8000), memory_bytes=200 * 2**20)
    assert reason.code == "decode_memory"


def test_a_jpeg_of_a_thousand_scans() -> None:
    data = bad_images.progressive_with_scans(1500)
    assert len(data) < 100_000
    assert rejection(data).code == "too_many_scans"


def test_scans_are_counted_past_thumbnails_and_fill_bytes() -> None:
    inside = images.exif(1, thumbnail=bad_images.progressive_with_scans(3000)[:60_000])
    assert decode(images.jpeg(progressive=True, exif=inside)).width == 64
    padded = bad_images.progressive_with_scans(1500).replace(b"\xff\xda", b"\xff\xff\xff\xda")
    assert rejection(padded).code == "too_many_scans"


@pytest.mark.parametrize("limits", [{"cpu_seconds": 1}, {"wall_seconds": 0.5}])
def test_time(limits: dict[str, float]) -> None:
    slow = bad_images.progressive_with_scans(60_000)
    assert rejection(slow, max_scans=10**6, **limits).code == "decode_timeout"


@pytest.mark.parametrize("chunk", [b"iCCP", b"zTXt"])
def test_a_bomb_in_a_side_chunk(chunk: bytes) -> None:
    data = bad_images.png_with_bomb_chunk(chunk)
    assert rejection(data, memory_bytes=300 * 2**20).code == "corrupt"


def test_a_claim_of_two_billion_frames() -> None:
    picture = decode(bad_images.animated_png_claiming(2**31 - 1))
    assert (picture.width, picture.frames) == (32, Limits().max_frames)
    assert "or more" in picture.notes[0]


@pytest.mark.parametrize(
    "make",
    [
        lambda: images.deep_tiff(images.noise(6, 6, 3, bits=16), planar=True),
        lambda: images.deep_tiff(images.noise(6, 6, 2, bits=16)),
    ],
)
def test_rare_tiffs_are_refused_rather_than_shown_wrong(make: Callable[[], bytes]) -> None:
    assert rejection(make()).code == "unsupported_type"


def test_the_child_does_not_know_the_parents_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    from vision.images.decoding import _build_environment

    monkeypatch.setenv("SECRET_KEY", "hidden")
    assert "SECRET_KEY" not in _build_environment(os.environ)
