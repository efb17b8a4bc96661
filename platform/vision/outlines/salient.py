"""The shape of an object by its saliency, joined with what DeepLab knows, where that is plausible.

It may be larger than the detector's box, which often ends before hands, feet and what is carried.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vision.detectors.base import Box, Detection
from vision.detectors.labels import CARRIED, PERSON
from vision.onnx_session import is_onnx_installed
from vision.outlines.neighbours import find_own_part
from vision.outlines.object_crop import ObjectCrop
from vision.outlines.saliency import compute_saliency
from vision.outlines.shapes import (
    LEAST_SPAN,
    Shape,
    draw_box,
    is_plausible,
    make_solid,
    measure_edge_contact,
    trace_polygons,
)
from vision.weight_files import U2NETP

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.weights import ModelStore

GROWTHS = (0.25, 0.9)  # how much longer than the box the square is: first, and if it is too small
SALIENT = 0.1  # soft ends, as of hair and moving hands, have little saliency
SURELY_SALIENT = 0.5  # the least of what is far outside of the box
LEAST_COVERED = 0.6  # share of the known shape that must be salient
LEAST_KNOWN = 0.4  # share of the salient shape that must be known: the rest may be what it carries
LEAST_SPAN_UNKNOWN = 0.85  # of the box, for a kind that DeepLab does not know
LEAST_FILL_UNKNOWN = 0.5  # of the box's area; of objects that fill less, parts may be missing
MOST_BEYOND = 0.5  # what is farther away is at most this share of what is in the box
MOST_AT_EDGE = 0.002  # of the crop's outline; an object that touches more of it goes on outside
MOST_INSIDE = 0.8  # a box that covers so much of the object's is a table or a vehicle around it
LEAST_SAME = 0.7  # share of the narrow crop's shape that the wide crop must show too

FindKnown = Callable[[ObjectCrop], Shape | None]
"""Returns where DeepLab sees an object of the detection's kind; None if it knows no such kind."""


def can_find_salient_shape(store: "ModelStore") -> bool:
    """Return whether ONNX Runtime and U²-Net-p's file are here. Imports nothing heavy."""
    return is_onnx_installed() and store.has(U2NETP.name)


def find_salient_shape(
    picture: "Picture",
    detection: Detection,
    others: Sequence[Detection],
    find_known: FindKnown,
    store: "ModelStore",
) -> tuple[ObjectCrop, Shape] | None:
    """Return the crop and the shape [h,w] bool of a detected object in it; None if not plausible.

    A second, wider crop is used where the object reaches the first one's edge.

    Args:
        picture: the picture that the detection was found in.
        detection: what it is.
        others: the other detections.
        find_known: returns where DeepLab sees an object of this kind in a crop.
        store: where U²-Net-p's file is.

    Raises:
        ValueError: the detection has no box.
        WeightsMissing: U²-Net-p's file is not there.
        OutlineFailed: ONNX Runtime does not load; code outlines_unavailable.
    """
    if detection.box is None:
        raise ValueError(f"“{detection.label}” has no box")
    best: tuple[ObjectCrop, Shape] | None = None
    for growth in GROWTHS:
        crop = ObjectCrop.from_box(picture, detection.box, growth)
        shape = _find_in_crop(crop, detection, others, find_known(crop), store)
        if shape is not None and best is not None:
            shape = _join(*best, crop, shape)
        if shape is None:
            break
        best = crop, shape
        if measure_edge_contact(shape, crop.area, picture.pixels.shape) <= MOST_AT_EDGE:
            break
    return best and (best[0], _drop_open_ends(*best, picture))


def _drop_open_ends(crop: ObjectCrop, shape: Shape, picture: "Picture") -> Shape:
    """Return `shape` without far ends that leave the crop: a branch is no part of the bird."""
    beyond = shape & ~draw_box(shape.shape, crop.vicinity)
    _, labels = cv2.connectedComponents(beyond.astype(np.uint8))
    outside = np.zeros_like(shape)
    for part in range(1, int(labels.max()) + 1):
        end = np.asarray(labels == part)
        if measure_edge_contact(end, crop.area, picture.pixels.shape) > MOST_AT_EDGE:
            outside |= end
    return shape & ~outside


def _find_in_crop(
    crop: ObjectCrop,
    detection: Detection,
    others: Sequence[Detection],
    known: Shape | None,
    store: "ModelStore",
) -> Shape | None:
    """Return the shape of the object in the middle of the crop; None where it is not plausible."""
    own = find_own_part(crop, detection, others)
    saliency = compute_saliency(crop.rgb, store)
    strangers = _draw_strangers(crop, detection, others)
    salient = own & (saliency >= SALIENT)
    shape = salient if known is None else salient | (known & own)
    shape = _clip(shape, own & (saliency >= SURELY_SALIENT) & ~strangers, crop)
    inside = draw_box(own.shape, crop.box)
    if known is None:
        free = inside & ~strangers
        fills = np.count_nonzero(shape & free) >= LEAST_FILL_UNKNOWN * np.count_nonzero(free)
        is_whole = fills and is_plausible(shape & ~strangers, crop.box, LEAST_SPAN_UNKNOWN)
        return shape if is_whole else None
    common = np.count_nonzero(salient & known & inside)
    is_known = common >= LEAST_COVERED * np.count_nonzero(
        known & own & inside
    ) and common >= LEAST_KNOWN * np.count_nonzero(salient & inside)
    return shape if is_known and is_plausible(shape, crop.box, LEAST_SPAN) else None


def _clip(shape: Shape, sure: Shape, crop: ObjectCrop) -> Shape:
    """Return `shape` near the box, with the far ends of it that are `sure` and not too large."""
    near = draw_box(shape.shape, crop.vicinity)
    within = make_solid(shape & near, crop.box)
    whole = make_solid((shape & near) | (shape & sure), crop.box)
    beyond = np.count_nonzero(whole & ~near)
    return whole if beyond <= MOST_BEYOND * np.count_nonzero(within) else within


def _draw_strangers(crop: ObjectCrop, detection: Detection, others: Sequence[Detection]) -> Shape:
    """Return where other objects are that `detection` neither carries nor stands on: [h,w] bool."""
    height, width = crop.rgb.shape[:2]
    strangers = np.zeros((height, width), np.bool_)
    for other in others:
        if other.box is None or (detection.label == PERSON and other.label in CARRIED):
            continue
        box = Box.from_edges(crop.to_edges(other.box), width, height)
        if box is not None and not _contains(box, crop.box):
            strangers |= draw_box(strangers.shape, box)
    return strangers


def _contains(outer: Box, inner: Box) -> bool:
    """Return whether most of `inner` lies in `outer`."""
    wide = min(outer.x + outer.width, inner.x + inner.width) - max(outer.x, inner.x)
    high = min(outer.y + outer.height, inner.y + inner.height) - max(outer.y, inner.y)
    return max(0, wide) * max(0, high) >= MOST_INSIDE * inner.width * inner.height


def _join(narrow: ObjectCrop, sharp: Shape, wide: ObjectCrop, shape: Shape) -> Shape | None:
    """Return both crops' shapes in the wider one; None where they show different objects."""
    expected = wide.draw_polygons([narrow.to_polygon(ring) for ring in trace_polygons(sharp)])
    shared = np.count_nonzero(expected & shape)
    return expected | shape if shared >= LEAST_SAME * np.count_nonzero(expected) else None
