"""Conversions of pixels: between 16 and 8 bits a channel, and from transparent to opaque."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_8_bits(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Convert uint16 0..65535 to the nearest uint8 0..255; return uint8 unchanged."""
    if pixels.dtype == np.uint8:
        return pixels
    # v / 257 rounded (65535 = 255 * 257), without a number above 65535 on the way.
    return (pixels // 257 + (pixels % 257 > 128)).astype(np.uint8)


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
    colours = pixels[..., :-1].astype(np.uint16)
    alpha = pixels[..., -1:].astype(np.uint16)
    return ((colours * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
