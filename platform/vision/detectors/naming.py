"""Careful names: a wrong name is worse than a broad one.

COCO knows ten animals and one traffic sign, and the network calls every other one by one of these
names, often with a high score: a fox "dog", an otter "bear", a speed sign "stop sign". Close looks
at the object tell them apart: in each, an animal that COCO knows is far ahead of all others; with
one that it does not know, another one comes near. benchmarks/VISION.md has the figures.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box
from vision.detectors.candidates import Candidates, measure_ious
from vision.detectors.efficientdet import find_scores
from vision.detectors.labels import ANIMAL, COCO, COCO_ANIMALS, SIGN, STOP_SIGN

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.weights import ModelStore

GROWTHS = (0.15, 0.2, 0.3)  # of the box's longer side, on all sides: one close look for each
LEAST_SCORE = 0.05
SAME_OBJECT = 0.4  # IoU of a box in the close look with the object's
# Least lead in the worst look: correct animals have 0.61 and more, wrong ones 0.44 and less.
ANIMAL_LEAD = 0.53
SURE_STOP_SIGN = 0.65  # least score in the worst look: stop signs have 0.94, a speed sign has 0.30

_ANIMAL_COLUMNS = [COCO.index(label) for label in sorted(COCO_ANIMALS)]


def name_carefully(batch: Candidates, picture: "Picture", store: "ModelStore") -> list[str]:
    """Return the label (one of `LABELS`) of each candidate.

    Raises WeightsMissing when the model file is not there.
    """
    return [
        _choose_label(COCO[kind], edges, picture, store)
        for kind, edges in zip(batch.classes, batch.edges, strict=True)
    ]


def _choose_label(
    label: str, edges: NDArray[np.float32], picture: "Picture", store: "ModelStore"
) -> str:
    if label not in COCO_ANIMALS and label != STOP_SIGN:
        return label
    looks = [_look_closely(edges, growth, picture, store) for growth in GROWTHS]
    column = COCO.index(label)
    if label == STOP_SIGN:
        return label if min(scores[column] for scores in looks) >= SURE_STOP_SIGN else SIGN
    others = [other for other in _ANIMAL_COLUMNS if other != column]
    lead = min(scores[column] - scores[others].max() for scores in looks)
    return label if lead >= ANIMAL_LEAD else ANIMAL


def _look_closely(
    edges: NDArray[np.float32], growth: float, picture: "Picture", store: "ModelStore"
) -> NDArray[np.float32]:
    """Return the best score of each of `COCO`, [80] float32, for the object, seen by itself.

    Its box is grown by `growth` of its longer side on all sides.
    """
    height, width = picture.pixels.shape[:2]
    left, top, right, bottom = (float(edge) for edge in edges)
    margin = growth * max(right - left, bottom - top)
    area = Box.from_edges(
        (left - margin, top - margin, right + margin, bottom + margin), width, height
    )
    if area is None:
        return np.zeros(len(COCO), np.float32)
    boxes, scores = find_scores(picture, area, store, LEAST_SCORE)
    return np.asarray(scores[measure_ious(boxes, edges) >= SAME_OBJECT].max(axis=0, initial=0.0))
