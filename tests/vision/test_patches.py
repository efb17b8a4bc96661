"""Patches: exact blending and exact files."""

import tracemalloc
import weakref
from collections.abc import Iterator

import numpy as np
import pytest

from tests import images
from vision import patches
from vision.errors import VisionError
from vision.images import encode
from vision.patches import Patch, apply

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def build_patch(channels: int, bits: int = 8, *, x: int = 5, y: int = 3) -> Patch:
    alpha = images.build_noise(9, 14, 1, seed=3)[:, :, 0]
    alpha[:3], alpha[3:6] = 0, 255
    return Patch(x, y, images.build_noise(9, 14, channels, bits=bits, seed=1), alpha)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_patch_is_blended_with_the_canvas_by_its_alpha(channels: int, bits: int) -> None:
    canvas = images.build_noise(30, 40, channels, bits=bits, seed=2)
    before = canvas.copy()
    new_patch = build_patch(channels, bits)
    result = apply(canvas, [new_patch])
    np.testing.assert_array_equal(canvas, before)
    canvas_part, result_part = canvas[3:12, 5:19], result[3:12, 5:19]
    np.testing.assert_array_equal(
        result_part[new_patch.alpha == 0], canvas_part[new_patch.alpha == 0]
    )
    np.testing.assert_array_equal(
        result_part[new_patch.alpha == 255], new_patch.pixels[new_patch.alpha == 255]
    )
    share = new_patch.alpha[:, :, None] / 255
    np.testing.assert_allclose(
        result_part, new_patch.pixels * share + canvas_part * (1 - share), atol=0.5001
    )
    result[3:12, 5:19] = canvas_part
    np.testing.assert_array_equal(result, canvas)
    assert result.dtype == canvas.dtype


def test_later_patches_cover_earlier_ones() -> None:
    canvas = np.zeros((8, 8, 1), np.uint8)
    solid = np.full((4, 4), 255, np.uint8)
    first = Patch(0, 0, np.full((4, 4, 1), 10, np.uint8), solid)
    second = Patch(2, 2, np.full((4, 4, 1), 20, np.uint8), solid)
    result = apply(canvas, [first, second])
    assert (result[1, 1, 0], result[3, 3, 0], result[7, 7, 0]) == (10, 20, 0)


@pytest.mark.parametrize("strip_bytes", [1, 14 * 3 * 4 * 4 * 2, 14 * 3 * 4 * 4 * 4])
def test_processing_in_strips_gives_the_same_result(
    monkeypatch: pytest.MonkeyPatch, strip_bytes: int
) -> None:
    canvas = images.build_noise(30, 40, bits=16, seed=2)
    whole = apply(canvas, [build_patch(3, 16)])
    monkeypatch.setattr(patches, "STRIP_BYTES", strip_bytes)
    np.testing.assert_array_equal(apply(canvas, [build_patch(3, 16)]), whole)


def test_every_blend_of_8_bits_is_rounded_exactly() -> None:
    below, alpha, new = np.meshgrid(*[np.arange(256)] * 3, indexing="ij", sparse=True)
    expected = (2 * (new * alpha + below * (255 - alpha)) + 255) // 510
    shape = (256, 256 * 256)
    canvas = np.broadcast_to(below, (256, 256, 256)).reshape(*shape, 1).astype(np.uint8)
    pixels = np.broadcast_to(new, (256, 256, 256)).reshape(*shape, 1).astype(np.uint8)
    alphas = np.broadcast_to(alpha, (256, 256, 256)).reshape(shape).astype(np.uint8)
    result = apply(canvas, [Patch(0, 0, pixels, alphas)])
    np.testing.assert_array_equal(result, expected.reshape(*shape, 1))


def test_memory_beyond_the_new_canvas_is_bounded() -> None:
    canvas = np.zeros((2000, 3000, 3), np.uint8)
    new_patch = Patch(0, 0, np.ones_like(canvas), np.full((2000, 3000), 128, np.uint8))
    tracemalloc.start()
    try:
        apply(canvas, [new_patch])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < canvas.nbytes + 17 * 2**20


def test_only_one_patch_is_in_memory_at_a_time() -> None:
    alive: weakref.WeakSet[Patch] = weakref.WeakSet()
    alive_counts: list[int] = []

    def load_patches() -> Iterator[Patch]:
        for i in range(3):
            alive_counts.append(len(alive))
            new_patch = build_patch(3, x=i)
            alive.add(new_patch)
            yield new_patch
            del new_patch

    apply(images.build_noise(30, 40), load_patches())
    assert alive_counts == [0, 0, 0]


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_patch_survives_writing_and_reading_png(channels: int, bits: int) -> None:
    new_patch = build_patch(channels, bits)
    again = Patch.from_png(new_patch.to_png(), new_patch.x, new_patch.y, MODES[channels])
    assert (again.x, again.y, again.width, again.height) == (5, 3, 14, 9)
    assert again.pixels.dtype == new_patch.pixels.dtype
    np.testing.assert_array_equal(again.pixels, new_patch.pixels)
    np.testing.assert_array_equal(again.alpha, new_patch.alpha)


@pytest.mark.parametrize(
    "data", [b"", b"junk", images.build_png(4, 4), images.build_png(4, 4)[:40]]
)
def test_a_damaged_file_is_rejected(data: bytes) -> None:
    with pytest.raises(VisionError) as caught:
        Patch.from_png(data, 0, 0, "RGB")
    assert caught.value.code == "patch_unreadable"


@pytest.mark.parametrize("new_patch", [build_patch(3, x=38), build_patch(4), build_patch(3, 16)])
def test_a_patch_that_does_not_fit_is_rejected(new_patch: Patch) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        apply(images.build_noise(30, 40), [new_patch])


def test_after_a_hundred_edits_untouched_pixels_are_unchanged() -> None:
    from vision.images import decode

    picture = decode(images.build_png(120, 90))
    canvas = picture.pixels
    for i in range(100):
        canvas = apply(canvas, [Patch.from_png(build_patch(3).to_png(), i % 60, i % 50, "RGB")])
    untouched = np.ones((90, 120), bool)
    for i in range(100):
        untouched[i % 50 + 3 : i % 50 + 9, i % 60 : i % 60 + 14] = False
    stored = decode(encode(picture.with_pixels(canvas))).pixels
    np.testing.assert_array_equal(stored[untouched], picture.pixels[untouched])
    assert (stored != picture.pixels).any()
