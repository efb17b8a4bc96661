"""What a picture that was sent as a mask is made of: its values, flat areas, edges, and its frame.

All measures are of one channel, [H,W]; a share is a number from 0 to 1.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
"""[H,W] uint8 or uint16."""

MAX_LABELS = 64
"""A picture with more values than this is not read as numbered areas."""

END_SHARE = 0.06
"""The part of the range from dark to light that counts as dark, and as light."""

_MIN_FLAT_SHARE = 0.7
_RAMP_LEVELS = 8
_MAX_RAMP_SHARE = 0.8
_MIN_FLAT_NOISE = 0.5
_MAX_INNER_SHARE = 0.5
_MIN_END_SHARE = 0.5
_SMOOTH_SHARE = 0.03
_MAX_UNEXPLAINED_INNER = 0.1
_MAX_UNEXPLAINED = 0.002


def list_levels(values: Values) -> NDArray[np.int64]:
    """Return the distinct values, ascending."""
    size = int(np.iinfo(values.dtype).max) + 1
    counts = cv2.calcHist([np.ascontiguousarray(values)], [0], None, [size], [0, size])
    return np.flatnonzero(counts.ravel())


def is_numbered(values: Values) -> bool:
    """Return whether the picture is made of a few flat areas with a value each, like label masks.

    A gradient of a few steps is not: there each area lies between those of the next values.
    """
    levels = list_levels(values)
    if len(levels) > MAX_LABELS:
        return False
    ranks = np.zeros(int(levels[-1]) + 1, np.int16)
    ranks[levels] = np.arange(len(levels))
    ranked = ranks[values]
    steps = [np.abs(np.diff(ranked, axis=axis)) for axis in (0, 1)]
    pairs = sum(step.size for step in steps)
    changes = sum(int(np.count_nonzero(step)) for step in steps)
    single = sum(int(np.count_nonzero(step == 1)) for step in steps)
    is_flat = changes <= (1 - _MIN_FLAT_SHARE) * pairs
    is_ramp = len(levels) >= _RAMP_LEVELS and single > _MAX_RAMP_SHARE * changes
    return is_flat and not is_ramp


def is_two_valued(
    values: NDArray[np.uint8], *, is_lossless: bool, end_share: float = END_SHARE
) -> bool:
    """Return whether almost all pixels have one of two values, with edges or soft fades between.

    A pixel between the two is part of an edge if both are near (2 pixels, or the 8 of a JPEG's
    block), and of a fade if it hardly differs from its neighbours. `end_share`: the part of the
    range that counts as one value, at each end.
    """
    low, high = _find_ends(values, end_share)
    inner = ~(low | high)
    counts = [int(np.count_nonzero(part)) for part in (low, high, inner)]
    if counts[2] > _MAX_INNER_SHARE * values.size:
        return False
    kernel = np.ones((5, 5) if is_lossless else (17, 17), np.uint8)
    near_low, near_high = (cv2.dilate(part.astype(np.uint8), kernel) > 0 for part in (low, high))
    unexplained = inner & ~(near_low & near_high)
    # Where an end is small, as in a photo on black, what is smooth is no fade to it.
    if min(counts[:2]) >= _MIN_END_SHARE * counts[2]:
        unexplained &= ~_find_smooth(values)
    limit = max(_MAX_UNEXPLAINED_INNER * counts[2], _MAX_UNEXPLAINED * values.size)
    return int(np.count_nonzero(unexplained)) <= limit


def is_noisy(values: NDArray[np.uint8]) -> bool:
    """Return whether the dark end of a two-valued picture is not one value, as after JPEG.

    Its other values are then several and ragged, and more than those between the two ends. A clean
    edge has fewer of them, and the areas of a label mask are flat.
    """
    low, high = _find_ends(values, END_SHARE)
    ground = int(np.bincount(values[low]).argmax())
    noise = low & (values != ground)
    count = int(np.count_nonzero(noise))
    if count <= int(np.count_nonzero(~(low | high))) or len(list_levels(values[noise])) == 1:
        return False
    corner = values[:-1, :-1]
    is_flat = (corner == values[:-1, 1:]) & (corner == values[1:, :-1])
    return int(np.count_nonzero(is_flat & noise[:-1, :-1])) < _MIN_FLAT_NOISE * count


def measure_frame(selected: NDArray[np.bool_]) -> float:
    """Return the share of the outermost pixels that are selected."""
    sides = (selected[0], selected[-1], selected[1:-1, 0], selected[1:-1, -1])
    return float(np.concatenate(sides).mean())


def _find_ends(
    values: NDArray[np.uint8], share: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where the values are near the lowest, and near the highest; `share` of the range."""
    lowest, highest = int(values.min()), int(values.max())
    margin = int((highest - lowest) * share)
    return values <= lowest + margin, values >= highest - margin


def _find_smooth(values: NDArray[np.uint8]) -> NDArray[np.bool_]:
    limit = (int(values.max()) - int(values.min())) * _SMOOTH_SHARE
    return np.asarray(cv2.absdiff(values, cv2.blur(values, (3, 3))) <= limit)
