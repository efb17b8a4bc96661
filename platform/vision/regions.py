"""Which parts of a picture are worked on: holes with enough around them to fill them from."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.masks import Mask

CONTEXT_SHARE = 0.75
"""Context on each side of a hole, as a share of its longer side."""
MIN_CONTEXT = 128
"""Pixels of context on each side at least."""
WHOLE_SHARE = 0.5
"""A crop of more than this share of the picture becomes the whole picture."""
RUN_PIXELS = 256 * 256
"""What one more run of an inpainter costs, in pixels of a larger crop."""
MAX_REGIONS = 16

CELL = 16
# Each pair of groups is weighed against each other.
_MOST_WEIGHED = 64

_Boxes = NDArray[np.int64]  # [N,4]: left, top, right, bottom, the latter two exclusive


@dataclass(frozen=True, eq=False)
class Region:
    """A crop of the picture, in pixels, inside it, and which of the holes in it are its own.

    Crops may overlap; every hole is one region's own.

    Attributes:
        own: [ceil(height / 16), ceil(width / 16)] bool, the cells of 16 x 16 pixels, counted from
            the crop's top left corner, whose holes are this region's.
    """

    x: int
    y: int
    width: int
    height: int
    own: NDArray[np.bool_] = field(repr=False)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """(x, y, width, height)."""
        return self.x, self.y, self.width, self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array with."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def holes(self, mask: Mask) -> Mask:
        """What of the picture's mask [H,W] is this region's own: [height,width], 255 = hole."""
        cells = self.own.astype(np.uint8) * np.uint8(255)
        pixels = cells.repeat(CELL, axis=0)[: self.height].repeat(CELL, axis=1)[:, : self.width]
        return np.asarray(pixels & mask[self.slices])


def regions(mask: Mask, *, most: int = MAX_REGIONS) -> list[Region]:
    """At most `most` crops for the holes of `mask` ([H,W], 255 = hole), top to bottom.

    Holes are taken together where their joint crop costs less than their own ones, and beyond
    `most` where it costs least; what is less than 16 pixels apart may be one hole. Memory is that
    of one number for each 16 x 16 pixels, also for a mask of noise.
    """
    groups = _connected(_cells(mask))
    boxes = _in_pixels(_boxes(groups), mask.shape)
    group_of, crops = _joined(boxes, mask.shape, most)
    found = []
    for number in np.lexsort((crops[:, 0], crops[:, 1])):
        left, top, right, bottom = crops[number].tolist()
        members = np.zeros(len(boxes) + 1, np.bool_)
        members[1:] = group_of == number
        rows, columns = (
            slice(top // CELL, -(-bottom // CELL)),
            slice(left // CELL, -(-right // CELL)),
        )
        own = members[groups[rows, columns]]
        found.append(Region(left, top, right - left, bottom - top, own))
    return found


def _cells(mask: Mask) -> NDArray[np.uint8]:
    """Nonzero for each 16 x 16 pixels that hold a piece of a hole."""
    height, width = mask.shape
    cells = np.zeros((-(-height // CELL), -(-width // CELL)), np.uint8)
    for row in range(len(cells)):
        lines = mask[row * CELL : (row + 1) * CELL].max(axis=0)
        cells[row] = np.maximum.reduceat(lines, np.arange(0, width, CELL))
    return cells


def _connected(cells: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The number of its group for each cell with a hole, from 1; 0 for the others.

    Cells that touch are one group; where that makes more groups than can be weighed, near ones too.
    """
    count, groups = cv2.connectedComponents(cells, connectivity=8)
    reach = 1
    while count - 1 > _MOST_WEIGHED:
        near = cv2.dilate(cells, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
        count, groups = cv2.connectedComponents(near, connectivity=8)
        reach *= 2
    return np.where(cells > 0, groups, 0).astype(np.int32)


def _boxes(groups: NDArray[np.int32]) -> _Boxes:
    """The bounding box of each group, in cells."""
    boxes = np.zeros((int(groups.max(initial=0)), 4), np.int64)
    for number in range(len(boxes)):
        left, top, width, height = cv2.boundingRect((groups == number + 1).astype(np.uint8))
        boxes[number] = (left, top, left + width, top + height)
    return boxes


def _in_pixels(boxes: _Boxes, shape: tuple[int, ...]) -> _Boxes:
    height, width = shape[:2]
    return np.minimum(boxes * CELL, [width, height, width, height])


def _joined(boxes: _Boxes, shape: tuple[int, ...], most: int) -> tuple[NDArray[np.int64], _Boxes]:
    """The group that each box comes to lie in, and each group's crop.

    Joins the two groups that save most (or cost least) for as long as that saves something or
    there are more than `most`.
    """
    group_of = np.arange(len(boxes))
    while len(boxes) > 1:
        areas = _areas(_crops(boxes, shape))
        first, second = np.triu_indices(len(boxes), 1)
        joint = _areas(_crops(_both(boxes[first], boxes[second]), shape))
        cost = joint - areas[first] - areas[second] - RUN_PIXELS
        best = int(cost.argmin())
        if cost[best] >= 0 and len(boxes) <= most:
            break
        kept, gone = first[best], second[best]
        boxes[kept] = _both(boxes[kept], boxes[gone])
        boxes = np.delete(boxes, gone, axis=0)
        group_of[group_of == gone] = kept
        group_of[group_of > gone] -= 1
    return group_of, _crops(boxes, shape)


def _both(one: _Boxes, other: _Boxes) -> _Boxes:
    """The boxes that hold both."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return np.asarray(np.concatenate([low[..., :2], high[..., 2:]], axis=-1), np.int64)


def _crops(boxes: _Boxes, shape: tuple[int, ...]) -> _Boxes:
    """Each box with its context, on whole cells, inside the picture."""
    height, width = shape[:2]
    longer = np.max(boxes[:, 2:] - boxes[:, :2], axis=1, initial=0)
    context = np.maximum(np.ceil(longer * CONTEXT_SHARE), MIN_CONTEXT).astype(np.int64)
    context = -(-context // CELL) * CELL
    wide = boxes + context[:, np.newaxis] * np.array([-1, -1, 1, 1])
    wide[:, 2:] = -(-wide[:, 2:] // CELL) * CELL
    crops = np.clip(wide, 0, [width, height, width, height])
    crops[_areas(crops) > WHOLE_SHARE * width * height] = (0, 0, width, height)
    return np.asarray(crops, np.int64)


def _areas(boxes: _Boxes) -> NDArray[np.int64]:
    areas: NDArray[np.int64] = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return areas
