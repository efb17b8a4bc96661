"""Conversions of pixels: between 16 and 8 bits a channel, and from transparent to opaque.

They work in strips of rows, because a large photo's numbers in between would take gigabytes.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_STRIP_VALUES = 4 * 2**20


def to_8_bits(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Convert uint16 0..65535 to the nearest uint8 0..255; return uint8 unchanged."""
    if pixels.dtype == np.uint8:
        return pixels
    result = np.empty(pixels.shape, np.uint8)
    for rows in _iterate_strips(pixels):
        # v / 257 rounded (65535 = 255 * 257), without a number above 65535 on the way.
        result[rows] = pixels[rows] // 257 + (pixels[rows] % 257 > 128)
    return result


def to_16_bits(pixels: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Convert uint8 0..255 to uint16 0..65535."""
    return pixels.astype(np.uint16) * np.uint16(257)


def to_levels(pixels: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Convert uint16 0..65535 to float32 0..255, so that 257 is one level."""
    return pixels.astype(np.float32) / np.float32(257)


def from_levels(levels: NDArray[Any], depth: np.dtype[Any]) -> NDArray[Any]:
    """Convert levels 0..255, with fractions or not, to the nearest uint8 or uint16."""
    if depth == np.uint8:
        return np.rint(levels).astype(np.uint8)
    return np.rint(levels.astype(np.float64) * 257).astype(np.uint16)


def flatten_on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Blend [H,W,C] with alpha as its last channel onto white; return [H,W,C-1]."""
    result = np.empty((*pixels.shape[:2], pixels.shape[2] - 1), np.uint8)
    for rows in _iterate_strips(pixels):
        colours = pixels[rows, :, :-1].astype(np.uint16)
        alpha = pixels[rows, :, -1:].astype(np.uint16)
        result[rows] = (colours * alpha + 255 * (255 - alpha) + 127) // 255
    return result


def _iterate_strips(pixels: NDArray[Any]) -> Iterator[slice]:
    step = max(_STRIP_VALUES // max(pixels[:1].size, 1), 1)
    return (slice(top, top + step) for top in range(0, len(pixels), step))
