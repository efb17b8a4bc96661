"""Tiles of a large picture: each is examined separately, so that small objects are found."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box
from vision.detectors.candidates import Candidates
from vision.detectors.efficientdet import SIDE

if TYPE_CHECKING:
    from vision.images import Picture

# Each a tile's side, of the picture's longer side. An object that is too small in a tile of one
# size is large enough in a tile of the next.
SHARES = (0.4, 0.25)
SMALLEST = 0.97 * SIDE  # px; smaller tiles would be enlarged for the network
MOST_ALONG = 10  # tiles of one size along a strip; a picture has at most 41 in all
OVERLAP = 0.1  # of a tile's side, at least
LARGEST_OBJECT = 0.33  # of a tile's side; larger objects are found in the whole picture
RIM = 0.015  # of a tile's side: an object that ends this near to its edge may continue beyond
INSIDE = 0.8  # a box with more than this share inside another one is a part of it
COVERED = 0.7  # a box that covers more than this share of a surer one of its class repeats it


def cut_tiles(width: int, height: int) -> list[Box]:
    """Return overlapping squares that cover a width x height picture, larger ones first.

    A small picture has none, a large one has two sizes of them. Their sides are 0.4 and 0.25 of the
    picture's longer side, but at most the shorter side (a panorama is cut into a strip of squares),
    and large enough that a strip has at most ten of them.
    """
    tiles = [tile for share in SHARES for tile in _cut_tiles_of_size(width, height, share)]
    return list(dict.fromkeys(tiles))


def _cut_tiles_of_size(width: int, height: int, share: float) -> list[Box]:
    longer, shorter = max(width, height), min(width, height)
    if share * longer < SMALLEST:
        return []
    side = max(min(share * longer, shorter), SIDE, longer / (1 + (MOST_ALONG - 1) * (1 - OVERLAP)))
    columns, rows = _compute_starts(width, side), _compute_starts(height, side)
    wide, high = min(width, math.ceil(side)), min(height, math.ceil(side))
    return [Box(x, y, wide, high) for y in rows for x in columns]


def _compute_starts(length: int, side: float) -> list[int]:
    """Return where tiles begin that cover `length` evenly."""
    free = length - math.ceil(side)
    if free <= 0:
        return [0]
    steps = math.ceil(free / (side * (1 - OVERLAP)))
    return [round(free * step / steps) for step in range(steps + 1)]


def select_whole_and_small(batch: Candidates, tile: Box, picture: "Picture") -> Candidates:
    """Return what a tile shows completely and better than the picture.

    Objects that the tile's edge cuts and large objects are dropped.
    """
    height, width = picture.pixels.shape[:2]
    side = max(tile.width, tile.height)
    rim = RIM * side
    left, top, right, bottom = batch.edges.T
    is_cut = (
        ((left < tile.x + rim) & (tile.x > 0))
        | ((top < tile.y + rim) & (tile.y > 0))
        | ((right > tile.x + tile.width - rim) & (tile.x + tile.width < width))
        | ((bottom > tile.y + tile.height - rim) & (tile.y + tile.height < height))
    )
    is_small = np.maximum(right - left, bottom - top) <= LARGEST_OBJECT * side
    return batch.select(is_small & ~is_cut)


def drop_parts(batch: Candidates) -> Candidates:
    """Return `batch` (best first) without parts of better objects that only a tile showed.

    In a tile that shows nothing else, a wheel looks like an object. Objects found in the whole
    picture stay: there, a rider is told apart from the horse.
    """
    keep = np.ones(len(batch.scores), np.bool_)
    for row in np.flatnonzero(batch.from_tile):
        surer = batch.edges[:row][keep[:row]]
        area = np.prod(batch.edges[row, 2:] - batch.edges[row, :2])
        keep[row] = not (_measure_overlaps(batch.edges[row], surer) > INSIDE * area).any()
    return batch.select(keep)


def drop_repetitions(batch: Candidates) -> Candidates:
    """Return `batch` (best first) without objects that a tile has shown more sharply.

    In the whole picture, small objects that stand close together also look like a larger one.
    """
    keep = np.ones(len(batch.scores), np.bool_)
    for row in np.flatnonzero(~batch.from_tile):
        is_surer = batch.from_tile[:row] & (batch.classes[:row] == batch.classes[row])
        surer = batch.edges[:row][is_surer]
        areas = (surer[:, 2:] - surer[:, :2]).prod(axis=1)
        keep[row] = not (_measure_overlaps(batch.edges[row], surer) > COVERED * areas).any()
    return batch.select(keep)


def _measure_overlaps(box: NDArray[Any], others: NDArray[Any]) -> NDArray[Any]:
    """Return the areas, [n], that `box` shares with each of `others`; all as edges in pixels."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    return np.clip(sides, 0, None).prod(axis=1)  # type: ignore[no-any-return]
