"""The outline of a detected object: exactly what will go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box, Detection
from vision.detectors.labels import LIVING, voc_classes
from vision.outlines.deeplab import Segmentation
from vision.outlines.grabcut import completed, cut_box
from vision.outlines.neighbours import own_part
from vision.outlines.shapes import Shape, boxed, dilated, lengthened, plausible, polygons, solid
from vision.outlines.window import Window
from vision.weight_files import DEEPLAB

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.masks import Polygon
    from vision.weights import ModelStore

GROWTH = 0.25  # how much longer than the box the looked-at square is
SLACK = 0.06  # of the box's diagonal, all round: feet, ears, bags stick out of detectors' boxes
DILATION = 0.03  # of the box's diagonal
FEET = 0.035  # of the box's diagonal, downward: boxes end above toes, and there it is dark
LEAST_DILATION = 3  # px of the picture
BOX_GROWTH = 0.02  # of its diagonal, all round

Method = Literal["deeplab", "grabcut", "box"]


@dataclass(frozen=True)
class Outline:
    """What goes when an object goes.

    Attributes:
        polygons: outer rings, (x, y) in px of the picture, pixel edges at whole numbers; solid,
            already dilated by a share of the object's size; at most 400 points together.
        method: "deeplab" (the kind of object is known), "grabcut" (by its colours) or "box" (no
            outline was found; the box, grown a little).
        shadow: the rings of its shadow on the ground, outside the outline; empty where none was
            seen for sure, or looked for.
    """

    polygons: "list[Polygon]"
    method: Method
    shadow: "list[Polygon]" = field(default_factory=list)


def outline(
    picture: "Picture",
    detection: Detection,
    store: "ModelStore",
    others: Sequence[Detection] = (),
) -> Outline:
    """The outline of `detection` in `picture`, without a look at its shadow.

    Args:
        picture: the one that the detection was found in.
        detection: its box must not be None.
        store: where DeepLab's file is; without it, GrabCut does all kinds of objects.
        others: what else was found: who stands beside an object of the same kind keeps its part.

    Raises:
        ValueError: the detection has no box.
    """
    if detection.box is None:
        raise ValueError(f"“{detection.label}” has no place in the picture")
    window = Window.around(picture, detection.box, GROWTH)
    height, width = window.rgb.shape[:2]
    reach = window.box.grown(SLACK * window.box.diagonal, width, height)
    own = own_part(window, detection, others)
    for method, found in _attempts(window, reach, own, detection.label, store):
        shape = solid(found & boxed((height, width), reach), window.box)
        if plausible(shape, window.box):
            radius = max(DILATION * window.box.diagonal, LEAST_DILATION * window.scale)
            feet = lengthened(shape, FEET * window.box.diagonal)
            rings = polygons(dilated(feet, np.ceil(radius)))
            if rings:
                return Outline([window.polygon(ring) for ring in rings], method)
    return Outline([_rectangle(detection.box, picture)], "box")


def _attempts(
    window: Window, reach: Box, own: Shape, label: str, store: "ModelStore"
) -> Iterator[tuple[Method, Shape]]:
    best = np.zeros_like(own)
    for known in _known(window.rgb, label, store):
        best = own & completed(window.rgb, known, window.box, reach)
        yield "deeplab", best
    cut = cut_box(window.rgb, window.box)
    if cut is not None:
        # Together they find a walker of whom DeepLab misses an arm and GrabCut the shorts.
        yield "grabcut", (cut & own) | best


def _known(rgb: NDArray[np.uint8], label: str, store: "ModelStore") -> Iterator[Shape]:
    classes = voc_classes(label)
    if not classes or not store.has(DEEPLAB.name):
        return
    segmentation = Segmentation(rgb, store)
    narrow = segmentation.mask(classes)
    yield narrow
    if classes < LIVING:  # a crouching bather may look like a dog to DeepLab
        wide = segmentation.mask(LIVING)
        if np.count_nonzero(wide) > np.count_nonzero(narrow):
            yield wide


def _rectangle(box: Box, picture: "Picture") -> "Polygon":
    height, width = picture.pixels.shape[:2]
    grown = box.grown(BOX_GROWTH * box.diagonal, width, height)
    left, top, right, bottom = grown.x, grown.y, grown.x + grown.width, grown.y + grown.height
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
