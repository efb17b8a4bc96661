"""The windows of a crop that a square inpainter fills: one, or several along a long hole."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.progress import Checkpoint, scale_checkpoint

LONGEST_SHAPE = 2
"""Longer crops are filled in windows of at most this many times their short side."""
SHORTEST = 512
"""Crops count as at least this many pixels wide: padding costs no detail up to a network's size."""
MIN_CONTEXT = 128
"""Least context before and after the hole in pixels, as far as `LONGEST_SHAPE` allows."""
CONTEXT_SHARE = 0.25
"""Context before and after the hole, as a share of the hole's or the sliding window's length."""
OVERLAP_SHARE = 0.25
"""Least overlap of two sliding windows, as a share of a window's length."""
MOST_WINDOWS = 4


@dataclass(frozen=True)
class Window:
    """A part of a crop that is filled in one run.

    `slices` are its rows and columns. Along `axis`, the window before it filled the first `known`
    lines and the next `fading` lines too; in the latter, one fill fades into the other.
    """

    slices: tuple[slice, slice]
    axis: int = 0
    known: int = 0
    fading: int = 0

    def get_own_hole(self, hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the hole inside the window, without the known lines: [h,w] bool.

        It is a view where no lines are known.
        """
        part = hole[self.slices]
        if self.known:
            part = part.copy()
            part[self._select_lines(0, self.known)] = False
        return part

    def select_fading_lines(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a view of the window's picture, [h,w,3] uint8: the lines that fade."""
        return picture[self._select_lines(self.known, self.known + self.fading)]

    def blend(self, picture: NDArray[np.uint8], before: NDArray[np.uint8]) -> None:
        """Blend from `before` to the fill in the lines that fade.

        `before` is what `select_fading_lines` returned before the window was filled.
        """
        if not self.fading:
            return
        shape = [1, 1, 1]
        shape[self.axis] = self.fading
        share = ((np.arange(self.fading) + 0.5) / self.fading).reshape(shape).astype(np.float32)
        now = self.select_fading_lines(picture)
        now[...] = np.rint(before + share * (now.astype(np.float32) - before))

    def _select_lines(self, start: int, stop: int) -> tuple[slice, ...]:
        return (slice(None),) * self.axis + (slice(start, stop),)


FillWindow = Callable[[NDArray[np.uint8], NDArray[np.bool_], Checkpoint], None]
"""Fills the hole of a window's picture in place."""


def fill_windows(
    crop: NDArray[np.uint8],
    hole: NDArray[np.bool_],
    fill_window: FillWindow,
    checkpoint: Checkpoint,
) -> NDArray[np.uint8]:
    """Return the crop with its hole filled window by window, see `plan_windows`.

    Args:
        crop: [H,W,3] uint8.
        hole: [H,W] bool.
        fill_window: fills one window.
        checkpoint: called with the share done, 0..1; an exception that it raises ends the work.
    """
    result = crop.copy()
    plan = plan_windows(hole)
    for number, window in enumerate(plan):
        part = scale_checkpoint(checkpoint, number / len(plan), (number + 1) / len(plan))
        picture = result[window.slices]
        before = window.select_fading_lines(picture).copy()
        fill_window(picture, window.get_own_hole(hole), part)
        window.blend(picture, before)
    return result


_EVERYTHING = Window((slice(None), slice(None)))


def plan_windows(hole: NDArray[np.bool_]) -> list[Window]:
    """Return the windows to fill one after the other: at most `MOST_WINDOWS`, covering the hole.

    A crop up to 2:1 is one window. Of a longer crop, one part around the hole is enough where that
    part is up to 2:1; else square windows slide along the hole. Their side is the crop's short
    side, or longer (then they are padded) where too many would be needed.

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
        return [_build_window(axis, start, length)]
    sliding = _plan_sliding(axis, first, extent, long, short)
    # Each continues from the one before it; the first one needs something to continue from.
    if hole[sliding[0].slices].all():
        return [_EVERYTHING]
    return [window for window in sliding if window.get_own_hole(hole).any()]


def _plan_sliding(axis: int, first: int, extent: int, long: int, short: int) -> list[Window]:
    """Return windows spread evenly along the hole and its context, each overlapping the last."""
    reach = 1 + (MOST_WINDOWS - 1) * (1 - OVERLAP_SHARE) - 2 * CONTEXT_SHARE
    length = max(short, math.ceil(extent / reach))
    context = round(length * CONTEXT_SHARE)
    begin, end = max(first - context, 0), min(first + extent + context, long)
    steps = math.ceil((end - begin - length) / (length * (1 - OVERLAP_SHARE)))
    count = min(1 + steps, MOST_WINDOWS)
    starts = [int(start) for start in np.linspace(begin, end - length, count)]
    overlaps = [0] + [before + length - start for before, start in itertools.pairwise(starts)]
    return [
        _build_window(axis, start, length, overlap)
        for start, overlap in zip(starts, overlaps, strict=True)
    ]


def _build_window(axis: int, start: int, length: int, overlap: int = 0) -> Window:
    """Return the window of `length` lines along `axis`, of which `overlap` are shared."""
    along, across = slice(start, start + length), slice(None)
    slices = (along, across) if axis == 0 else (across, along)
    return Window(slices, axis, known=overlap // 2, fading=overlap - overlap // 2)
