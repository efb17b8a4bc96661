"""What stands out at a point in crops of several sizes, and which of them shows a whole object."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box
from vision.outlines.object_crop import ObjectCrop
from vision.outlines.saliency import compute_saliency
from vision.outlines.shapes import Shape, dilate, make_solid, measure_edge_contact, trace_polygons

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.weights import ModelStore

SHARES = (0.6, 0.36, 0.22, 0.13)  # sides of the small crops, of the picture's shorter side
LONGEST = 2.0  # the largest crop's longer side, of its shorter one, which is the picture's
FEWEST_PIXELS = 32  # of a crop's side: a smaller one shows nothing
SALIENT = 0.5  # the least saliency of an object's pixels
COMPLETE = 0.2  # the same once the object is known: its soft ends belong to it too
NEAR = 0.02  # of the crop's side: a click may miss a thin object by so much
SMALLEST, LARGEST = 0.01, 0.9  # share of a crop; less is noise, more is the background
LEAST_CONFIDENCE = 0.4
MOST_AT_EDGE = 0.01  # of the crop's outline; an object that touches more of it goes on outside
CUT_OFF = 0.3  # times the confidence of an object that goes on outside
TIE = 0.06  # confidences that differ by less are equal
MARGIN = 0.4  # how much longer than the object the last crop is
LEAST_SAME = 0.5  # overlap (IoU) of the last crop's object with the one that was chosen


@dataclass(frozen=True)
class Point:
    """A point that a person clicked, px of the picture; it adds what is there, or takes it away."""

    x: float
    y: float
    adds: bool = True


@dataclass(frozen=True, eq=False)
class Candidate:
    """What stands out at a point in one crop.

    Attributes:
        crop: the crop; its box is not used.
        shape: [h,w] bool, in the crop.
        confidence: how surely it is one whole object, 0..1.
    """

    crop: ObjectCrop
    shape: Shape
    confidence: float

    @property
    def box(self) -> Box:
        """The box around the shape, px of the crop."""
        return Box(*cv2.boundingRect(self.shape.astype(np.uint8)))

    def locate_all(self, points: Sequence[Point]) -> list[tuple[int, int]]:
        """Return the rows and the columns of those points that lie in the shape."""
        places = (_locate(self.crop, point) for point in points)
        return [place for place in places if place and self.shape[place]]

    def shows(self, point: Point) -> bool:
        """Return whether the point lies in the shape."""
        return bool(self.locate_all([point]))


def find_best_candidate(picture: "Picture", point: Point, store: "ModelStore") -> Candidate | None:
    """Return the most confident candidate at `point`; None where nothing stands out."""
    height, width = picture.pixels.shape[:2]
    shorter, longer = min(height, width), max(height, width)
    areas = [_build_area(picture, point, min(longer, round(LONGEST * shorter)))]
    sides = (round(share * shorter) for share in SHARES)
    areas += [_build_area(picture, point, side) for side in sides if side >= FEWEST_PIXELS]
    found = [_examine(picture, area, point, store) for area in areas]
    candidates = [each for each in found if each and each.confidence >= LEAST_CONFIDENCE]
    best = max((each.confidence for each in candidates), default=0.0)
    # The areas become smaller: a part that is as clear as the whole is what the click meant.
    return next((each for each in reversed(candidates) if each.confidence >= best - TIE), None)


def refine_candidate(
    picture: "Picture", candidate: Candidate, point: Point, store: "ModelStore"
) -> Candidate:
    """Return the same object from a crop that fits it; `candidate` where that shows another one."""
    box = candidate.box
    left, top = candidate.crop.to_picture(box.x, box.y)
    right, bottom = candidate.crop.to_picture(box.x + box.width, box.y + box.height)
    height, width = picture.pixels.shape[:2]
    fitting = Box.from_edges((left, top, right, bottom), width, height)
    if fitting is None:
        return candidate
    crop = ObjectCrop.from_box(picture, fitting, MARGIN)
    again = _examine(picture, crop.area, point, store, COMPLETE)
    if again is None or again.confidence < LEAST_CONFIDENCE:
        return candidate
    return again if _measure_overlap(candidate, again) >= LEAST_SAME else candidate


def _examine(
    picture: "Picture", area: Box, point: Point, store: "ModelStore", least: float = SALIENT
) -> Candidate | None:
    """Return what stands out at `point` in the crop `area`; None where nothing does."""
    crop = ObjectCrop.from_box(picture, area, 0.0)
    saliency = compute_saliency(crop.rgb, store)
    place = _locate(crop, point)
    reach = NEAR * max(saliency.shape)
    shape = None if place is None else _select_part(saliency >= least, place, reach)
    if shape is None or not SMALLEST <= float(shape.mean()) <= LARGEST:
        return None
    shape = make_solid(shape, crop.box)
    confidence = _measure_confidence(saliency, shape)
    if measure_edge_contact(shape, crop.area, picture.pixels.shape) > MOST_AT_EDGE:
        confidence *= CUT_OFF
    return Candidate(crop, shape, confidence)


def _measure_confidence(saliency: NDArray[np.float32], shape: Shape) -> float:
    """Return by how much the saliency in `shape` exceeds that around it, 0..1."""
    reach = max(2.0, 0.1 * float(np.sqrt(np.count_nonzero(shape))))
    around = dilate(shape, 2 * reach) & ~dilate(shape, reach)
    outside = float(saliency[around].mean()) if around.any() else 0.0
    return max(0.0, float(saliency[shape].mean()) - outside)


def _select_part(shape: Shape, place: tuple[int, int], reach: float) -> Shape | None:
    """Return the connected part of `shape` at `place`, or the nearest one within `reach` px."""
    _, labels = cv2.connectedComponents(shape.astype(np.uint8))
    label = labels[place]
    if not label:
        rows, columns = np.nonzero(labels)
        if not rows.size:
            return None
        distances = np.hypot(rows - place[0], columns - place[1])
        nearest = int(np.argmin(distances))
        if distances[nearest] > reach:
            return None
        label = labels[rows[nearest], columns[nearest]]
    return np.asarray(labels == label)


def _build_area(picture: "Picture", point: Point, side: int) -> Box:
    """Return the square of `side` px around the point, moved into the picture and cut to it."""
    height, width = picture.pixels.shape[:2]
    wide, high = min(side, width), min(side, height)
    x = min(max(0, round(point.x - wide / 2)), width - wide)
    y = min(max(0, round(point.y - high / 2)), height - high)
    return Box(x, y, wide, high)


def _locate(crop: ObjectCrop, point: Point) -> tuple[int, int] | None:
    """Return the row and the column of a point in the crop; None outside of it."""
    height, width = crop.rgb.shape[:2]
    column = math.floor((point.x - crop.area.x) * width / crop.area.width)
    row = math.floor((point.y - crop.area.y) * height / crop.area.height)
    return (row, column) if 0 <= row < height and 0 <= column < width else None


def _measure_overlap(one: Candidate, other: Candidate) -> float:
    """Return the IoU of two candidates' shapes, in the crop of the other."""
    rings = [one.crop.to_polygon(ring) for ring in trace_polygons(one.shape)]
    expected = other.crop.draw_polygons(rings)
    shared, joined = (int(each.sum()) for each in (expected & other.shape, expected | other.shape))
    return shared / max(1, joined)
