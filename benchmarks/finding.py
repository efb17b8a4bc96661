"""How much of what is in real photos the local detector finds, and how well outlines cover it."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
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

Way = Literal["whole picture", "with tiles"]
LABELS = Path(__file__).with_name("labels.json")
SAME_OBJECT = 0.5  # IoU from which a find is the object
ADDED = 0.03  # of its diagonal: how much wider than the object a mask was made
ROUNDS = 3  # the fastest counts
# Where in pairs/ a person's mask covers detected objects: x, y, width, height in px.
MASKED = {
    "14": (550, 60, 300, 740),
    "15": (600, 200, 700, 880),
    "17": (1900, 1500, 600, 900),
    "20": (1550, 600, 900, 1250),
}


@dataclass(frozen=True)
class FindingRow:
    """What the detector made of one photo.

    Attributes:
        objects: how many objects a person sees.
        found: how many of them have a find with an IoU of at least 0.5, whatever its label.
        false: finds that are none of them, and second finds of one object.
        seconds: for the whole photo, decoded already; the fastest of three.
    """

    photo: str
    way: Way
    objects: int
    found: int
    false: int
    seconds: float


@dataclass(frozen=True)
class OutlineRow:
    """How the outlines of all finds cover a mask that a person made (and dilated).

    Attributes:
        recall: share of the mask that the outlines cover.
        core_recall: the same of the mask shrunk by 3 % of its diagonal, about what was added.
        iou: intersection over union.
        seconds: for one outline with its shadow, on average.
    """

    photo: str
    recall: float
    core_recall: float
    iou: float
    seconds: float


def rows(photos: Path, store: ModelStore) -> Iterator[FindingRow | OutlineRow]:
    """The figures of each photo in `photos`, as they are ready.

    `photos`: the folder of the test photos, with pairs/; what is missing there is left out.
    `store`: where the models of the detector and of the outlines are.
    """
    labels: dict[str, list[list[object]]] = json.loads(LABELS.read_text())["photos"]
    for name, objects in labels.items():
        if (photos / name).exists():
            picture = decode(photos / name)
            boxes = [Box(*(int(str(number)) for number in entry[1:])) for entry in objects]
            yield _finding(name, picture, boxes, LocalDetector(store, uses_tiles=False))
            yield _finding(name, picture, boxes, LocalDetector(store))
    for name, area in MASKED.items():
        if (photos / f"pairs/{name}_mask.jpg").exists():
            yield _outlining(photos / "pairs", name, area, store)


def _finding(
    name: str, picture: Picture, objects: list[Box], detector: LocalDetector
) -> FindingRow:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        finds = detector.detect(picture)
        taken.append(time.perf_counter() - started)
    matched = _matched(finds, objects)
    way: Literal["whole picture", "with tiles"] = (
        "with tiles" if detector.uses_tiles else "whole picture"
    )
    return FindingRow(name, way, len(objects), matched, len(finds) - matched, min(taken))


def _matched(finds: list[Detection], objects: list[Box]) -> int:
    """How many objects have a find of their own, the surest find choosing first."""
    left = list(objects)
    for find in finds:
        fitting = [one for one in left if find.box and iou(find.box, one) >= SAME_OBJECT]
        if fitting and find.box:
            box = find.box
            left.remove(max(fitting, key=lambda one: iou(box, one)))
    return len(objects) - len(left)


def iou(one: Box, other: Box) -> float:
    """Intersection over union, 0..1."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0, wide) * max(0, high)
    return shared / (one.width * one.height + other.width * other.height - shared)


def _outlining(
    pairs: Path, name: str, area: tuple[int, int, int, int], store: ModelStore
) -> OutlineRow:
    picture = decode(pairs / f"{name}_image.jpg")
    finds = LocalDetector(store).detect(picture)
    started = time.perf_counter()
    rings = [ring for one in find_outlines(picture, finds, store) for ring in one.polygons]
    seconds = (time.perf_counter() - started) / max(1, len(finds))
    x, y, width, height = area
    window = np.s_[y : y + height, x : x + width]
    covered = masks.from_polygons((picture.height, picture.width), rings)[window] > 0
    masked: NDArray[np.bool_] = decode(pairs / f"{name}_mask.jpg").pixels[window][..., 0] < 128
    both = np.count_nonzero(covered & masked)
    added = ADDED * np.hypot(*np.ptp(np.nonzero(masked), axis=1))
    core = erode(masked, float(added))
    return OutlineRow(
        name,
        recall=float(both / np.count_nonzero(masked)),
        core_recall=float(np.count_nonzero(covered & core) / np.count_nonzero(core)),
        iou=float(both / np.count_nonzero(covered | masked)),
        seconds=seconds,
    )
