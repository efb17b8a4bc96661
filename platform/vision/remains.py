"""Remains: pixels beside a hole that still show the object, because the mask is a little too small.

Neither an inpainter nor the finishing may read colours from them: they would paint a rim of the
object into the fill, and tint all of it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.finishing.base import Flags, Floats
from vision.masks import Mask

REACH = 4
"""Pixels beside a hole that may be remains: three, and one that the object covers in part."""
BEYOND = 5
"""Pixels further out that show what the surroundings look like."""
SPREAD = 19
"""Pixels along each side of the square in which colours are averaged along the edge."""
LEAST_CONTRAST = 12.0
"""Grey levels between the object and its surroundings; with less, remains are invisible."""
LEAST_SHARE = 0.08
"""Share of the object's colour, or of its opposite in the halo of a sharpened photo, in a rim."""
LEAST_SURENESS = 2.5
"""The same in standard deviations of the surroundings' share: texture and noise have one too."""
DRIFT = 2.5
"""How much more a slope changes from the surroundings' middle to the hole than within them."""
LEAST_ALIKE = 0.6
"""Share of a rim's pixels that differ from the surroundings as it does; a detail has fewer."""
FEWEST_PIXELS = 5
"""A mean of fewer is not compared."""

_TILE = 256
_MARGIN = REACH + BEYOND + SPREAD


def find_remains(photo: NDArray[np.uint8], hole: Mask, visible: Flags) -> Flags:
    """Return where the photo beside a hole looks more like the object than what is further out.

    The colours just inside the hole's edge are the object's, those a little further out are the
    surroundings'. Remains are a rim of one or more pixels that begins at the hole, in which the
    means along the edge are between both. A line or texture that goes on outward is none, nor a
    detail. Where nothing visible is further out, none are found.

    Args:
        photo: [H,W,3] uint8 RGB.
        hole: [H,W] uint8, 255 = hole.
        visible: [H,W] bool, False in the hole: the pixels that show a colour.

    Returns:
        [H,W] bool, True only where `visible` is.
    """
    result = np.zeros(hole.shape, np.bool_)
    near = cv2.dilate(hole, np.ones((2 * REACH + 1,) * 2, np.uint8)) > hole
    # In tiles, because means need memory, and most of a large hole is far from its edge.
    for top in range(0, hole.shape[0], _TILE):
        for left in range(0, hole.shape[1], _TILE):
            tile = slice(top, top + _TILE), slice(left, left + _TILE)
            if near[tile].any():
                up, before = max(top - _MARGIN, 0), max(left - _MARGIN, 0)
                wide = slice(up, top + _TILE + _MARGIN), slice(before, left + _TILE + _MARGIN)
                found = _find_in_tile(photo[wide].astype(np.float32), hole[wide], visible[wide])
                result[tile] = found[top - up :, left - before :][:_TILE, :_TILE]
    return result


def _find_in_tile(photo: Floats, hole: Mask, visible: Flags) -> Flags:
    """Return the remains in a tile and its margin."""
    outside = np.ceil(cv2.distanceTransform(255 - hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
    inside = cv2.distanceTransform(hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    beyond = visible & (outside > REACH) & (outside <= REACH + BEYOND)
    within = (inside > 0) & (inside <= REACH)
    share, sure = _measure_share(photo, within, beyond)
    sure += DRIFT * np.abs(
        _average(share, beyond & (outside <= REACH + 2))
        - _average(share, beyond & (outside > REACH + 2))
    )
    result = np.zeros(hole.shape, np.bool_)
    begins, goes_on = np.ones(hole.shape, np.bool_), np.zeros(hole.shape, np.bool_)
    for number in range(1, REACH + 1):
        band = visible & (outside == number)
        begins = begins & _is_rim(share, sure, band)
        # Beside a rim's last pixel is often one that the object covers in part.
        result |= band & (begins | goes_on)
        goes_on = begins
    return result


def _measure_share(photo: Floats, within: Flags, beyond: Flags) -> tuple[Floats, Floats]:
    """Return each pixel's share of the object's colour, and the share that is a sure sign.

    Shares are 0 where the pixel is as the pixels `beyond` near it, 1 where it is as those `within`;
    where the two colours cannot be distinguished, no share is a sure sign.
    """
    count, known = _sum_nearby(beyond), _sum_nearby(within)
    ground = _average(photo, beyond)
    contrast = _average(photo, within) - ground
    power = (contrast * contrast).sum(axis=2)
    share = ((photo - ground) * contrast).sum(axis=2) / np.maximum(power, 1)
    spread = np.sqrt(np.maximum(_average(share * share, beyond), 0))
    sure = np.maximum(LEAST_SURENESS * spread, LEAST_SHARE)
    is_known = (count >= FEWEST_PIXELS) & (known >= FEWEST_PIXELS)
    is_known &= power >= 3 * LEAST_CONTRAST**2
    return share, np.where(is_known, sure, np.float32(np.inf))


def _is_rim(share: Floats, sure: Floats, band: Flags) -> Flags:
    """Return where the mean share along a band is a sure sign, and most pixels are like it."""
    count = _sum_nearby(band)
    mean = _average(share, band)
    is_alike = band & (share * np.sign(mean) > np.abs(mean) / 2)
    is_rim = (count >= FEWEST_PIXELS) & (np.abs(mean) > sure)
    return is_rim & (_sum_nearby(is_alike) >= LEAST_ALIKE * count)


def _average(values: Floats, where: Flags) -> Floats:
    """Return the mean of the values `where` near each pixel; 0 where there are none."""
    weights = where.reshape(*where.shape, *[1] * (values.ndim - 2))
    sums = _sum_nearby(values * weights)
    count = np.maximum(_sum_nearby(where), 1).reshape(weights.shape)
    return np.asarray(sums / count, np.float32)


def _sum_nearby(values: Flags | Floats) -> Floats:
    """Return the sum of the values near each pixel."""
    numbers = values.astype(np.float32)
    return np.asarray(cv2.boxFilter(numbers, -1, (SPREAD, SPREAD), normalize=False), np.float32)
