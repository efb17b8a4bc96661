"""Measures how many objects the local detector finds, and how well outlines cover them."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vision import masks
from vision.detectors import Box, Detection
from vision.detectors.local import LocalDetector
from vision.images import Picture, decode
from vision.outlines import find_outlines
from vision.outlines.shapes import erode
from vision.weights import ModelStore

Method = Literal["whole picture", "with tiles"]
LABELS = Path(__file__).with_name("labels.json")
MIN_IOU = 0.5  # from here on, a detection counts as the object
MASK_GROWTH = 0.03  # share of its diagonal by which a hand-made mask exceeds the object
RUNS = 3  # the fastest one counts
# The parts of the photos of pairs/ where a hand-made mask covers objects: x, y, width, height.
MASKED = {
    "14": (550, 60, 300, 740),
    "15": (600, 200, 700, 880),
    "17": (1900, 1500, 600, 900),
    "20": (1550, 600, 900, 1250),
}


@dataclass(frozen=True)
class DetectionRow:
    """The detections of one photo.

    Attributes:
        objects: the number of labelled objects.
        found: how many of them have a detection with an IoU of at least 0.5, with any label.
        false: detections of no labelled object, and second detections of the same object.
        seconds: for the decoded photo; the fastest of three runs.
    """

    photo: str
    method: Method
    objects: int
    found: int
    false: int
    seconds: float


@dataclass(frozen=True)
class OutlineRow:
    """How the outlines of all detections cover a hand-made mask, which is dilated.

    Attributes:
        recall: share of the mask that the outlines cover.
        core_recall: the same for the mask shrunk by 3 % of its diagonal, to undo the dilation.
        iou: intersection over union.
        seconds: the mean for one outline with its shadow.
    """

    photo: str
    recall: float
    core_recall: float
    iou: float
    seconds: float


def measure_photos(photos: Path, store: ModelStore) -> Iterator[DetectionRow | OutlineRow]:
    """Yield the rows of each photo as soon as they are measured.

    `photos` is the folder of the test photos, with pairs/; missing photos are skipped. `store` has
    the models of the detector and of the outlines.
    """
    labels: dict[str, list[list[object]]] = json.loads(LABELS.read_text())["photos"]
    for name, objects in labels.items():
        if (photos / name).exists():
            picture = decode(photos / name)
            boxes = [Box(*(int(str(number)) for number in entry[1:])) for entry in objects]
            yield _measure_finding(name, picture, boxes, LocalDetector(store, uses_tiles=False))
            yield _measure_finding(name, picture, boxes, LocalDetector(store))
    for name, area in MASKED.items():
        if (photos / f"pairs/{name}_mask.jpg").exists():
            yield _measure_outlines(photos / "pairs", name, area, store)


def _measure_finding(
    name: str, picture: Picture, objects: list[Box], detector: LocalDetector
) -> DetectionRow:
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        detections = detector.detect(picture)
        seconds.append(time.perf_counter() - started)
    found = _count_matches(detections, objects)
    method: Method = "with tiles" if detector.uses_tiles else "whole picture"
    false = len(detections) - found
    return DetectionRow(name, method, len(objects), found, false, min(seconds))


def _count_matches(detections: list[Detection], objects: list[Box]) -> int:
    """Count the objects that have their own detection; the most confident one chooses first."""
    unmatched = list(objects)
    for detection in detections:
        box = detection.box
        if box is None:
            continue
        candidates = [each for each in unmatched if compute_iou(box, each) >= MIN_IOU]
        if candidates:
            unmatched.remove(max(candidates, key=partial(compute_iou, box)))
    return len(objects) - len(unmatched)


def compute_iou(one: Box, other: Box) -> float:
    """Return the intersection over union, 0..1."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0, width) * max(0, height)
    return shared / (one.width * one.height + other.width * other.height - shared)


def _measure_outlines(
    pairs: Path, name: str, area: tuple[int, int, int, int], store: ModelStore
) -> OutlineRow:
    picture = decode(pairs / f"{name}_image.jpg")
    detections = LocalDetector(store).detect(picture)
    started = time.perf_counter()
    outlines = find_outlines(picture, detections, store)
    polygons = [polygon for outline in outlines for polygon in outline.polygons]
    seconds = (time.perf_counter() - started) / max(1, len(detections))
    x, y, width, height = area
    crop = np.s_[y : y + height, x : x + width]
    covered = masks.from_polygons((picture.height, picture.width), polygons)[crop] > 0
    masked: NDArray[np.bool_] = decode(pairs / f"{name}_mask.jpg").pixels[crop][..., 0] < 128
    both = np.count_nonzero(covered & masked)
    growth = MASK_GROWTH * np.hypot(*np.ptp(np.nonzero(masked), axis=1))
    core = erode(masked, float(growth))
    return OutlineRow(
        name,
        recall=float(both / np.count_nonzero(masked)),
        core_recall=float(np.count_nonzero(covered & core) / np.count_nonzero(core)),
        iou=float(both / np.count_nonzero(covered | masked)),
        seconds=seconds,
    )
