"""The outline of a detected object: the pixels that will be removed, with its shadow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box, Detection
from vision.detectors.labels import LIVING, find_voc_classes
from vision.errors import OutlineFailed
from vision.litert_session import is_litert_installed
from vision.outlines.deeplab import Segmentation
from vision.outlines.grabcut import complete_shape, cut_box
from vision.outlines.neighbours import find_own_part
from vision.outlines.object_crop import ObjectCrop
from vision.outlines.rim import add_tight_rim, add_wide_rim
from vision.outlines.salient import can_find_salient_shape, find_salient_shape
from vision.outlines.shadows import find_shadow
from vision.outlines.shapes import (
    Shape,
    draw_box,
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
MOST_SALIENT = 24  # objects of a picture; U²-Net-p takes up to a second of the processor for each
BOX_GROWTH = 0.02  # of its diagonal, on all sides

Method = Literal["u2net", "deeplab", "grabcut", "box"]


@dataclass(frozen=True)
class Outline:
    """What is removed with an object.

    Attributes:
        polygons: outer rings, (x, y) in px of the picture, pixel edges at whole numbers; without
            holes, already dilated by a share of the object's size; at most 400 points in all.
        method: "u2net" (it stands out; joined with DeepLab where that knows its kind), "deeplab"
            (the kind of object is known), "grabcut" (by its colours) or "box" (no outline was
            found; the box, grown a little).
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
        find_outline(
            picture,
            one,
            store,
            [other for other in detections if other is not one],
            uses_saliency=index < MOST_SALIENT,
        )
        for index, one in enumerate(detections)
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
    *,
    uses_saliency: bool = True,
) -> Outline:
    """Return the outline of `detection` in `picture`, without its shadow.

    Args:
        picture: the picture that the detection was found in.
        detection: its box must not be None.
        store: where the files of U²-Net-p and DeepLab are; without them, GrabCut does all kinds
            of objects.
        others: the other detections; a neighbour of the same kind keeps its own part.
        uses_saliency: whether U²-Net-p, which is the best and slowest way, is tried.

    Raises:
        ValueError: the detection has no box.
    """
    if detection.box is None:
        raise ValueError(f"“{detection.label}” has no box")
    if uses_saliency and can_find_salient_shape(store):
        find_known = partial(_find_known_shape, label=detection.label, store=store)
        try:
            found = find_salient_shape(picture, detection, others, find_known, store)
        except OutlineFailed:  # ONNX Runtime is there, but does not load
            found = None
        if found is not None:
            crop, shape = found
            rings = trace_polygons(add_tight_rim(shape, crop.box, crop, picture))
            if rings:
                return Outline([crop.to_polygon(ring) for ring in rings], "u2net")
    crop = ObjectCrop.from_box(picture, detection.box, GROWTH)
    for method, shape in _try_colours(crop, detection, others, store):
        rings = trace_polygons(add_wide_rim(shape, crop))
        if rings:
            return Outline([crop.to_polygon(ring) for ring in rings], method)
    return Outline([_build_rectangle(detection.box, picture)], "box")


def _find_known_shape(crop: ObjectCrop, *, label: str, store: "ModelStore") -> Shape | None:
    """Return where DeepLab sees an object with this label; None where it does not know it."""
    return next(_find_known_shapes(crop.rgb, label, store), None)


def _try_colours(
    crop: ObjectCrop, detection: Detection, others: Sequence[Detection], store: "ModelStore"
) -> Iterator[tuple[Method, Shape]]:
    """Yield plausible shapes [h,w] bool that GrabCut completed; the most trusted first."""
    height, width = crop.rgb.shape[:2]
    reach = crop.vicinity
    own = find_own_part(crop, detection, others)
    for method, attempt in _complete_by_colours(crop, reach, own, detection.label, store):
        shape = make_solid(attempt & draw_box((height, width), reach), crop.box)
        if is_plausible(shape, crop.box):
            yield method, shape


def _complete_by_colours(
    crop: ObjectCrop, reach: Box, own: Shape, label: str, store: "ModelStore"
) -> Iterator[tuple[Method, Shape]]:
    """Yield candidate shapes [h,w] bool with their method."""
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
