"""Every kind of picture: decoded, edited, encoded and decoded again.

docs/pictures.md has the same table for readers.
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

SCENE = images.build_scene(64, 48)
WITH_ALPHA = np.dstack([SCENE, np.tile(np.linspace(0, 255, 64).astype(np.uint8), (48, 1))])
SRGB, GREY = images.build_profile(), profiles.build_grey()
HEIC = heic.read_heic("icc")


class MedianFill:
    """An inpainter that fills with the median colour around the hole."""

    name = "fills"
    max_parallel_regions = 1

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        checkpoint(1.0)
        filled = crop.copy()
        filled[mask > 0] = np.median(crop[mask == 0], axis=0).astype(np.uint8)
        return filled


@dataclass
class Kind:
    """One row of the table: a file, its canvas, its note, and how it is written by default."""

    name: str
    make: Callable[[], bytes]
    canvas: str
    note: str = ""
    written_format: str = ""
    profile: bytes | None = None
    rewritten_canvas: str = ""


def build_with_pillow(mode: str, name: str, **options: Any) -> Callable[[], bytes]:
    image = Image.fromarray(WITH_ALPHA if "A" in mode else SCENE)
    return lambda: save_image(image.convert(mode), name, **options)


def build_with_palette(name: str, **options: Any) -> Callable[[], bytes]:
    return lambda: save_image(Image.fromarray(SCENE).quantize(16), name, **options)


def build_with_frames(name: str, **options: Any) -> Callable[[], bytes]:
    pictures = [Image.fromarray(SCENE), Image.new("RGB", (64, 48), "blue")]
    return lambda: save_image(
        pictures[0], name, save_all=True, append_images=pictures[1:], **options
    )


def build_deep_avif(bits: int) -> bytes:
    pixels = SCENE.astype(np.uint16) << (bits - 8)
    return cv2.imencode(".avif", pixels, [cv2.IMWRITE_AVIF_DEPTH, bits])[1].tobytes()


def build_lab() -> bytes:
    srgb, other = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    converted = ImageCms.profileToProfile(Image.fromarray(SCENE), srgb, other, outputMode="LAB")
    assert converted is not None
    return save_image(converted, "TIFF")


def save_image(image: Image.Image, name: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, name, **options)
    return target.getvalue()


def build_16_bit_noise(channels: int) -> NDArray[Any]:
    return images.build_noise(48, 64, channels, bits=16)


REDUCED = "bits a channel reduced to 8"
FURTHER_PICTURES = "Further pictures"
KINDS = [
    Kind("JPEG", build_with_pillow("RGB", "JPEG", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("JPEG, grey", build_with_pillow("L", "JPEG", icc_profile=GREY), "L;8", profile=GREY),
    Kind(
        "JPEG, CMYK",
        build_with_pillow("CMYK", "JPEG"),
        "RGB;8",
        "CMYK without a usable colour profile",
    ),
    Kind(
        "JPEG, CMYK with a profile",
        build_with_pillow("CMYK", "JPEG", icc_profile=profiles.build_cmyk()),
        "RGB;8",
        "CMYK converted to sRGB",
    ),
    Kind("JPEG of several pictures", build_with_frames("MPO"), "RGB;8", FURTHER_PICTURES, "JPEG"),
    Kind("PNG, 1 bit", build_with_pillow("1", "PNG"), "L;8"),
    Kind("PNG, 1 bit, one clear", build_with_pillow("1", "PNG", transparency=0), "LA;8"),
    Kind("PNG, grey", build_with_pillow("L", "PNG", icc_profile=GREY), "L;8", profile=GREY),
    Kind(
        "PNG, grey with alpha",
        build_with_pillow("LA", "PNG", icc_profile=GREY),
        "LA;8",
        profile=GREY,
    ),
    Kind("PNG, palette", build_with_palette("PNG", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("PNG, palette, one clear", build_with_palette("PNG", transparency=3), "RGBA;8"),
    Kind(
        "PNG, palette with alpha",
        build_with_palette("PNG", transparency=bytes(range(16))),
        "RGBA;8",
    ),
    Kind("PNG, RGB, one clear", build_with_pillow("RGB", "PNG", transparency=(1, 2, 3)), "RGBA;8"),
    Kind("PNG, RGBA", build_with_pillow("RGBA", "PNG", icc_profile=SRGB), "RGBA;8", profile=SRGB),
    Kind("PNG, 16 bit grey", lambda: images.build_16_bit_png(build_16_bit_noise(1)), "L;16"),
    Kind(
        "PNG, 16 bit grey with alpha",
        lambda: images.build_16_bit_png(build_16_bit_noise(2)),
        "LA;16",
        rewritten_canvas="RGBA;16",
    ),
    Kind("PNG, 16 bit RGB", lambda: images.build_16_bit_png(build_16_bit_noise(3)), "RGB;16"),
    Kind("PNG, 16 bit RGBA", lambda: images.build_16_bit_png(build_16_bit_noise(4)), "RGBA;16"),
    Kind("PNG, animated", build_with_frames("PNG"), "RGB;8", "The first of 2 frames"),
    Kind("WebP", build_with_pillow("RGB", "WEBP", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("WebP with alpha", build_with_pillow("RGBA", "WEBP"), "RGBA;8"),
    Kind("WebP, lossless", build_with_pillow("RGBA", "WEBP", lossless=True, exact=True), "RGBA;8"),
    Kind(
        "WebP, animated", build_with_frames("WEBP", lossless=True), "RGB;8", "The first of 2 frames"
    ),
    Kind("TIFF, 1 bit", build_with_pillow("1", "TIFF", compression="group4"), "L;8"),
    Kind("TIFF, grey", build_with_pillow("L", "TIFF", icc_profile=GREY), "L;8", profile=GREY),
    Kind("TIFF, grey with alpha", build_with_pillow("LA", "TIFF"), "LA;8"),
    Kind("TIFF, palette", build_with_palette("TIFF"), "RGB;8"),
    Kind("TIFF, RGB", build_with_pillow("RGB", "TIFF", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("TIFF, RGBA", build_with_pillow("RGBA", "TIFF"), "RGBA;8"),
    Kind(
        "TIFF, CMYK",
        build_with_pillow("CMYK", "TIFF"),
        "RGB;8",
        "CMYK without a usable colour profile",
    ),
    Kind("TIFF, YCbCr", build_with_pillow("YCbCr", "TIFF"), "RGB;8"),
    Kind("TIFF, Lab", build_lab, "RGB;8", "Lab converted to sRGB"),
    Kind("TIFF, 16 bit grey", lambda: images.build_16_bit_tiff(build_16_bit_noise(1)), "L;16"),
    Kind("TIFF, 16 bit RGB", lambda: images.build_16_bit_tiff(build_16_bit_noise(3)), "RGB;16"),
    Kind("TIFF, 16 bit RGBA", lambda: images.build_16_bit_tiff(build_16_bit_noise(4)), "RGBA;16"),
    Kind("TIFF of several pages", build_with_frames("TIFF"), "RGB;8", "The first of 2 pages"),
    Kind("AVIF", build_with_pillow("RGB", "AVIF", icc_profile=SRGB), "RGB;8", profile=SRGB),
    Kind("AVIF, grey", build_with_pillow("L", "AVIF"), "L;8"),
    Kind("AVIF with alpha", build_with_pillow("RGBA", "AVIF"), "RGBA;8"),
    Kind("AVIF, 10 bit", lambda: build_deep_avif(10), "RGB;8", REDUCED),
    Kind("AVIF, 12 bit", lambda: build_deep_avif(12), "RGB;8", REDUCED),
    Kind("AVIF, animated", build_with_frames("AVIF"), "RGB;8", "The first of 2 frames"),
    Kind("HEIC", lambda: HEIC, "RGB;8", "", "PNG", heic.extract_profile(HEIC)),
    Kind("HEIC, grey", lambda: heic.read_heic("grey"), "L;8", "", "PNG"),
    Kind("HEIC with alpha", lambda: heic.read_heic("alpha"), "RGBA;8", "", "PNG"),
    Kind("HEIC, 10 bit", lambda: heic.read_heic("ten bits"), "RGB;8", REDUCED, "PNG"),
    Kind("HEIC of two", lambda: heic.read_heic("two"), "RGB;8", "The first of 2 pictures", "PNG"),
    Kind(
        "HEIC with a gain map",
        lambda: heic.read_heic("more inside"),
        "RGB;8",
        FURTHER_PICTURES,
        "PNG",
    ),
    Kind("GIF", build_with_palette("GIF"), "RGB;8", "", "PNG"),
    Kind("GIF, one clear", build_with_palette("GIF", transparency=3), "RGBA;8", "", "PNG"),
    Kind("GIF, animated", build_with_frames("GIF"), "RGB;8", "The first of 2 frames", "PNG"),
    Kind("BMP", build_with_pillow("RGB", "BMP"), "RGB;8"),
    Kind("BMP, palette", build_with_palette("BMP"), "RGB;8"),
]


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.name) for kind in KINDS])
def test_every_kind_of_picture_is_decoded_edited_and_encoded(kind: Kind) -> None:
    picture = decode(kind.make())
    assert describe_canvas(picture) == kind.canvas
    assert picture.icc_profile == kind.profile
    if kind.note:
        assert any(kind.note in note for note in picture.notes)
    else:
        assert picture.notes == ()
    name = choose_output_format(picture)
    assert name == (kind.written_format or picture.format)

    mask = masks.from_boxes((48, 64), [(20, 12, 16, 12)])
    edited = apply(picture.pixels, remove(picture, mask, MedianFill()))
    np.testing.assert_array_equal(edited[mask == 0], picture.pixels[mask == 0])
    reopened = decode(encode(picture.with_pixels(edited)))
    assert describe_canvas(reopened) == (kind.rewritten_canvas or kind.canvas)
    assert reopened.icc_profile == kind.profile
    assert reopened.notes == ()
    if FORMATS[name].lossless or (name == "WEBP" and picture.lossless):
        comparable = reopened.pixels[..., [0, -1]] if kind.rewritten_canvas else reopened.pixels
        np.testing.assert_array_equal(comparable, edited)
    else:
        assert np.abs(reopened.pixels.astype(int) - edited).mean() < 4


def describe_canvas(picture: Any) -> str:
    """Return mode and bits in the format of `Photo.mode`."""
    return f"{picture.mode};{8 * picture.pixels.dtype.itemsize}"
