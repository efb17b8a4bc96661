"""Smaller versions of a picture."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.images.depth import to_8_bits
from vision.images.picture import Picture


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
        # Pillow weights colours by their alpha, so that transparent ones do not show.
        canvas = Image.fromarray(to_8_bits(picture.pixels), picture.mode)
        return np.asarray(canvas.resize(size, Image.Resampling.BOX))
    small = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
    return to_8_bits(small.reshape(size[1], size[0], -1))
