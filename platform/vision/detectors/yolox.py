"""YOLOX-nano, a network that detects 80 kinds of objects in a square of 416 px.

Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv 2107.08430. The labels are COCO's.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.onnx_session import open_onnx_session
from vision.srgb import convert_to_srgb, resize
from vision.weight_files import YOLOX_NANO

if TYPE_CHECKING:
    from vision.detectors.base import Box
    from vision.images import Picture
    from vision.weights import ModelStore

SIDE = 416
STRIDES = (8, 16, 32)
LETTERBOX_GREY = 114


@dataclass(frozen=True, eq=False)
class Candidates:
    """Objects that a network may have found, in no order.

    Attributes:
        edges: left, top, right, bottom, [n,4] float32, px of the picture, maybe beyond it.
        scores: [n] float32, 0..1.
        classes: [n], indices into `COCO`.
        from_tile: [n] bool, whether only a part of the picture was examined.
    """

    edges: NDArray[np.float32]
    scores: NDArray[np.float32]
    classes: NDArray[np.intp]
    from_tile: NDArray[np.bool_]

    def select(self, rows: NDArray[Any]) -> "Candidates":
        """Return some of them: `rows` are row numbers, or a boolean for each."""
        fields = (field[rows] for field in (self.edges, self.scores, self.classes, self.from_tile))
        return Candidates(*fields)


def join_candidates(parts: list[Candidates]) -> Candidates:
    """Return the candidates of all parts (at least one), in this order."""
    return Candidates(
        np.concatenate([part.edges for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.classes for part in parts]),
        np.concatenate([part.from_tile for part in parts]),
    )


def find_candidates(
    picture: "Picture", area: "Box", store: "ModelStore", threshold: float
) -> Candidates:
    """Return the candidates with a score of at least `threshold` in `area` (px), shrunk to 416 px.

    Raises WeightsMissing when the model file is not there.
    """
    scale = SIDE / max(area.width, area.height)
    session = open_onnx_session(store.get_path(YOLOX_NANO.name))
    square = _build_letterbox(picture, area, scale)
    raw: NDArray[np.float32] = session.run(None, {"images": square})[0][0]
    edges, scores, classes = _decode(raw)
    corner = np.array([area.x, area.y, area.x, area.y], np.float32)
    in_part = np.full(len(scores), picture.pixels.shape[:2] != (area.height, area.width))
    return Candidates(edges / scale + corner, scores, classes, in_part).select(scores >= threshold)


def _build_letterbox(picture: "Picture", area: "Box", scale: float) -> NDArray[np.float32]:
    """Return the area at the top left of a grey square: [1,3,416,416] float32, BGR, 0..255."""
    crop = picture.pixels[area.y : area.y + area.height, area.x : area.x + area.width]
    small = resize(crop, max(1, round(area.width * scale)), max(1, round(area.height * scale)))
    rgb = convert_to_srgb(small, picture.icc_profile)
    square = np.full((SIDE, SIDE, 3), LETTERBOX_GREY, np.float32)
    square[: rgb.shape[0], : rgb.shape[1]] = rgb[..., ::-1]
    return np.ascontiguousarray(square.transpose(2, 0, 1)[None])


def _decode(
    raw: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.intp]]:
    """Convert the network's output [n,85] to edges in px of 416, scores and classes."""
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


def suppress_duplicates(batch: Candidates, same_label: float, any_label: float) -> Candidates:
    """Return one candidate for each object, best first.

    This is non-maximum suppression, first within each class, then across classes.

    Args:
        batch: the candidates.
        same_label, any_label: the IoU, 0..1, above which two of one class, or of any two classes,
            are the same object.
    """
    if not batch.scores.size:
        return batch
    result = batch.select(
        _to_row_numbers(
            cv2.dnn.NMSBoxesBatched(
                _to_boxes(batch), batch.scores.tolist(), batch.classes.tolist(), 0.0, same_label
            )
        )
    )
    result = result.select(
        _to_row_numbers(cv2.dnn.NMSBoxes(_to_boxes(result), result.scores.tolist(), 0.0, any_label))
    )
    return result.select(np.argsort(-result.scores, kind="stable"))


def _to_boxes(batch: Candidates) -> list[list[float]]:
    """Convert the edges to x, y, width and height."""
    sizes = batch.edges[:, 2:] - batch.edges[:, :2]
    boxes: list[list[float]] = np.concatenate([batch.edges[:, :2], sizes], axis=1).tolist()
    return boxes


def _to_row_numbers(rows: Any) -> NDArray[np.intp]:
    """Convert what OpenCV's suppression returns to a flat array of row numbers."""
    return np.asarray(rows, np.intp).ravel()
