"""Where an inpainter of squares works in a crop: once, or several times along a long hole."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST_SHAPE = 2
"""Longer crops are worked on in windows of at most this many times their short side."""
SHORTEST = 512
"""Crops count as at least this many pixels wide: padding costs no detail up to a network's size."""
MIN_CONTEXT = 128
"""Pixels before and after the hole at least, as far as `LONGEST_SHAPE` allows."""
CONTEXT_SHARE = 0.25
"""Context before and after the hole, as a share of the hole's or the sliding window's length."""
OVERLAP_SHARE = 0.25
"""What two sliding windows share at least, as a share of a window's length."""
MOST_WINDOWS = 4


@dataclass(frozen=True)
class Window:
    """A part of a crop, filled by itself.

    `slices` are its rows and columns. Along `axis` its first `known` lines were filled by the
    window before it, and the next `fading` lines too: there the one fades into the other.
    """

    slices: tuple[slice, slice]
    axis: int = 0
    known: int = 0
    fading: int = 0

    def own_hole(self, hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The crop's hole, [H,W] bool, in the window but for what is known: a view if all is."""
        part = hole[self.slices]
        if self.known:
            part = part.copy()
            part[self._lines(0, self.known)] = False
        return part

    def faded(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The lines of the window's picture, [h,w,3] uint8, that fade: a view."""
        return picture[self._lines(self.known, self.known + self.fading)]

    def fade(self, picture: NDArray[np.uint8], before: NDArray[np.uint8]) -> None:
        """Fades from `before`, what `faded` gave before the window was filled, to the fill."""
        if not self.fading:
            return
        shape = [1, 1, 1]
        shape[self.axis] = self.fading
        share = ((np.arange(self.fading) + 0.5) / self.fading).reshape(shape).astype(np.float32)
        now = self.faded(picture)
        now[...] = np.rint(before + share * (now.astype(np.float32) - before))

    def _lines(self, start: int, stop: int) -> tuple[slice, ...]:
        return (slice(None),) * self.axis + (slice(start, stop),)


_EVERYTHING = Window((slice(None), slice(None)))


def windows(hole: NDArray[np.bool_]) -> list[Window]:
    """The windows to fill one after the other: at most `MOST_WINDOWS`, which hold the whole hole.

    A crop up to 2:1 is one window. Of a longer one a part around the hole is enough where that is
    up to 2:1; else square windows slide along the hole: of the crop's short side, or longer ones,
    to be padded, where so many would not do.

    Args:
        hole: [H,W] bool.
    """
    axis = int(np.argmax(hole.shape))
    long, short = hole.shape[axis], max(hole.shape[1 - axis], SHORTEST)
    lines = np.flatnonzero(hole.any(axis=1 - axis))
    if long <= LONGEST_SHAPE * short or not lines.size:
        return [_EVERYTHING]
    first, extent = int(lines[0]), int(lines[-1] - lines[0]) + 1
    if extent + 2 * round(short * CONTEXT_SHARE) <= LONGEST_SHAPE * short:
        context = max(MIN_CONTEXT, round(extent * CONTEXT_SHARE))
        length = min(max(short, extent + 2 * context), LONGEST_SHAPE * short)
        start = min(max(first - (length - extent) // 2, 0), long - length)
        return [_window(axis, start, length)]
    sliding = _sliding(axis, first, extent, long, short)
    # Each goes on from the one before it; the first has to have something to go on from.
    if hole[sliding[0].slices].all():
        return [_EVERYTHING]
    return [window for window in sliding if window.own_hole(hole).any()]


def _sliding(axis: int, first: int, extent: int, long: int, short: int) -> list[Window]:
    """Windows spread evenly along the hole and its context, each into the one before it."""
    reach = 1 + (MOST_WINDOWS - 1) * (1 - OVERLAP_SHARE) - 2 * CONTEXT_SHARE
    length = max(short, math.ceil(extent / reach))
    context = round(length * CONTEXT_SHARE)
    begin, end = max(first - context, 0), min(first + extent + context, long)
    steps = math.ceil((end - begin - length) / (length * (1 - OVERLAP_SHARE)))
    count = min(1 + steps, MOST_WINDOWS)
    starts = [int(start) for start in np.linspace(begin, end - length, count)]
    overlaps = [0] + [before + length - start for before, start in itertools.pairwise(starts)]
    return [
        _window(axis, start, length, overlap)
        for start, overlap in zip(starts, overlaps, strict=True)
    ]


def _window(axis: int, start: int, length: int, overlap: int = 0) -> Window:
    along, across = slice(start, start + length), slice(None)
    slices = (along, across) if axis == 0 else (across, along)
    return Window(slices, axis, known=overlap // 2, fading=overlap - overlap // 2)
