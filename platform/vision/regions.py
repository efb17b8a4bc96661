"""The crops of a picture to work on: each holds holes and enough context to fill them from."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.masks import Mask

CONTEXT_SHARE = 0.75
"""Context on each side of a hole, as a share of the hole's longer side."""
TIGHT_SHARE = 0.5
"""The same where many holes are filled quickly."""
MIN_CONTEXT = 128
"""The least context on each side, in pixels."""
WHOLE_SHARE = 0.5
"""A crop larger than this share of the picture becomes the whole picture."""
RUN_PIXELS = 256 * 256
"""The cost of one more run of an inpainter, in pixels of a larger crop."""
MAX_REGIONS = 16

CELL = 16
# Every pair of groups is compared, so their number must be limited.
_MAX_GROUPS = 64

_Boxes = NDArray[np.int64]  # [N,4]: left, top, right, bottom, the latter two exclusive


@dataclass(frozen=True, eq=False)
class Region:
    """A crop inside the picture, in pixels, and the holes in it that belong to it.

    Crops may overlap; every hole belongs to exactly one region.

    Attributes:
        own: [ceil(height / 16), ceil(width / 16)] bool, the cells of 16 x 16 pixels, counted from
            the crop's top left corner, whose holes belong to this region.
    """

    x: int
    y: int
    width: int
    height: int
    own: NDArray[np.bool_] = field(repr=False)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The crop as (x, y, width, height)."""
        return self.x, self.y, self.width, self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """The crop's rows and columns, to index an array with."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def select_holes(self, mask: Mask) -> Mask:
        """Return this region's own part of the picture's mask [H,W]: [height,width], 255 = hole."""
        cells = self.own.astype(np.uint8) * np.uint8(255)
        pixels = cells.repeat(CELL, axis=0)[: self.height].repeat(CELL, axis=1)[:, : self.width]
        return np.asarray(pixels & mask[self.slices])


def find_regions(
    mask: Mask,
    *,
    limit: int = MAX_REGIONS,
    context_share: float = CONTEXT_SHARE,
    include: Mask | None = None,
) -> list[Region]:
    """Return at most `limit` crops for the holes of `mask` ([H,W], 255 = hole), top to bottom.

    A crop's context is `context_share` of the longer side of its holes' box, on each side, and at
    least `MIN_CONTEXT` pixels. Every crop also holds all pixels of `include` ([H,W], 255 =
    include), if there are any.

    Holes share a crop where the joint crop costs less than separate ones. While there are more than
    `limit` crops, the two that cost least together are joined. Holes less than 16 pixels apart may
    count as one. Memory is one number for each 16 x 16 pixels, also for a mask of noise.
    """
    groups = _connect_cells(_mark_cells(mask))
    boxes = _to_pixels(_compute_boxes(groups), mask.shape)
    group_of, crops = _join_boxes(boxes, mask.shape, limit, context_share)
    if include is not None and include.any():
        included = _compute_boxes((_mark_cells(include) > 0).astype(np.int32))
        crops = _merge_boxes(crops, _to_pixels(included, mask.shape))
    result = []
    for number in np.lexsort((crops[:, 0], crops[:, 1])):
        left, top, right, bottom = crops[number].tolist()
        members = np.zeros(len(boxes) + 1, np.bool_)
        members[1:] = group_of == number
        rows, columns = (
            slice(top // CELL, -(-bottom // CELL)),
            slice(left // CELL, -(-right // CELL)),
        )
        own = members[groups[rows, columns]]
        result.append(Region(left, top, right - left, bottom - top, own))
    return result


def _mark_cells(mask: Mask) -> NDArray[np.uint8]:
    """Return a nonzero number for each cell of 16 x 16 pixels that holds a piece of a hole."""
    height, width = mask.shape
    cells = np.zeros((-(-height // CELL), -(-width // CELL)), np.uint8)
    for row in range(len(cells)):
        lines = mask[row * CELL : (row + 1) * CELL].max(axis=0)
        cells[row] = np.maximum.reduceat(lines, np.arange(0, width, CELL))
    return cells


def _connect_cells(cells: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the number of its group, from 1, for each cell with a hole; 0 for the others.

    Cells that touch are one group. Where that makes too many groups to compare, cells near each
    other are one group too.
    """
    count, groups = cv2.connectedComponents(cells, connectivity=8)
    reach = 1
    while count - 1 > _MAX_GROUPS:
        near = cv2.dilate(cells, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
        count, groups = cv2.connectedComponents(near, connectivity=8)
        reach *= 2
    return np.where(cells > 0, groups, 0).astype(np.int32)


def _compute_boxes(groups: NDArray[np.int32]) -> _Boxes:
    """Return the bounding box of each group, in cells."""
    boxes = np.zeros((int(groups.max(initial=0)), 4), np.int64)
    for number in range(len(boxes)):
        left, top, width, height = cv2.boundingRect((groups == number + 1).astype(np.uint8))
        boxes[number] = (left, top, left + width, top + height)
    return boxes


def _to_pixels(boxes: _Boxes, shape: tuple[int, ...]) -> _Boxes:
    """Convert boxes from cells to pixels, clipped to the picture."""
    height, width = shape[:2]
    return np.minimum(boxes * CELL, [width, height, width, height])


def _join_boxes(
    boxes: _Boxes, shape: tuple[int, ...], limit: int, context_share: float
) -> tuple[NDArray[np.int64], _Boxes]:
    """Return the group that each box belongs to, and the crop of each group.

    Join the two groups that save most (or cost least) as long as that saves something or there are
    more than `limit` groups.
    """
    group_of = np.arange(len(boxes))
    while len(boxes) > 1:
        areas = _compute_areas(_compute_crops(boxes, shape, context_share))
        first, second = np.triu_indices(len(boxes), 1)
        merged = _merge_boxes(boxes[first], boxes[second])
        joint = _compute_areas(_compute_crops(merged, shape, context_share))
        cost = joint - areas[first] - areas[second] - RUN_PIXELS
        best = int(cost.argmin())
        if cost[best] >= 0 and len(boxes) <= limit:
            break
        target, source = first[best], second[best]
        boxes[target] = _merge_boxes(boxes[target], boxes[source])
        boxes = np.delete(boxes, source, axis=0)
        group_of[group_of == source] = target
        group_of[group_of > source] -= 1
    return group_of, _compute_crops(boxes, shape, context_share)


def _merge_boxes(one: _Boxes, other: _Boxes) -> _Boxes:
    """Return the boxes that contain both."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return np.asarray(np.concatenate([low[..., :2], high[..., 2:]], axis=-1), np.int64)


def _compute_crops(boxes: _Boxes, shape: tuple[int, ...], context_share: float) -> _Boxes:
    """Return each box with its context, on whole cells, clipped to the picture."""
    height, width = shape[:2]
    longer = np.max(boxes[:, 2:] - boxes[:, :2], axis=1, initial=0)
    context = np.maximum(np.ceil(longer * context_share), MIN_CONTEXT).astype(np.int64)
    context = -(-context // CELL) * CELL
    wide = boxes + context[:, np.newaxis] * np.array([-1, -1, 1, 1])
    wide[:, 2:] = -(-wide[:, 2:] // CELL) * CELL
    crops = np.clip(wide, 0, [width, height, width, height])
    crops[_compute_areas(crops) > WHOLE_SHARE * width * height] = (0, 0, width, height)
    return np.asarray(crops, np.int64)


def _compute_areas(boxes: _Boxes) -> NDArray[np.int64]:
    """Return the area of each box."""
    areas: NDArray[np.int64] = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return areas
