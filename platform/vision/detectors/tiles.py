"""Parts of a large picture, each looked at by itself, so that small objects are seen."""

import math
from typing import TYPE_CHECKING

import numpy as np

from vision.detectors.base import Box
from vision.detectors.yolox import SIDE, Candidates

if TYPE_CHECKING:
    from vision.images import Picture

SMALLEST = 2 * SIDE  # px; the longer side of a picture below which tiles would show nothing more
MOST_ALONG = 10  # tiles along a strip; any picture has at most 12 altogether
SHARE = 0.4  # a tile's side, of the picture's longer side: three with an overlap of a fifth
OVERLAP = 0.1  # of a tile's side, at least
LARGEST_OBJECT = 0.33  # of a tile's side; what is larger is seen in the whole picture
RIM = 0.015  # of a tile's side: who ends this near to its rim may go on beyond it
INSIDE = 0.8  # share of a box within another one, from which it is a part of that


def tiles(width: int, height: int) -> list[Box]:
    """Overlapping squares that cover a width x height picture, row by row; empty for a small one.

    Their side is 0.4 of the picture's longer side, but no more than the shorter side (a panorama
    is cut into a strip of squares), nor so little that there are more than twelve of them.
    """
    longer, shorter = max(width, height), min(width, height)
    if longer < SMALLEST:
        return []
    side = max(min(SHARE * longer, shorter), SIDE, longer / (1 + (MOST_ALONG - 1) * (1 - OVERLAP)))
    columns, rows = _starts(width, side), _starts(height, side)
    wide, high = min(width, math.ceil(side)), min(height, math.ceil(side))
    return [Box(x, y, wide, high) for y in rows for x in columns]


def _starts(length: int, side: float) -> list[int]:
    """Where tiles begin that cover `length`, evenly."""
    room = length - math.ceil(side)
    if room <= 0:
        return [0]
    steps = math.ceil(room / (side * (1 - OVERLAP)))
    return [round(room * step / steps) for step in range(steps + 1)]


def whole_and_small(found: Candidates, tile: Box, picture: "Picture") -> Candidates:
    """What a tile shows whole and better than the picture: neither cut by its rim, nor large."""
    height, width = picture.pixels.shape[:2]
    side = max(tile.width, tile.height)
    rim = RIM * side
    left, top, right, bottom = found.edges.T
    cut = (
        ((left < tile.x + rim) & (tile.x > 0))
        | ((top < tile.y + rim) & (tile.y > 0))
        | ((right > tile.x + tile.width - rim) & (tile.x + tile.width < width))
        | ((bottom > tile.y + tile.height - rim) & (tile.y + tile.height < height))
    )
    small = np.maximum(right - left, bottom - top) <= LARGEST_OBJECT * side
    return found.at(small & ~cut)


def without_parts(found: Candidates) -> Candidates:
    """`found` (best first) without what only a tile showed and what is part of something surer.

    A wheel looks like an object when it is all that is looked at, while who sees the whole picture
    tells a rider from the horse: what was found there stays.
    """
    keep = np.ones(len(found.scores), np.bool_)
    for row in np.flatnonzero(found.in_part):
        box, surer = found.edges[row], found.edges[:row][keep[:row]]
        sides = np.minimum(box[2:], surer[:, 2:]) - np.maximum(box[:2], surer[:, :2])
        shared = np.clip(sides, 0, None).prod(axis=1)
        keep[row] = not (shared > INSIDE * np.prod(box[2:] - box[:2])).any()
    return found.at(keep)
