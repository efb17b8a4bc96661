"""Smaller versions of a picture."""

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.images.depth import to_8_bits
from vision.images.picture import Picture

_STRIP_PIXELS = 4 * 2**20


def make_thumbnail(picture: Picture, *, longest_side: int) -> Picture:
    """Scale the picture down by averaging areas: 8 bits, the same mode and colour profile.

    `longest_side` in pixels; a picture that is already smaller keeps its size. Metadata and density
    are left out.
    """
    size = compute_scaled_size(picture.width, picture.height, longest_side=longest_side)
    small = _average(picture, size)
    return replace(picture.with_pixels(small).without_metadata(), jpeg=None, density=None)


def compute_scaled_size(width: int, height: int, *, longest_side: int) -> tuple[int, int]:
    """Return (width, height) in pixels of the thumbnail of a picture of that size."""
    scale = min(1.0, longest_side / max(width, height))
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _average(picture: Picture, size: tuple[int, int]) -> NDArray[np.uint8]:
    if picture.mode in ("LA", "RGBA"):
        return _average_with_alpha(picture, size)
    small = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
    return to_8_bits(small.reshape(size[1], size[0], -1))


def _average_with_alpha(picture: Picture, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Average in strips; Pillow weights colours by their alpha: transparent ones do not show."""
    scale = picture.height / size[1]
    step = max(int(_STRIP_PIXELS / picture.width / scale), 1)
    strips = []
    for top in range(0, size[1], step):
        bottom = min(top + step, size[1])
        first, last = math.floor(top * scale), min(math.ceil(bottom * scale), picture.height)
        strip = Image.fromarray(to_8_bits(picture.pixels[first:last]), picture.mode)
        box = (0, top * scale - first, picture.width, min(bottom * scale, picture.height) - first)
        small = strip.resize((size[0], bottom - top), Image.Resampling.BOX, box)
        strips.append(np.asarray(small))
    return np.concatenate(strips)
