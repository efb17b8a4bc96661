"""EfficientDet-Lite0, a network that detects the 80 kinds of objects of COCO in a square of 320 px.

Tan et al., "EfficientDet: Scalable and Efficient Object Detection", arXiv 1911.09070, quantized to
8 bits, as MediaPipe publishes it.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vision.detectors.candidates import Candidates
from vision.litert_session import open_litert_session
from vision.srgb import convert_to_srgb, resize
from vision.weight_files import EFFICIENTDET

if TYPE_CHECKING:
    from vision.detectors.base import Box
    from vision.images import Picture
    from vision.weights import ModelStore

SIDE = 320
LETTERBOX_GREY = 127  # the network's zero
# The network has a column for each id of COCO, but COCO uses 80 of its 90 ids.
UNUSED_COLUMNS = (11, 25, 28, 29, 44, 65, 67, 68, 70, 82)
SCORES, BOXES = "StatefulPartitionedCall:1", "StatefulPartitionedCall:0"
LEVELS = (3, 4, 5, 6, 7)
ANCHOR_SCALE = 3.0  # of the stride
OCTAVES = (0.0, 1 / 3, 2 / 3)
RATIOS = (1.0, 2.0, 0.5)  # width / height


def find_candidates(
    picture: "Picture", area: "Box", store: "ModelStore", threshold: float
) -> Candidates:
    """Return the candidates with a score of at least `threshold` in `area` (px), shrunk to 320 px.

    Raises WeightsMissing when the model file is not there.
    """
    edges, scores = find_scores(picture, area, store, threshold)
    in_part = picture.pixels.shape[:2] != (area.height, area.width)
    best = scores.max(axis=1, initial=0.0), scores.argmax(axis=1)
    return Candidates(edges, *best, np.full(len(scores), in_part))


def find_scores(
    picture: "Picture", area: "Box", store: "ModelStore", threshold: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return edges [n,4] (px of the picture, maybe beyond it) and scores [n,80], 0..1, of `area`.

    Only candidates of which a score is at least `threshold` are returned. Raises WeightsMissing
    when the model file is not there.
    """
    scale = SIDE / max(area.width, area.height)
    session = open_litert_session(store.get_path(EFFICIENTDET.name))
    outputs = session.run(_build_letterbox(picture, area, scale))
    all_scores = outputs[SCORES][0]
    rows = np.flatnonzero(all_scores.max(axis=1) >= threshold)
    scores = np.delete(all_scores[rows], UNUSED_COLUMNS, axis=1)
    edges = _decode(outputs[BOXES][0][rows], _build_anchors()[rows])
    corner = np.array([area.x, area.y, area.x, area.y], np.float32)
    is_used = scores.max(axis=1, initial=0.0) >= threshold
    return (edges / scale + corner)[is_used], scores[is_used]


def _build_letterbox(picture: "Picture", area: "Box", scale: float) -> NDArray[np.uint8]:
    """Return the area at the top left of a grey square: [1,320,320,3] uint8, RGB."""
    crop = picture.pixels[area.y : area.y + area.height, area.x : area.x + area.width]
    small = resize(crop, max(1, round(area.width * scale)), max(1, round(area.height * scale)))
    rgb = convert_to_srgb(small, picture.icc_profile)
    square = np.full((1, SIDE, SIDE, 3), LETTERBOX_GREY, np.uint8)
    square[0, : rgb.shape[0], : rgb.shape[1]] = rgb
    return square


@cache
def _build_anchors() -> NDArray[np.float32]:
    """Return the boxes that the network's boxes are relative to: [19206,4] y, x, height, width."""
    levels = []
    for level in LEVELS:
        stride = 2**level
        centres = (np.arange(-(-SIDE // stride)) + 0.5) * stride
        sizes = [
            (ANCHOR_SCALE * stride * 2**octave / ratio**0.5,
             ANCHOR_SCALE * stride * 2**octave * ratio**0.5)
            for octave in OCTAVES
            for ratio in RATIOS
        ]  # fmt: skip
        rows, columns, kinds = np.meshgrid(centres, centres, np.arange(len(sizes)), indexing="ij")
        size: NDArray[Any] = np.array(sizes)[kinds.ravel()]
        levels.append(np.column_stack([rows.ravel(), columns.ravel(), size]))
    return np.concatenate(levels).astype(np.float32)


def _decode(boxes: NDArray[np.float32], anchors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Convert the network's boxes [n,4], relative to `anchors`, to edges in px of 320."""
    centres = boxes[:, :2] * anchors[:, 2:] + anchors[:, :2]
    halves = np.exp(boxes[:, 2:]) * anchors[:, 2:] / 2
    edges = np.concatenate([centres - halves, centres + halves], axis=1)
    return np.ascontiguousarray(edges[:, [1, 0, 3, 2]])
