"""The colours of a picture that was sent as a mask."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.images import Picture
from vision.images.depth import to_8_bits
from vision.mask_reading.structure import MAX_LABELS, is_numbered

BLACK_CODE = 0
_STRIP_ROWS = 1024
_NEAR = 4
_PLAIN_SHARE = 0.95
_SAMPLE_PIXELS = 500_000


def split_alpha(picture: Picture) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the colours, [H,W,1 or 3], and the alpha, [H,W]; None if all is opaque."""
    if picture.mode not in ("LA", "RGBA"):
        return picture.pixels, None
    alpha = picture.pixels[:, :, -1]
    is_opaque = bool((alpha == np.iinfo(alpha.dtype).max).all())
    return picture.pixels[:, :, :-1], None if is_opaque else alpha


def find_grey(colours: NDArray[Any]) -> NDArray[Any] | None:
    """Return the only channel, or that of equal ones, [H,W]; None if there are colours."""
    first = colours[:, :, 0]
    others = (colours[:, :, channel] for channel in range(1, colours.shape[2]))
    return first if all(np.array_equal(first, other) for other in others) else None


def put_on_black(colours: NDArray[Any], alpha: NDArray[Any]) -> NDArray[np.uint8]:
    """Blend the colours onto black, [H,W,C] of 8 bits; what is visible at all stays above 0."""
    visible = to_8_bits(alpha).astype(np.uint16)[:, :, None]
    product = to_8_bits(colours).astype(np.uint16) * visible
    return ((product + 254) // 255).astype(np.uint8)


def pack_colours(colours: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return each colour, [H,W,3] of 8 bits, as one number 0xRRGGBB."""
    red, green, blue = (colours[:, :, channel].astype(np.uint32) for channel in range(3))
    return np.asarray(red << 16 | green << 8 | blue, dtype=np.uint32)


def list_colours(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the distinct colours as numbers 0xRRGGBB, ascending."""
    is_used = np.zeros(2**24, bool)
    for top in range(0, len(codes), _STRIP_ROWS):
        is_used[codes[top : top + _STRIP_ROWS]] = True
    return np.flatnonzero(is_used)


def number_colours(codes: NDArray[np.uint32], used: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the place of each pixel's colour in `used`, which has at most 256 colours."""
    return np.searchsorted(used, codes).astype(np.uint8)


def are_few_flat(codes: NDArray[np.uint32], used: NDArray[np.int64]) -> bool:
    """Return whether there are few colours, each in large areas."""
    return len(used) <= MAX_LABELS and is_numbered(number_colours(codes, used))


def to_luminance(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the luminance (Rec. 601), [H,W], of colours [H,W,3]."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(colours), cv2.COLOR_RGB2GRAY), np.uint8)


def is_photo(colours: NDArray[Any], visible: NDArray[np.bool_]) -> bool:
    """Return whether the visible pixels are a photo: neither flat areas nor one colour."""
    shown = to_8_bits(colours)
    if shown.shape[2] == 1:
        shown = np.repeat(shown, 3, axis=2)
    step = int((visible.size / _SAMPLE_PIXELS) ** 0.5) + 1
    sample = shown[::step, ::step][visible[::step, ::step]].astype(np.int16)
    if not len(sample):
        return False
    distance = np.abs(sample - np.median(sample, axis=0)).max(axis=1)
    if np.count_nonzero(distance <= _NEAR) >= _PLAIN_SHARE * len(distance):
        return False
    # The colours of invisible pixels may be anything.
    codes = np.where(visible, pack_colours(shown), np.uint32(BLACK_CODE))
    return not are_few_flat(codes, list_colours(codes))
