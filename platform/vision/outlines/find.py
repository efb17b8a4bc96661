"""The outline of a detected object: the pixels that will be removed, with its shadow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box, Detection
from vision.detectors.labels import LIVING, find_voc_classes
from vision.litert_session import is_litert_installed
from vision.outlines.deeplab import Segmentation
from vision.outlines.grabcut import complete_shape, cut_box
from vision.outlines.neighbours import find_own_part
from vision.outlines.object_crop import ObjectCrop
from vision.outlines.shadows import find_shadow
from vision.outlines.shapes import (
    Shape,
    dilate,
    draw_box,
    extend_downward,
    is_plausible,
    make_solid,
    trace_polygons,
)
from vision.weight_files import DEEPLAB

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.masks import Polygon
    from vision.weights import ModelStore

GROWTH = 0.25  # how much longer than the box the examined square is
SLACK = 0.06  # of the box's diagonal, on all sides: feet, ears, bags extend beyond the box
DILATION = 0.03  # of the box's diagonal
FEET = 0.035  # of the box's diagonal, downward: boxes end above toes and their contact shadow
LEAST_DILATION = 3  # px of the picture
BOX_GROWTH = 0.02  # of its diagonal, on all sides

Method = Literal["deeplab", "grabcut", "box"]


@dataclass(frozen=True)
class Outline:
    """What is removed with an object.

    Attributes:
        polygons: outer rings, (x, y) in px of the picture, pixel edges at whole numbers; without
            holes, already dilated by a share of the object's size; at most 400 points in all.
        method: "deeplab" (the kind of object is known), "grabcut" (by its colours) or "box" (no
            outline was found; the box, grown a little).
        shadow: the rings of its shadow on the ground, outside the outline; empty where no shadow is
            certain, or none was searched for.
    """

    polygons: "list[Polygon]"
    method: Method
    shadow: "list[Polygon]" = field(default_factory=list)


def find_outlines(
    picture: "Picture", detections: Sequence[Detection], store: "ModelStore"
) -> list[Outline]:
    """Return the outline of each detection, with the shadow that it casts where one is certain.

    No outline reaches into a neighbour of the same kind, and no shadow into another object. An
    object of which only the box is known gets no shadow.

    Args: as for `find_outline`; all of `detections` must have a box. Raises ValueError otherwise.
    """
    outlines = [
        find_outline(picture, one, store, [other for other in detections if other is not one])
        for one in detections
    ]
    return [
        replace(own, shadow=_find_shadow_of(picture, one, own, outlines))
        for one, own in zip(detections, outlines, strict=True)
    ]


def _find_shadow_of(
    picture: "Picture", detection: Detection, own: Outline, outlines: Sequence[Outline]
) -> "list[Polygon]":
    """Return the shadow of one object, outside the outlines of all others."""
    if detection.box is None or own.method == "box":
        return []
    others = [ring for other in outlines if other is not own for ring in other.polygons]
    return find_shadow(picture, detection.box, own.polygons, others)


def find_outline(
    picture: "Picture",
    detection: Detection,
    store: "ModelStore",
    others: Sequence[Detection] = (),
) -> Outline:
    """Return the outline of `detection` in `picture`, without its shadow.

    Args:
        picture: the picture that the detection was found in.
        detection: its box must not be None.
        store: where DeepLab's file is; without it, GrabCut does all kinds of objects.
        others: the other detections; a neighbour of the same kind keeps its own part.

    Raises:
        ValueError: the detection has no box.
    """
    if detection.box is None:
        raise ValueError(f"“{detection.label}” has no box")
    crop = ObjectCrop.from_box(picture, detection.box, GROWTH)
    height, width = crop.rgb.shape[:2]
    reach = crop.box.grow(SLACK * crop.box.diagonal, width, height)
    own = find_own_part(crop, detection, others)
    for method, attempt in _try_methods(crop, reach, own, detection.label, store):
        shape = make_solid(attempt & draw_box((height, width), reach), crop.box)
        if is_plausible(shape, crop.box):
            radius = max(DILATION * crop.box.diagonal, LEAST_DILATION * crop.scale)
            feet = extend_downward(shape, FEET * crop.box.diagonal)
            rings = trace_polygons(dilate(feet, np.ceil(radius)))
            if rings:
                return Outline([crop.to_polygon(ring) for ring in rings], method)
    return Outline([_build_rectangle(detection.box, picture)], "box")


def _try_methods(
    crop: ObjectCrop, reach: Box, own: Shape, label: str, store: "ModelStore"
) -> Iterator[tuple[Method, Shape]]:
    """Yield candidate shapes [h,w] bool with their method, the most trusted first."""
    best = np.zeros_like(own)
    for shape in _find_known_shapes(crop.rgb, label, store):
        best = own & complete_shape(crop.rgb, shape, crop.box, reach)
        yield "deeplab", best
    cut = cut_box(crop.rgb, crop.box)
    if cut is not None:
        # Each covers what the other misses: here DeepLab an arm, GrabCut the shorts of a walker.
        yield "grabcut", (cut & own) | best


def _find_known_shapes(rgb: NDArray[np.uint8], label: str, store: "ModelStore") -> Iterator[Shape]:
    """Yield the shapes that DeepLab sees for this label; none where it does not know it."""
    classes = find_voc_classes(label)
    if not classes or not is_litert_installed() or not store.has(DEEPLAB.name):
        return
    segmentation = Segmentation(rgb, store)
    narrow = segmentation.build_mask(classes)
    yield narrow
    if classes < LIVING:  # DeepLab may take a crouching person for a dog
        wide = segmentation.build_mask(LIVING)
        if np.count_nonzero(wide) > np.count_nonzero(narrow):
            yield wide


def _build_rectangle(box: Box, picture: "Picture") -> "Polygon":
    """Return the box, grown a little, as a polygon."""
    height, width = picture.pixels.shape[:2]
    larger = box.grow(BOX_GROWTH * box.diagonal, width, height)
    left, top, right, bottom = larger.x, larger.y, larger.x + larger.width, larger.y + larger.height
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
