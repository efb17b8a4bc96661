"""HiFill: a network fills the hole at 512 x 512, the photo's own detail does the rest.

Yi, Tang, Azizi, Jang, Xu: Contextual Residual Aggregation for Ultra High-Resolution Image
Inpainting, CVPR 2020, arXiv 2005.09704.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.base import hole_in, require_source
from vision.inpainters.hifill_graph import SIDE, HiFillGraph
from vision.inpainters.residual import GRID, aggregate
from vision.inpainters.scaling import covering, resized
from vision.progress import Checkpoint, part_of

SHARE_BEFORE_NETWORK = 0.05
SHARE_AFTER_NETWORK = 0.6

LONGEST_SHAPE = 2
"""Longer crops are cut to this many times their short side, where the hole allows it."""
MIN_CONTEXT = 128
CONTEXT_SHARE = 0.25


class HiFillInpainter:
    """HiFill with contextual residual aggregation at the crop's resolution.

    Made ready at once: TensorFlow is imported, the graph loaded and run once. See `HiFillGraph`.

    Args:
        graph_path: the frozen graph.
    """

    name = "hifill"
    at_once = 1

    def __init__(self, graph_path: Path) -> None:
        self._graph = HiFillGraph(graph_path)

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        """See `Inpainter.fill`. Pixels outside the hole come back as they are.

        Raises:
            InpainterFailed: codes inpainter_no_source, and those of `HiFillGraph.run`.
        """
        checkpoint(0.0)
        hole = hole_in(crop, mask)
        window = _window(hole)
        result = crop.copy()
        result[window] = self._filled(crop[window], hole[window], checkpoint)
        return result

    def _filled(
        self, crop: NDArray[np.uint8], hole: NDArray[np.bool_], checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        frame = _square(crop, hole)
        low = resized(frame.picture, SIDE, SIDE).astype(np.float32)
        low_hole = covering(frame.hole, SIDE, SIDE)
        require_source(low_hole)
        checkpoint(SHARE_BEFORE_NETWORK)
        painted, attention = self._graph.run(np.ascontiguousarray(low[:, :, ::-1]), low_hole)
        checkpoint(SHARE_AFTER_NETWORK)
        # What the network gives outside the hole is not defined.
        filled = np.where(low_hole[:, :, np.newaxis], painted[:, :, ::-1], low)
        size = min(SIDE, len(frame.picture))
        result = aggregate(
            frame.picture,
            frame.hole,
            resized(low, size, size),
            resized(filled, size, size),
            attention,
            checkpoint=part_of(checkpoint, SHARE_AFTER_NETWORK, 1.0),
        )
        height, width = hole.shape
        return result[frame.top : frame.top + height, frame.left : frame.left + width]


@dataclass(frozen=True, eq=False)
class _Frame:
    """A crop inside a square whose side is a multiple of 32, so that every cell is whole."""

    picture: NDArray[np.uint8]
    hole: NDArray[np.bool_]
    top: int
    left: int


def _window(hole: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The rows and columns to work on: all, or around the hole where a crop is very long.

    A panorama padded to a square would take many times its own memory; where its hole is too long
    for a window of 2:1, it still does.
    """
    height, width = hole.shape
    rows = _span(hole.any(axis=1), LONGEST_SHAPE * width, width)
    columns = _span(hole.any(axis=0), LONGEST_SHAPE * height, height)
    return rows, columns


def _span(holed: NDArray[np.bool_], longest: int, shortest: int) -> slice:
    """The part of one axis to work on; `holed` says which lines have hole."""
    lines = np.flatnonzero(holed)
    if len(holed) <= longest or not lines.size:
        return slice(0, len(holed))
    first, extent = int(lines[0]), int(lines[-1] - lines[0]) + 1
    length = max(shortest, extent + 2 * max(MIN_CONTEXT, round(extent * CONTEXT_SHARE)))
    if length > longest:
        return slice(0, len(holed))
    start = min(max(first - (length - extent) // 2, 0), len(holed) - length)
    return slice(start, start + length)


def _square(crop: NDArray[np.uint8], hole: NDArray[np.bool_]) -> _Frame:
    """The crop mirrored out to a square, never stretched.

    The hole is mirrored with it, so that the object's mirror image is hole too; mirrored
    surroundings are a source like any other. What is added goes to the side where the hole is
    farther from the edge, so that the hole and its mirror image do not grow together.
    """
    side = -(-max(hole.shape) // GRID) * GRID
    rows = _padding(hole.any(axis=1), side)
    columns = _padding(hole.any(axis=0), side)
    return _Frame(
        picture=np.pad(crop, (rows, columns, (0, 0)), mode="symmetric"),
        hole=np.pad(hole, (rows, columns), mode="symmetric"),
        top=rows[0],
        left=columns[0],
    )


def _padding(holed: NDArray[np.bool_], side: int) -> tuple[int, int]:
    """How many lines to add before and after those along one axis; `holed` says which have hole."""
    added = side - len(holed)
    free_before = int(np.argmax(holed))
    free_after = int(np.argmax(holed[::-1]))
    return (added, 0) if free_before > free_after else (0, added)
