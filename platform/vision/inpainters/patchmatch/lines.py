"""Straight lines of a photo that point into a hole: the fill should continue them."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

LEAST_LENGTH = 18.0
"""Pixels; shorter segments are texture."""
REACH_SHARE = 0.35
"""How far from the hole a segment may end, as a share of the side of a square of its size."""
REACH_PIXELS = 20.0
"""The same in pixels, added to the share."""
LEAST_CROSSING = 5
"""How many samples of a segment's extension must be in the hole."""
SPREAD_DEGREES = 4.0
"""Standard deviation in degrees within which directions support each other."""
SAME_DEGREES = 14.0
"""Directions within so many degrees are one direction."""
LEAST_SUPPORT = 25.0
"""Pixels of segments that a direction needs, those further from the hole counting less."""
LEAST_SUPPORT_SHARE = 0.12
"""The same as a share of all segments that point into the hole."""
LEAST_TOTAL = 1.0
"""The least sum of all segments, in sides of a square of the hole's size; fewer are texture."""

BESIDE = 5
"""Pixels from the hole within which a segment's points count as beside it."""
STEP, BEYOND = 2, 60
"""Pixels between the samples of a segment's extension, and how far beyond the reach it goes."""

SAME_LINE_DEGREES, SAME_LINE_PIXELS = 5.0, 5.0
"""Lines on two sides of the hole that differ by no more are parts of one line."""

_Floats = NDArray[np.float64]
_Distances = NDArray[np.float32]


@dataclass(frozen=True)
class Line:
    """A line segment beside a hole that points into it, in pixels.

    Attributes:
        x, y: its end at the hole.
        right, down: its direction into the hole, a unit vector.
        weight: its length; the further it ends from the hole, the less of it counts.
        entry: how far from its end its extension reaches the hole.
        across: how much of the extension is in the hole, if a line on the other side meets it; the
            line is expected to go on so far. 0 where none does.
    """

    x: float
    y: float
    right: float
    down: float
    weight: float
    entry: float
    across: float = 0.0

    @property
    def angle(self) -> float:
        """The direction in radians, 0 along the rows and rising clockwise, below pi."""
        return float(np.arctan2(self.down, self.right) % np.pi)


def find_lines(picture: NDArray[np.uint8], hole: NDArray[np.bool_]) -> list[Line]:
    """Return the lines of `picture` [h,w,3] uint8 RGB that point into the hole [h,w] bool.

    What the picture shows inside the hole has no influence.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey[hole] = grey[~hole].mean()
    segments = cv2.createLineSegmentDetector().detect(grey)[0]
    if segments is None:
        return []
    solid = hole.astype(np.uint8)
    distance = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5).astype(np.float32)
    reach = REACH_SHARE * float(np.sqrt(np.count_nonzero(hole))) + REACH_PIXELS
    found = []
    for segment in segments.reshape(-1, 4):
        ends = segment.reshape(2, 2).astype(np.float64)
        if not _is_outline(ends, distance):
            found += [_extend(end, other, distance, reach) for end, other in (ends, ends[::-1])]
    lines = [line for line in found if line is not None]
    return [replace(line, across=_measure_crossing(line, lines)) for line in lines]


def _measure_crossing(line: Line, others: list[Line]) -> float:
    """Return the length of the line in the hole up to the line that meets it; 0 if none does."""
    lengths = [0.0]
    for other in others:
        opposite = -(line.right * other.right + line.down * other.down)
        right, down = other.x - line.x, other.y - line.y
        beside = abs(line.right * down - line.down * right)
        ahead = line.right * right + line.down * down
        if opposite > np.cos(np.radians(SAME_LINE_DEGREES)) and beside < SAME_LINE_PIXELS:
            lengths.append(ahead - line.entry - other.entry)
    return max(lengths)


def _is_outline(ends: _Floats, distance: _Distances) -> bool:
    """Return whether a segment runs along the hole's edge, as the outline of the object does."""
    points = np.stack([*ends, ends.mean(axis=0)])
    return int((_sample(distance, points) < BESIDE).sum()) >= 2


def _extend(end: _Floats, other: _Floats, distance: _Distances, reach: float) -> Line | None:
    """Return the segment from `other` to `end` as a line into the hole; None if it is none."""
    length = float(np.hypot(*(end - other)))
    gap = float(_sample(distance, end[np.newaxis])[0])
    if length < LEAST_LENGTH or gap > reach:
        return None
    direction = (end - other) / length
    steps = np.arange(0, reach + BEYOND, STEP)
    points = end + steps[:, np.newaxis] * direction
    height, width = distance.shape
    x, y = points[:, 0], points[:, 1]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    inside &= _sample(distance, points) == 0
    if inside.sum() < LEAST_CROSSING:
        return None
    weight = length * float(np.exp(-gap / reach))
    entry = float(steps[inside.argmax()])
    return Line(float(end[0]), float(end[1]), direction[0], direction[1], weight, entry)


def _sample(field: _Distances, points: _Floats) -> _Distances:
    """Return the field's values at the points (x, y), clipped to the field."""
    height, width = field.shape
    columns = np.clip(points[:, 0].astype(np.int64), 0, width - 1)
    rows = np.clip(points[:, 1].astype(np.int64), 0, height - 1)
    return field[rows, columns]


def find_directions(lines: list[Line], hole: NDArray[np.bool_], *, limit: int) -> list[float]:
    """Return at most `limit` main directions of the lines in radians, the strongest first.

    There are none where the lines are few and short for the hole [h,w] bool.
    """
    angles = np.array([line.angle for line in lines])
    weights = np.array([line.weight for line in lines])
    total = weights.sum()
    if total < LEAST_TOTAL * np.sqrt(np.count_nonzero(hole)):
        return []
    bins = np.radians(np.arange(180.0))
    directions: list[float] = []
    while len(directions) < limit and weights.any():
        turned = _measure_turn(bins[:, np.newaxis], angles)
        support = (np.exp(-((turned / np.radians(SPREAD_DEGREES)) ** 2)) * weights).sum(axis=1)
        if support.max() < max(LEAST_SUPPORT, LEAST_SUPPORT_SHARE * total):
            break
        turned = _measure_turn(bins[support.argmax()], angles)
        near = turned < np.radians(SAME_DEGREES / 2)
        # Doubled, because a line has no beginning: its direction repeats after half a turn.
        mean = np.angle((weights[near] * np.exp(2j * angles[near])).sum()) / 2
        directions.append(float(mean % np.pi))
        weights = np.where(turned < np.radians(SAME_DEGREES), 0, weights)
    return directions


def _measure_turn(one: _Floats | float, other: _Floats) -> _Floats:
    """Return the angles between directions in radians, at most a quarter of a turn."""
    return np.asarray(np.abs((one - other + np.pi / 2) % np.pi - np.pi / 2))
