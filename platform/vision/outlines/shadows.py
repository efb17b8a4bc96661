"""Where an object darkens the ground that it stands on.

A shadow takes away nearly the same share of every colour, somewhat less of blue, for the sky still
shines into it (Finlayson et al., "On the Removal of Shadows from Images", PAMI 2006). So it is a
part of the ground, darker and of much the same colour, that begins where the object stands.
A wrong shadow is worse than none: whatever is in doubt stays.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.outlines.ground import Ground, ground_around
from vision.outlines.shapes import Shape, dilated, eroded, polygons
from vision.outlines.window import Window

if TYPE_CHECKING:
    from vision.detectors.base import Box
    from vision.images import Picture
    from vision.masks import Polygon

GROWTH = 3.0  # how much longer than the box the looked-at square is
ROUGHEST = 0.35  # ground that varies more than this shows no shadow for sure
# How dark a shadow is at least: first with its soft rim, then, if that runs into the dark all
# around, its core alone. Each in natural logarithms and in sigmas of the ground's roughness.
LEVELS = ((0.36, 1.9), (0.5, 3.3), (0.8, 4.0))
DARK_AROUND = 0.25  # how much of what is around it may be as dark: else it is other ground's edge
TINT = (0.04, 0.12)  # how far its colour may be off, least and most
CONTACT = 0.05  # of the box's diagonal: how near to the object it begins
VICINITY = 0.6  # of the box's diagonal
APART = 0.3  # so much of the found may lie there without touching: else the ground is just patchy
BESIDE = 0.1  # of the box's diagonal: so near to an object with a shadow, all that is dark goes
LARGEST = 2.0  # times the object
SMALLEST = 0.025
BOTH_WAYS = 0.35  # of the box's width: who goes on so far on either side is a wave or a kerb
LEAK = 0.2  # of its own breadth: who meets the end of the looked-at ground so far is no shadow
RIM = 0.02  # of the box's diagonal: a shadow ends softly


def shadow(
    picture: "Picture",
    box: "Box",
    outline: Sequence["Polygon"],
    others: Sequence["Polygon"] = (),
) -> list["Polygon"]:
    """The shadow that an object casts, and the darkness where it touches the ground.

    Args:
        picture: the one that the object was found in.
        box: the object's, px of the picture.
        outline: the object's polygons, px of the picture.
        others: those of all other objects, on which no shadow is looked for.

    Returns:
        Polygons like the outline's; empty where no shadow was found for sure.
    """
    if box.y + box.height >= picture.pixels.shape[0]:
        return []  # it stands outside the picture
    window = Window.around(picture, box, GROWTH)
    object_, strangers = window.drawn(outline), window.drawn(others)
    free = ~(object_ | strangers)
    ground = ground_around(window.rgb, object_, free, window.box)
    if ground is None or ground.roughness > ROUGHEST:
        return []
    found = _attached(ground, object_, strangers, window.box)
    grown = dilated(found, max(1.0, RIM * window.box.diagonal)) & ~strangers
    return [window.polygon(ring) for ring in polygons(grown)] if found.any() else []


def _attached(ground: Ground, object_: Shape, strangers: Shape, box: "Box") -> Shape:
    """Where the object in `box` darkens the ground: at the first level that shows it."""
    reach = CONTACT * box.diagonal
    away, from_strangers = _distance(object_), _distance(strangers)
    beside = (away <= BESIDE * box.diagonal) & (from_strangers > reach)
    faint = np.zeros_like(object_)
    for dark in _darknesses(ground, object_, box):
        faint |= dark & beside
        found, apart = np.zeros_like(object_), 0
        count, labels = cv2.connectedComponents(dark.astype(np.uint8))
        for label in range(1, count):
            part = labels == label
            touching = np.count_nonzero(part & (away <= reach))
            touching_strangers = np.count_nonzero(part & (from_strangers <= reach))
            if not _is_shadow(part, ground, object_, box):
                continue
            if touching > touching_strangers:
                found |= part
            elif not touching_strangers and away[part].min() <= VICINITY * box.diagonal:
                apart += int(np.count_nonzero(part))
        if found.any() and apart <= APART * np.count_nonzero(found):
            return _without_specks(found | faint, SMALLEST * np.count_nonzero(object_))
    return np.zeros_like(object_)


def _without_specks(shape: Shape, least: float) -> Shape:
    """The parts of `shape` of at least so many pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(shape.astype(np.uint8))
    large = stats[:, cv2.CC_STAT_AREA] >= least
    large[0] = False
    return np.asarray(large[labels])


def _distance(shape: Shape) -> NDArray[np.float32]:
    """[h,w]: how far each pixel is from `shape`; everywhere far where it is empty."""
    if not shape.any():
        return np.full(shape.shape, np.inf, np.float32)
    return np.asarray(cv2.distanceTransform((~shape).astype(np.uint8), cv2.DIST_L2, 5))


def _darknesses(ground: Ground, object_: Shape, box: "Box") -> Iterator[Shape]:
    """Dark ground of the lit ground's colour, at one level after another."""
    tint = min(max(TINT[0], 2.5 * ground.patchiness), TINT[1])
    alike = (np.abs(ground.redder) < tint) & (ground.bluer > -tint) & (ground.bluer < 1.5 * tint)
    gap = max(1.0, 0.008 * box.diagonal)
    for level, sigmas in LEVELS:
        dark = alike & (ground.darkness > max(level, sigmas * ground.roughness))
        bridged = eroded(dilated((dark & ground.zone) | object_, gap), gap)
        yield bridged & ground.zone


def _is_shadow(part: Shape, ground: Ground, object_: Shape, box: "Box") -> bool:
    area, whole = np.count_nonzero(part), np.count_nonzero(object_)
    if not SMALLEST * whole <= area <= LARGEST * whole:
        return False
    end = ground.zone & ~eroded(ground.zone | object_, 1.0)
    columns = np.flatnonzero(part.any(axis=0))
    overhang = min(box.x - columns[0], columns[-1] + 1 - box.x - box.width)
    if np.count_nonzero(part & end) > LEAK * np.sqrt(area) or overhang > BOTH_WAYS * box.width:
        return False
    inner, outer = max(1.0, 0.01 * box.diagonal), max(2.0, 0.03 * box.diagonal)
    around = dilated(part, outer) & ~dilated(part, inner) & ground.zone
    if not around.any():
        return False
    darkness = float(np.median(ground.darkness[part]))
    return float(np.mean(ground.darkness[around] > 0.8 * darkness)) <= DARK_AROUND
