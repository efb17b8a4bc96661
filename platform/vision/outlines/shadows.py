"""The shadow of an object on the ground that it stands on.

A shadow takes away nearly the same share of every colour, but a little less of blue, because the
sky still shines into it (Finlayson et al., "On the Removal of Shadows from Images", PAMI 2006). So
a shadow is a part of the ground that is darker, has nearly the same colour and begins where the
object stands. A wrong shadow is worse than none, so doubtful parts are not reported.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.outlines.ground import Ground, measure_ground
from vision.outlines.object_crop import ObjectCrop
from vision.outlines.shapes import Shape, dilate, erode, trace_polygons

if TYPE_CHECKING:
    from vision.detectors.base import Box
    from vision.images import Picture
    from vision.masks import Polygon

GROWTH = 3.0  # how much longer than the box the examined square is
ROUGHEST = 0.35  # on ground that varies more than this no shadow is certain
# The least darkness of a shadow: first with its soft edge; then, if that merges with the dark
# surroundings, its core only. Each in natural logarithms and in sigmas of the ground's roughness.
LEVELS = ((0.36, 1.9), (0.5, 3.3), (0.8, 4.0))
DARK_AROUND = 0.25  # share around it that may be as dark; more is the edge of other ground
TINT = (0.04, 0.12)  # least and most tolerance for its colour
CONTACT = 0.05  # of the box's diagonal: it must begin so near to the object
VICINITY = 0.6  # of the box's diagonal: dark parts within it are counted, see APART
APART = 0.3  # share of dark parts that may not touch the object; more means patchy ground
BESIDE = 0.1  # of the box's diagonal: so near to an object with a shadow, all dark is shadow
LARGEST = 2.0  # times the object's area
SMALLEST = 0.025
BOTH_WAYS = 0.35  # of the box's width: what extends so far on both sides is a wave or a kerb
LEAK = 0.2  # of its own width: what touches the zone's end for longer is no shadow
RIM = 0.02  # of the box's diagonal: the soft edge of a shadow


def find_shadow(
    picture: "Picture",
    box: "Box",
    outline: Sequence["Polygon"],
    others: Sequence["Polygon"] = (),
) -> list["Polygon"]:
    """Return the shadow that an object casts, with the dark ground where it touches the ground.

    Args:
        picture: the picture that the object was found in.
        box: the object's box, px of the picture.
        outline: the object's polygons, px of the picture.
        others: the polygons of all other objects, in which no shadow is searched for.

    Returns:
        Polygons like the outline's; empty where no shadow is certain.
    """
    if box.y + box.height >= picture.pixels.shape[0]:
        return []  # its foot is outside the picture
    crop = ObjectCrop.from_box(picture, box, GROWTH)
    object_, strangers = crop.draw_polygons(outline), crop.draw_polygons(others)
    free = ~(object_ | strangers)
    ground = measure_ground(crop.rgb, object_, free, crop.box)
    if ground is None or ground.roughness > ROUGHEST:
        return []
    darkness = _find_attached_darkness(ground, object_, strangers, crop.box)
    larger = dilate(darkness, max(1.0, RIM * crop.box.diagonal)) & ~strangers
    return [crop.to_polygon(ring) for ring in trace_polygons(larger)] if darkness.any() else []


def _find_attached_darkness(ground: Ground, object_: Shape, strangers: Shape, box: "Box") -> Shape:
    """Return the dark ground at the object in `box`, at the first level that shows it."""
    reach = CONTACT * box.diagonal
    away, from_strangers = _measure_distance(object_), _measure_distance(strangers)
    beside = (away <= BESIDE * box.diagonal) & (from_strangers > reach)
    faint = np.zeros_like(object_)
    for dark in _find_dark_shapes(ground, object_, box):
        faint |= dark & beside
        result, apart = np.zeros_like(object_), 0
        count, labels = cv2.connectedComponents(dark.astype(np.uint8))
        for label in range(1, count):
            part = labels == label
            touching = np.count_nonzero(part & (away <= reach))
            touching_strangers = np.count_nonzero(part & (from_strangers <= reach))
            if not _is_shadow(part, ground, object_, box):
                continue
            if touching > touching_strangers:
                result |= part
            elif not touching_strangers and away[part].min() <= VICINITY * box.diagonal:
                apart += int(np.count_nonzero(part))
        if result.any() and apart <= APART * np.count_nonzero(result):
            return _drop_specks(result | faint, SMALLEST * np.count_nonzero(object_))
    return np.zeros_like(object_)


def _drop_specks(shape: Shape, least: float) -> Shape:
    """Return the parts of `shape` with at least `least` pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(shape.astype(np.uint8))
    large = stats[:, cv2.CC_STAT_AREA] >= least
    large[0] = False
    return np.asarray(large[labels])


def _measure_distance(shape: Shape) -> NDArray[np.float32]:
    """Return each pixel's distance [h,w] from `shape`; infinite if it is empty."""
    if not shape.any():
        return np.full(shape.shape, np.inf, np.float32)
    return np.asarray(cv2.distanceTransform((~shape).astype(np.uint8), cv2.DIST_L2, 5))


def _find_dark_shapes(ground: Ground, object_: Shape, box: "Box") -> Iterator[Shape]:
    """Yield dark ground of the lit ground's colour, for one level after another."""
    tint = min(max(TINT[0], 2.5 * ground.patchiness), TINT[1])
    is_same_colour = (
        (np.abs(ground.redder) < tint) & (ground.bluer > -tint) & (ground.bluer < 1.5 * tint)
    )
    gap = max(1.0, 0.008 * box.diagonal)
    for level, sigmas in LEVELS:
        dark = is_same_colour & (ground.darkness > max(level, sigmas * ground.roughness))
        closed = erode(dilate((dark & ground.zone) | object_, gap), gap)
        yield closed & ground.zone


def _is_shadow(part: Shape, ground: Ground, object_: Shape, box: "Box") -> bool:
    """Return whether a dark part has the size, place and contrast of a shadow."""
    area, whole = np.count_nonzero(part), np.count_nonzero(object_)
    if not SMALLEST * whole <= area <= LARGEST * whole:
        return False
    end = ground.zone & ~erode(ground.zone | object_, 1.0)
    columns = np.flatnonzero(part.any(axis=0))
    overhang = min(box.x - columns[0], columns[-1] + 1 - box.x - box.width)
    if np.count_nonzero(part & end) > LEAK * np.sqrt(area) or overhang > BOTH_WAYS * box.width:
        return False
    inner, outer = max(1.0, 0.01 * box.diagonal), max(2.0, 0.03 * box.diagonal)
    around = dilate(part, outer) & ~dilate(part, inner) & ground.zone
    if not around.any():
        return False
    darkness = float(np.median(ground.darkness[part]))
    return float(np.mean(ground.darkness[around] > 0.8 * darkness)) <= DARK_AROUND
