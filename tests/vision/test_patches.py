"""Patches: exact on the canvas, exact in their files."""

import numpy as np
import pytest

from tests import images
from vision.errors import VisionError
from vision.images import encode
from vision.patches import Patch, apply

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def patch(channels: int, bits: int = 8, *, x: int = 5, y: int = 3) -> Patch:
    alpha = images.noise(9, 14, 1, seed=3)[:, :, 0]
    alpha[:3], alpha[3:6] = 0, 255
    return Patch(x, y, images.noise(9, 14, channels, bits=bits, seed=1), alpha)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_laid_on_a_canvas(channels: int, bits: int) -> None:
    canvas = images.noise(30, 40, channels, bits=bits, seed=2)
    before = canvas.copy()
    one = patch(channels, bits)
    result = apply(canvas, [one])
    np.testing.assert_array_equal(canvas, before)
    below, above = canvas[3:12, 5:19], result[3:12, 5:19]
    np.testing.assert_array_equal(above[one.alpha == 0], below[one.alpha == 0])
    np.testing.assert_array_equal(above[one.alpha == 255], one.pixels[one.alpha == 255])
    share = one.alpha[:, :, None] / 255
    np.testing.assert_allclose(above, one.pixels * share + below * (1 - share), atol=0.5001)
    result[3:12, 5:19] = below
    np.testing.assert_array_equal(result, canvas)
    assert result.dtype == canvas.dtype


def test_later_patches_lie_on_earlier_ones() -> None:
    canvas = np.zeros((8, 8, 1), np.uint8)
    solid = np.full((4, 4), 255, np.uint8)
    first = Patch(0, 0, np.full((4, 4, 1), 10, np.uint8), solid)
    second = Patch(2, 2, np.full((4, 4, 1), 20, np.uint8), solid)
    result = apply(canvas, [first, second])
    assert (result[1, 1, 0], result[3, 3, 0], result[7, 7, 0]) == (10, 20, 0)


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_to_png_and_back(channels: int, bits: int) -> None:
    one = patch(channels, bits)
    again = Patch.from_png(one.to_png(), one.x, one.y, MODES[channels])
    assert (again.x, again.y, again.width, again.height) == (5, 3, 14, 9)
    assert again.pixels.dtype == one.pixels.dtype
    np.testing.assert_array_equal(again.pixels, one.pixels)
    np.testing.assert_array_equal(again.alpha, one.alpha)


@pytest.mark.parametrize("data", [b"", b"junk", images.png(4, 4), images.png(4, 4)[:40]])
def test_a_damaged_file(data: bytes) -> None:
    with pytest.raises(VisionError) as caught:
        Patch.from_png(data, 0, 0, "RGB")
    assert caught.value.code == "patch_unreadable"


@pytest.mark.parametrize("one", [patch(3, x=38), patch(4), patch(3, 16)])
def test_a_patch_that_does_not_fit(one: Patch) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        apply(images.noise(30, 40), [one])


def test_a_hundred_edits_later_the_rest_is_as_it_was() -> None:
    from vision.images import decode

    picture = decode(images.png(120, 90))
    canvas = picture.pixels
    for i in range(100):
        canvas = apply(canvas, [Patch.from_png(patch(3).to_png(), i % 60, i % 50, "RGB")])
    untouched = np.ones((90, 120), bool)
    for i in range(100):
        untouched[i % 50 + 3 : i % 50 + 9, i % 60 : i % 60 + 14] = False
    stored = decode(encode(picture.with_pixels(canvas))).pixels
    np.testing.assert_array_equal(stored[untouched], picture.pixels[untouched])
    assert (stored != picture.pixels).any()
