"""Objects that a network may have found, and the choice of one for each object."""

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SAME_OBJECT = 0.7  # IoU of candidates for one object


@dataclass(frozen=True, eq=False)
class Candidates:
    """Objects that a network may have found, in no order.

    Attributes:
        edges: left, top, right, bottom, [n,4] float32, px of the picture, maybe beyond it.
        scores: [n] float32, 0..1.
        classes: [n], indices into `LABELS`.
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


def average_edges(best: Candidates, batch: Candidates) -> Candidates:
    """Return `best` with more exact edges: the mean of all candidates for the same object.

    They are weighted by their scores; Gidaris & Komodakis, "Object detection via a multi-region &
    semantic segmentation-aware CNN model", ICCV 2015.

    Args:
        best: one candidate for each object.
        batch: all candidates, with those of `best`.
    """
    edges = best.edges.copy()
    for row, (own, kind) in enumerate(zip(best.edges, best.classes, strict=True)):
        is_same = (measure_ious(batch.edges, own) >= SAME_OBJECT) & (batch.classes == kind)
        edges[row] = np.average(batch.edges[is_same], axis=0, weights=batch.scores[is_same])
    return replace(best, edges=edges)


def measure_ious(boxes: NDArray[np.float32], edges: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the IoU, 0..1, of each of `boxes` [n,4] with the box `edges` [4]."""
    sides = np.minimum(boxes[:, 2:], edges[2:]) - np.maximum(boxes[:, :2], edges[:2])
    shared = np.clip(sides, 0, None).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + np.prod(edges[2:] - edges[:2])
    return np.asarray(shared / (areas - shared))


def _to_boxes(batch: Candidates) -> list[list[float]]:
    """Convert the edges to x, y, width and height."""
    sizes = batch.edges[:, 2:] - batch.edges[:, :2]
    boxes: list[list[float]] = np.concatenate([batch.edges[:, :2], sizes], axis=1).tolist()
    return boxes


def _to_row_numbers(rows: Any) -> NDArray[np.intp]:
    """Convert what OpenCV's suppression returns to a flat array of row numbers."""
    return np.asarray(rows, np.intp).ravel()
