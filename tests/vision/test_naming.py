"""Careful names: what COCO does not know is called "animal" or "sign"."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.detectors import Detection
from vision.detectors.labels import COCO, LABELS, find_parents
from vision.detectors.local import LocalDetector
from vision.images import decode
from vision.label_names import check_labels
from vision.weights import ModelStore

RED = (178, 30, 38)


def find_animals_and_signs(detections: list[Detection]) -> list[tuple[str, tuple[str, ...]]]:
    """Return label and parents of each animal and sign."""
    pairs = [(each.label, each.parents) for each in detections]
    return [pair for pair in pairs if {"animal", "sign"} & {pair[0], *pair[1]}]


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("legendary_1.jpg", ["animal"]),  # a fox, "dog" to the network
        ("budgie_oakland-zoo-otters.jpg", ["animal"]),  # "bear" to the network
        ("legendary_5.jpg", ["sign"]),  # a round speed sign, "stop sign" to the network
        ("legendary_2.jpg", ["dog"]),
        ("iopaint_bench_dog.png", ["dog"]),
        ("skimage_chelsea.png", ["cat"]),
        ("budgie_perched-osprey.jpg", ["bird"]),
    ],
)
def test_only_certain_kinds_are_named(
    name: str, labels: list[str], photos: Path, store: ModelStore
) -> None:
    detections = LocalDetector(store).detect(decode(photos / name))

    found = find_animals_and_signs(detections)

    assert [label for label, _ in found] == labels
    for label, parents in found:
        assert parents == (() if label in {"animal", "sign"} else ("animal",))


def draw_stop_sign(pixels: NDArray[np.uint8], x: int, y: int, radius: int) -> None:
    """Draw a red octagon with a white rim and the word STOP, on a grey post."""
    post = ((x - radius // 12, y), (x + radius // 12, y + 4 * radius))
    cv2.rectangle(pixels, *post, (120, 120, 120), -1)
    angles = np.pi / 8 + np.arange(8) * np.pi / 4
    for reach, colour in ((1.0, (255, 255, 255)), (0.93, RED)):
        corners = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius * reach + (x, y)
        cv2.fillPoly(pixels, [corners.round().astype(np.int32)], colour)
    font, size = cv2.FONT_HERSHEY_DUPLEX, radius / 45
    (width, height), _ = cv2.getTextSize("STOP", font, size, radius // 20)
    origin = (x - width // 2, y + height // 2)
    cv2.putText(pixels, "STOP", origin, font, size, (255, 255, 255), radius // 20)


def test_a_stop_sign_is_named(photos: Path, store: ModelStore) -> None:
    picture = decode(photos / "legendary_5.jpg")
    pixels = np.array(picture.pixels)
    draw_stop_sign(pixels, 300, 500, 120)

    found = find_animals_and_signs(LocalDetector(store).detect(picture.with_pixels(pixels)))

    assert ("stop sign", ("sign",)) in found


def test_callers_may_ask_for_every_label_of_the_local_detector() -> None:
    check_labels([*COCO, "animal", "sign"], "local")
    assert {parent for label in LABELS for parent in find_parents(label)} == {"animal", "sign"}
