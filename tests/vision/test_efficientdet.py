"""EfficientDet's outputs, the choice of edges, and machines without LiteRT."""

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from tests.vision.canvas import build_picture
from vision.detectors import local
from vision.detectors.candidates import Candidates, average_edges
from vision.detectors.efficientdet import UNUSED_COLUMNS
from vision.detectors.labels import COCO
from vision.errors import DetectorFailed
from vision.images import decode
from vision.outlines import find as outlines_find
from vision.outlines import find_outline, salient
from vision.weights import EFFICIENTDET, ModelStore


def build_candidates(edges: list[list[int]], scores: list[float]) -> Candidates:
    count = len(scores)
    return Candidates(
        np.array(edges, np.float32),
        np.array(scores, np.float32),
        np.zeros(count, np.intp),
        np.zeros(count, np.bool_),
    )


def test_the_columns_of_the_network_are_the_labels(store: ModelStore) -> None:
    with ZipFile(store.get_path(EFFICIENTDET.name)) as file:
        lines = file.read("labels.txt").decode().splitlines()
    assert tuple(np.delete(np.array(lines), UNUSED_COLUMNS).tolist()) == COCO
    assert {lines[column] for column in UNUSED_COLUMNS} == {"???"}


def test_edges_are_the_mean_of_the_candidates_for_one_object() -> None:
    best = build_candidates([[0, 0, 100, 100]], [0.6])
    near, far = [6, 0, 106, 100], [60, 0, 160, 100]
    batch = build_candidates([[0, 0, 100, 100], near, far], [0.6, 0.3, 0.5])

    averaged = average_edges(best, batch)

    assert averaged.edges.round(3).tolist() == [[2, 0, 102, 100]]
    assert averaged.scores.tolist() == best.scores.tolist()


def test_without_litert_the_detector_says_so_plainly(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "is_litert_installed", lambda: False)
    with pytest.raises(DetectorFailed) as caught:
        local.LocalDetector(store).detect(build_picture(np.zeros((10, 10, 1), np.uint8)))
    assert caught.value.code == "detector_unavailable"
    assert caught.value.permanent
    assert caught.value.message == "Objects can't be detected on this site. Paint what should go."
    assert "LiteRT" in caught.value.detail


def test_without_litert_and_onnx_runtime_outlines_are_coarser(
    photos: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = decode(photos / "legendary_4.jpg")
    person = local.LocalDetector(store).detect(picture)[0]
    monkeypatch.setattr(outlines_find, "is_litert_installed", lambda: False)
    assert find_outline(picture, person, store).method == "u2net"
    monkeypatch.setattr(salient, "is_onnx_installed", lambda: False)
    assert find_outline(picture, person, store).method == "grabcut"
