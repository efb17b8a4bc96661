"""Small versions of a picture."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.images.depth import to_8_bits
from vision.images.picture import Picture


def thumbnail(picture: Picture, *, longest_side: int) -> Picture:
    """The picture made smaller by averaging areas: 8 bit, the same mode and colour profile.

    `longest_side` in pixels; a picture that is smaller already keeps its size. EXIF and density
    are left out.
    """
    size = scaled_size(picture.width, picture.height, longest_side=longest_side)
    small = _averaged(picture, size)
    return replace(picture.with_pixels(small), exif=None, jpeg=None, density=None)


def scaled_size(width: int, height: int, *, longest_side: int) -> tuple[int, int]:
    """(width, height) of what `thumbnail` makes of a picture of that size; all in pixels."""
    scale = min(1.0, longest_side / max(width, height))
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _averaged(picture: Picture, size: tuple[int, int]) -> NDArray[np.uint8]:
    if picture.mode in ("LA", "RGBA"):
        # Pillow averages colours by their alpha, so that hidden ones don't bleed out.
        canvas = Image.fromarray(to_8_bits(picture.pixels), picture.mode)
        return np.asarray(canvas.resize(size, Image.Resampling.BOX))
    small = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
    return to_8_bits(small.reshape(size[1], size[0], -1))
