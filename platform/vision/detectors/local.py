"""YOLOX-nano on this machine's CPU: no account, no network.

Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv 2107.08430. The 80 labels are COCO's.
"""

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Box, Detection
from vision.detectors.labels import COCO
from vision.onnx_session import onnx_session
from vision.srgb import resize, srgb
from vision.weight_files import YOLOX_NANO

if TYPE_CHECKING:
    from vision.images import Picture
    from vision.weights import ModelStore

SIDE = 416
STRIDES = (8, 16, 32)
LETTERBOX_GREY = 114
SAME_LABEL_OVERLAP = 0.45
# Two labels on one object (car and truck) overlap nearly wholly, a rider and a horse do not.
ANY_LABEL_OVERLAP = 0.65


class LocalDetector:
    """Finds COCO's 80 kinds of objects in one pass over the picture shrunk to 416 px."""

    name = "local"

    def __init__(self, store: "ModelStore", threshold: float = 0.25) -> None:
        """`threshold`: least confidence, 0..1, of what is reported."""
        self._store = store
        self._threshold = threshold

    def detect(self, picture: "Picture") -> list[Detection]:
        """See `Detector.detect`; raises WeightsMissing when the model file is not there."""
        height, width = picture.pixels.shape[:2]
        scale = SIDE / max(width, height)
        session = onnx_session(self._store.path(YOLOX_NANO.name))
        raw: NDArray[np.float32] = session.run(None, {"images": _letterbox(picture, scale)})[0][0]
        boxes, scores, classes = _decode(raw)
        found = []
        for index in _best(boxes, scores, classes, self._threshold):
            edges = tuple(float(edge) for edge in boxes[index] / scale)
            box = Box.from_edges(edges, width, height)  # type: ignore[arg-type]
            if box is not None:
                label = COCO[classes[index]]
                found.append(Detection(label, float(scores[index]), box, (), self.name))
        return found


def _letterbox(picture: "Picture", scale: float) -> NDArray[np.float32]:
    """The picture at the top left of a grey square: [1,3,416,416] float32, B G R, 0..255."""
    height, width = picture.pixels.shape[:2]
    small = resize(picture.pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    rgb = srgb(small, picture.icc_profile)
    square = np.full((SIDE, SIDE, 3), LETTERBOX_GREY, np.float32)
    square[: rgb.shape[0], : rgb.shape[1]] = rgb[..., ::-1]
    return np.ascontiguousarray(square.transpose(2, 0, 1)[None])


def _decode(
    raw: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.intp]]:
    """[n,85] of the network -> left, top, right, bottom (px of 416) [n,4], scores, classes."""
    grids, strides = [], []
    for stride in STRIDES:
        count = SIDE // stride
        rows, columns = np.mgrid[:count, :count]
        grids.append(np.stack([columns, rows], axis=-1).reshape(-1, 2))
        strides.append(np.full((count * count, 1), stride))
    stride_of = np.concatenate(strides).astype(np.float32)
    centres = (raw[:, :2] + np.concatenate(grids).astype(np.float32)) * stride_of
    halves = np.exp(raw[:, 2:4]) * stride_of / 2
    by_class = raw[:, 4:5] * raw[:, 5:]
    edges = np.concatenate([centres - halves, centres + halves], axis=1)
    return edges, by_class.max(axis=1), by_class.argmax(axis=1)


def _best(
    edges: NDArray[np.float32],
    scores: NDArray[np.float32],
    classes: NDArray[np.intp],
    threshold: float,
) -> list[int]:
    """Rows to keep, best first: non-maximum suppression within each class, then across all."""
    likely = np.flatnonzero(scores >= threshold)
    if not likely.size:
        return []
    boxes = np.concatenate([edges[:, :2], edges[:, 2:] - edges[:, :2]], axis=1)
    kept = likely[
        _flat(
            cv2.dnn.NMSBoxesBatched(
                boxes[likely].tolist(),
                scores[likely].tolist(),
                classes[likely].tolist(),
                threshold,
                SAME_LABEL_OVERLAP,
            )
        )
    ]
    kept = kept[
        _flat(
            cv2.dnn.NMSBoxes(
                boxes[kept].tolist(), scores[kept].tolist(), threshold, ANY_LABEL_OVERLAP
            )
        )
    ]
    return sorted((int(row) for row in kept), key=lambda row: -scores[row])


def _flat(rows: Any) -> NDArray[np.intp]:
    return np.asarray(rows, np.intp).ravel()
