"""Pictures that were sent as masks of a photo of 60x40 pixels, and how they are read."""

import io

import numpy as np
import pytest
from PIL import Image

from tests import images
from tests.images import Pixels
from vision.errors import MaskRejected
from vision.mask_reading import MaskFile, MaskReading, read_mask

SHAPE = (40, 60)
BOX = (slice(10, 30), slice(20, 40))
INSIDE = np.zeros(SHAPE, bool)
INSIDE[BOX] = True


def read_pixels(
    pixels: Pixels, convention: str = "white", value: int | None = None, *, name: str = "PNG"
) -> MaskReading:
    """Read pixels as a mask, encoded in Pillow's format `name`."""
    data = images.encode_pixels(pixels, name)
    return read_mask(MaskFile(data, convention, value), SHAPE)


def fill_box(inside: object, outside: object) -> Pixels:
    """Return pixels of uint8 with one value or colour in the box, and another around it."""
    within, around = (np.array(value, np.uint8) for value in (inside, outside))
    return np.where(INSIDE.reshape(*SHAPE, *[1] * within.ndim), within, around)


def build_photo(seed: int = 2) -> Pixels:
    """Return a noisy photo with a red thing, [40,60,3]."""
    noise = np.random.default_rng(seed).normal(0, 8, (*SHAPE, 3))
    photo = np.clip(124 + noise, 0, 255).astype(np.uint8)
    photo[12:28, 22:38] = (200, 30, 30)
    return photo


def cut_hole(photo: Pixels, hole: Pixels = INSIDE) -> Pixels:
    """Return the photo with an alpha that is 0 in the hole, whose colours are gone."""
    return np.dstack([np.where(hole[:, :, None], 0, photo), np.where(hole, 0, 255)]).astype(
        np.uint8
    )


def encode_palette(numbers: Pixels, palette: list[int], **options: object) -> bytes:
    """Return a PNG of numbers [H,W] with a palette of R, G, B, R, …"""
    picture = Image.fromarray(numbers.astype(np.uint8), "P")
    picture.putpalette(palette)
    stream = io.BytesIO()
    picture.save(stream, "PNG", **options)
    return stream.getvalue()


def check_refused(pixels: Pixels, code: str, *, match: str, convention: str = "white") -> None:
    """Check that the pixels are refused with this code and message."""
    with pytest.raises(MaskRejected, match=match) as caught:
        read_pixels(pixels, convention)
    assert caught.value.code == code


def build_labels() -> Pixels:
    """Return numbers as in Pascal VOC: 0 ground, 1 and 15 objects, 255 the void around one."""
    labels = np.zeros(SHAPE, np.uint8)
    labels[9:31, 19:41] = 255
    labels[BOX] = 15
    labels[2:8, 2:8] = 1
    return labels


PALETTES = {
    "grey": None,
    "VOC": [0, 0, 0, 128, 0, 0, 0, 128, 0] + [0, 64, 128] * 252 + [224, 224, 192],
    "black": [0, 0, 0] * 256,
    "any colours": [120, 120, 120, 4, 200, 3] + [9, 9, 200] * 253 + [230, 1, 2],
}
