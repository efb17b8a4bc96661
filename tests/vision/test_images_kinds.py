"""Every kind of picture the whole way: decoded, something removed, written, opened again.

docs/pictures.md says the same in a table for people.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from tests import heic, images, profiles
from vision import masks
from vision.images import FORMATS, choose_output_format, decode, encode
from vision.patches import apply
from vision.progress import Checkpoint
from vision.removal import remove

SCENE = images.scene(64, 48)
WITH_ALPHA = np.dstack([SCENE, np.tile(np.linspace(0, 255, 64).astype(np.uint8), (48, 1))])
SRGB, GREY = images.profile(), profiles.grey()
HEIC = heic.heic("icc")


class Fills:
    """With what is usual around the hole."""

    name = "fills"
    at_once = 1

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        checkpoint(1.0)
        filled = crop.copy()
        filled[mask > 0] = np.median(crop[mask == 0], axis=0).astype(np.uint8)
        return filled


@dataclass
class Kind:
    """One row of the table: a file; its canvas, what is said, how it is written by default."""

    name: str
    make: Callable[[], bytes]
    canvas: str
    said: str = ""
    written: str = ""
    profile: bytes | None = None
    again: str = ""


def pillow(mode: str, name: str, **options: Any) -> Callable[[], bytes]:
    image = Image.fromarray(WITH_ALPHA if "A" in mode else SCENE)
    return lambda: file(image.convert(mode), name, **options)


def palette(name: str, **options: Any) -> Callable[[], bytes]:
    return lambda: file(Image.fromarray(SCENE).quantize(16), name, **options)


def frames(name: str, **options: Any) -> Callable[[], bytes]:
    shown = [Image.fromarray(SCENE), Image.new("RGB", (64, 48), "blue")]
    return lambda: file(shown[0], name, save_all=True, append_images=shown[1:], **options)


def deep_avif(bits: int) -> bytes:
    pixels = SCENE.astype(np.uint16) << (bits - 8)
    return cv2.imencode(".avif", pixels, [cv2.IMWRITE_AVIF_DEPTH, bits])[1].tobytes()


def lab() -> bytes:
    srgb, other = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    converted = ImageCms.profileToProfile(Image.fromarray(SCENE), srgb, other, outputMode="LAB")
    assert converted is not None
    return file(converted, "TIFF")


def file(image: Image.Image, name: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, name, **options)
    return target.getvalue()


def deep(channels: int) -> NDArray[Any]:
    return images.noise(48, 64, channels, bits=16)


CUT = "bits a channel reduced to 8"
INSIDE = "Further pictures"
KINDS = [
    Kind("JPEG", pillow("RGB", "JPEG", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("JPEG, grey", pillow("L", "JPEG", icc_profile=GREY), "L;8", profile=GREY),
    Kind("JPEG, CMYK", pillow("CMYK", "JPEG"), "RGB;8", "CMYK without a usable colour profile"),
    Kind(
        "JPEG, CMYK with a profile",
        pillow("CMYK", "JPEG", icc_profile=profiles.cmyk()),
        "RGB;8",
        "CMYK converted to sRGB",
    ),
    Kind("JPEG of several pictures", frames("MPO"), "RGB;8", INSIDE, "JPEG"),
    Kind("PNG, 1 bit", pillow("1", "PNG"), "L;8"),
    Kind("PNG, 1 bit, one clear", pillow("1", "PNG", transparency=0), "LA;8"),
    Kind("PNG, grey", pillow("L", "PNG", icc_profile=GREY), "L;8", profile=GREY),
    Kind("PNG, grey with alpha", pillow("LA", "PNG", icc_profile=GREY), "LA;8", profile=GREY),
    Kind("PNG, palette", palette("PNG", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("PNG, palette, one clear", palette("PNG", transparency=3), "RGBA;8"),
    Kind("PNG, palette with alpha", palette("PNG", transparency=bytes(range(16))), "RGBA;8"),
    Kind("PNG, RGB, one clear", pillow("RGB", "PNG", transparency=(1, 2, 3)), "RGBA;8"),
    Kind("PNG, RGBA", pillow("RGBA", "PNG", icc_profile=SRGB), "RGBA;8", profile=SRGB),
    Kind("PNG, 16 bit grey", lambda: images.deep_png(deep(1)), "L;16"),
    Kind("PNG, 16 bit grey with alpha", lambda: images.deep_png(deep(2)), "LA;16", again="RGBA;16"),
    Kind("PNG, 16 bit RGB", lambda: images.deep_png(deep(3)), "RGB;16"),
    Kind("PNG, 16 bit RGBA", lambda: images.deep_png(deep(4)), "RGBA;16"),
    Kind("PNG, animated", frames("PNG"), "RGB;8", "The first of 2 frames"),
    Kind("WebP", pillow("RGB", "WEBP", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("WebP with alpha", pillow("RGBA", "WEBP"), "RGBA;8"),
    Kind("WebP, lossless", pillow("RGBA", "WEBP", lossless=True, exact=True), "RGBA;8"),
    Kind("WebP, animated", frames("WEBP", lossless=True), "RGB;8", "The first of 2 frames"),
    Kind("TIFF, 1 bit", pillow("1", "TIFF", compression="group4"), "L;8"),
    Kind("TIFF, grey", pillow("L", "TIFF", icc_profile=GREY), "L;8", profile=GREY),
    Kind("TIFF, grey with alpha", pillow("LA", "TIFF"), "LA;8"),
    Kind("TIFF, palette", palette("TIFF"), "RGB;8"),
    Kind("TIFF, RGB", pillow("RGB", "TIFF", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("TIFF, RGBA", pillow("RGBA", "TIFF"), "RGBA;8"),
    Kind("TIFF, CMYK", pillow("CMYK", "TIFF"), "RGB;8", "CMYK without a usable colour profile"),
    Kind("TIFF, YCbCr", pillow("YCbCr", "TIFF"), "RGB;8"),
    Kind("TIFF, Lab", lab, "RGB;8", "Lab converted to sRGB"),
    Kind("TIFF, 16 bit grey", lambda: images.deep_tiff(deep(1)), "L;16"),
    Kind("TIFF, 16 bit RGB", lambda: images.deep_tiff(deep(3)), "RGB;16"),
    Kind("TIFF, 16 bit RGBA", lambda: images.deep_tiff(deep(4)), "RGBA;16"),
    Kind("TIFF of several pages", frames("TIFF"), "RGB;8", "The first of 2 pages"),
    Kind("AVIF", pillow("RGB", "AVIF", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("AVIF, grey", pillow("L", "AVIF"), "L;8"),
    Kind("AVIF with alpha", pillow("RGBA", "AVIF"), "RGBA;8"),
    Kind("AVIF, 10 bit", lambda: deep_avif(10), "RGB;8", CUT),
    Kind("AVIF, 12 bit", lambda: deep_avif(12), "RGB;8", CUT),
    Kind("AVIF, animated", frames("AVIF"), "RGB;8", "The first of 2 frames"),
    Kind("HEIC", lambda: HEIC, "RGB;8", "", "PNG", heic.profile_in(HEIC)),
    Kind("HEIC, grey", lambda: heic.heic("grey"), "L;8", "", "PNG"),
    Kind("HEIC with alpha", lambda: heic.heic("alpha"), "RGBA;8", "", "PNG"),
    Kind("HEIC, 10 bit", lambda: heic.heic("ten bits"), "RGB;8", CUT, "PNG"),
    Kind("HEIC of two", lambda: heic.heic("two"), "RGB;8", "The first of 2 pictures", "PNG"),
    Kind("HEIC with a gain map", lambda: heic.heic("more inside"), "RGB;8", INSIDE, "PNG"),
    Kind("GIF", palette("GIF"), "RGB;8", "", "PNG"),
    Kind("GIF, one clear", palette("GIF", transparency=3), "RGBA;8", "", "PNG"),
    Kind("GIF, animated", frames("GIF"), "RGB;8", "The first of 2 frames", "PNG"),
    Kind("BMP", pillow("RGB", "BMP"), "RGB;8"),
    Kind("BMP, palette", palette("BMP"), "RGB;8"),
]


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.name) for kind in KINDS])
def test_the_whole_way(kind: Kind) -> None:
    picture = decode(kind.make())
    assert called(picture) == kind.canvas
    assert picture.icc_profile == kind.profile
    if kind.said:
        assert any(kind.said in note for note in picture.notes)
    else:
        assert picture.notes == ()
    name = choose_output_format(picture)
    assert name == (kind.written or picture.format)

    mask = masks.from_boxes((48, 64), [(20, 12, 16, 12)])
    done = apply(picture.pixels, remove(picture, mask, Fills()))
    np.testing.assert_array_equal(done[mask == 0], picture.pixels[mask == 0])
    again = decode(encode(picture.with_pixels(done)))
    assert called(again) == (kind.again or kind.canvas)
    assert again.icc_profile == kind.profile
    assert again.notes == ()
    if FORMATS[name].lossless or (name == "WEBP" and picture.lossless):
        kept = again.pixels[..., [0, -1]] if kind.again else again.pixels
        np.testing.assert_array_equal(kept, done)
    else:
        assert np.abs(again.pixels.astype(int) - done).mean() < 4


def called(picture: Any) -> str:
    """As `Photo.mode` has it."""
    return f"{picture.mode};{8 * picture.pixels.dtype.itemsize}"
