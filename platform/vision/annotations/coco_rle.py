"""COCO's run lengths of masks.

The format is that of COCO's mask API (`common/maskApi.c` in cocodataset/cocoapi): the pixels are
read column by column, and the counts are the lengths of the runs of 0 and 1 in turn, beginning with
0. As text, each count from the fourth on is its difference to the count before the last, and each
number is written in groups of 5 bits, the lowest first, like LEB128: a group is the character
48 + group, plus 32 if more follow; the fifth bit of the last group is the sign.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.masks import Mask

Counts = NDArray[np.int64]

_MAX_GROUPS = 7
_FIRST_CHARACTER, _MORE, _SIGN = 48, 32, 16


def count_runs(mask: Mask) -> Counts:
    """Return the counts of a mask, [H,W]; what is not 0 is 1."""
    flat = (mask.T != 0).ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    first = [0] if flat[0] else []
    return np.diff(np.concatenate([[0], first, edges, [flat.size]])).astype(np.int64)


def pack_counts(counts: Counts) -> str:
    """Return the counts as text."""
    rest = counts.copy()
    rest[3:] -= counts[1:-2]
    characters = np.zeros((len(counts), _MAX_GROUPS), np.uint8)
    is_written = np.zeros(characters.shape, bool)
    goes_on = np.ones(len(counts), bool)
    for place in range(_MAX_GROUPS):
        group = rest & (_MORE - 1)
        rest >>= 5
        is_written[:, place] = goes_on
        has_more = np.where(group & _SIGN, rest != -1, rest != 0)
        characters[:, place] = group + _FIRST_CHARACTER + _MORE * has_more
        goes_on &= has_more
    return characters[is_written].tobytes().decode("ascii")


def unpack_counts(text: str) -> Counts:
    """Return the counts of a text. Raises ValueError."""
    groups = np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - _FIRST_CHARACTER
    if not groups.size or groups.min() < 0 or groups.max() >= 2 * _MORE:
        raise ValueError("characters that COCO does not use")
    ends = np.flatnonzero(groups < _MORE)
    if not ends.size or ends[-1] != len(groups) - 1:
        raise ValueError("a text that breaks off")
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts + 1
    if lengths.max() > _MAX_GROUPS:
        raise ValueError("a number that is too large")
    places = np.arange(len(groups)) - np.repeat(starts, lengths)
    numbers = np.add.reduceat((groups & (_MORE - 1)) << (5 * places), starts)
    numbers -= np.where(groups[ends] & _SIGN, 1 << (5 * lengths), 0)
    numbers[1::2] = np.cumsum(numbers[1::2])
    numbers[2::2] = np.cumsum(numbers[2::2])
    return numbers


def fill_runs(size: tuple[int, int], runs: Sequence[Counts]) -> Mask:
    """Return the union of the masks of counts, [H,W] uint8, 255 = 1; `size`: (height, width).

    Raises ValueError for counts that are not of this size.
    """
    height, width = size
    # The number of runs that begin at a pixel, less those that have ended before it.
    changes = np.zeros(height * width + 1, np.int32)
    for counts in runs:
        if (counts < 0).any() or counts.sum() != height * width:
            raise ValueError(f"counts that do not add up to {width} x {height} pixels")
        ends = np.cumsum(counts)
        np.add.at(changes, ends[0:-1:2], 1)
        np.subtract.at(changes, ends[1::2], 1)
    is_inside = np.cumsum(changes[:-1], dtype=np.int32) > 0
    return np.where(is_inside.reshape(width, height).T, np.uint8(255), np.uint8(0))
