"""The local detector on real photos and on unusual pictures."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from tests.vision.canvas import build_picture
from tests.vision.objects import NO_OBJECTS, OBJECTS
from vision.detectors import Box, Detection, load_detector
from vision.detectors.labels import COCO, LABELS, VOC, find_voc_classes
from vision.detectors.local import THRESHOLD, LocalDetector
from vision.errors import VisionError, WeightsMissing
from vision.images import decode
from vision.srgb import convert_to_srgb
from vision.weights import ModelStore

MIN_IOU = 0.65


def compute_iou(box: Box, other: tuple[int, int, int, int]) -> float:
    """Return intersection over union, 0 to 1."""
    x, y, width, height = other
    shared_width = min(box.x + box.width, x + width) - max(box.x, x)
    shared_height = min(box.y + box.height, y + height) - max(box.y, y)
    shared = max(0, shared_width) * max(0, shared_height)
    return shared / (box.width * box.height + width * height - shared)


def find_best_iou(detections: list[Detection], label: str, box: tuple[int, int, int, int]) -> float:
    """Return the largest IoU of `box` and a detection with `label`, 0 if there is none."""
    return max(
        (compute_iou(d.box, box) for d in detections if d.label == label and d.box), default=0.0
    )


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_the_objects_of_a_real_photo_are_found(name: str, photos: Path, store: ModelStore) -> None:
    picture = decode(photos / name)

    detections = LocalDetector(store).detect(picture)

    for label, box in OBJECTS[name]:
        assert find_best_iou(detections, label, box) >= MIN_IOU, (label, box, detections)
    assert [d.confidence for d in detections] == sorted(
        (d.confidence for d in detections), reverse=True
    )
    for detection in detections:
        assert detection.box is not None
        assert 0 <= detection.box.x < detection.box.x + detection.box.width <= picture.width
        assert 0 <= detection.box.y < detection.box.y + detection.box.height <= picture.height
        assert THRESHOLD <= detection.confidence <= 1
        assert detection.detector == "local"
        assert detection.label in LABELS


@pytest.mark.parametrize("name", NO_OBJECTS)
def test_nothing_is_found_in_a_photo_without_objects(
    name: str, photos: Path, store: ModelStore
) -> None:
    assert LocalDetector(store).detect(decode(photos / name)) == []


def test_a_car_is_reported_once(photos: Path, store: ModelStore) -> None:
    detections = LocalDetector(store, threshold=0.1).detect(
        decode(photos / "udacity_highway_1.jpg")
    )

    white_car = [d for d in detections if d.box and compute_iou(d.box, (1056, 406, 218, 104)) > 0.6]
    assert [d.label for d in white_car] == ["car"]


def test_the_threshold_is_the_lowest_confidence(photos: Path, store: ModelStore) -> None:
    picture = decode(photos / "udacity_highway_1.jpg")

    sure = LocalDetector(store, threshold=0.6).detect(picture)
    likely = LocalDetector(store, threshold=0.2).detect(picture)

    assert sure == likely[: len(sure)]
    assert 0 < len(sure) < len(likely)


def _to_grey(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(rgb).convert("L"))[..., None]


def _add_alpha(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.concatenate([pixels, np.full_like(pixels[..., :1], 255)], axis=2)


@pytest.mark.parametrize("kind", ["grey", "grey and alpha", "alpha", "16 bit", "16 bit grey"])
def test_every_kind_of_canvas_is_accepted(kind: str, photos: Path, store: ModelStore) -> None:
    rgb = np.array(decode(photos / "legendary_4.jpg").pixels)
    grey = _to_grey(rgb)
    canvases: dict[str, NDArray[Any]] = {
        "grey": grey,
        "grey and alpha": _add_alpha(grey),
        "alpha": _add_alpha(rgb),
        "16 bit": rgb.astype(np.uint16) * 257,
        "16 bit grey": grey.astype(np.uint16) * 257,
    }

    detections = LocalDetector(store).detect(build_picture(canvases[kind]))

    assert find_best_iou(detections, *OBJECTS["legendary_4.jpg"][0]) >= MIN_IOU


def test_a_colour_profile_is_applied() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pixels = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8)
    swapped_profile = _swap_primaries(profile)

    assert np.abs(convert_to_srgb(pixels, profile).astype(int) - pixels).max() <= 1
    assert (
        np.abs(convert_to_srgb(pixels, swapped_profile).astype(int) - pixels[..., ::-1]).max() <= 2
    )


def _swap_primaries(profile: bytes) -> bytes:
    """Return the matrix profile with its red and blue primaries swapped."""
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")


def test_a_broken_profile_is_ignored() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8)

    assert (convert_to_srgb(pixels, b"not a profile") == pixels).all()


def test_transparent_pixels_are_blended_with_white() -> None:
    pixels = np.array([[[10, 20, 30, 0], [10, 20, 30, 255], [0, 0, 0, 128]]], np.uint8)

    assert convert_to_srgb(pixels, None).tolist() == [
        [[255, 255, 255], [10, 20, 30], [127, 127, 127]]
    ]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 700), (2000, 2), (416, 416)])
def test_extreme_sizes_are_accepted(width: int, height: int, store: ModelStore) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)

    for detection in LocalDetector(store).detect(build_picture(noise)):
        assert detection.box is not None


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    grey = build_picture(np.full((10, 10, 1), 128, np.uint8))

    with pytest.raises(WeightsMissing) as caught:
        LocalDetector(ModelStore(tmp_path)).detect(grey)

    assert "efficientdet_lite0.tflite" in str(caught.value)


def test_detectors_are_found_by_name(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)

    assert load_detector("local", store).name == "local"
    assert load_detector("rekognition", store).name == "rekognition"
    with pytest.raises(VisionError) as caught:
        load_detector("oracle", store)
    assert caught.value.code == "unknown_detector"


def test_every_label_maps_to_known_classes() -> None:
    assert (len(COCO), len(set(COCO)), len(VOC), len(set(VOC))) == (80, 80, 21, 21)
    for label in COCO:
        assert find_voc_classes(label) <= set(VOC) - {"background"}
    # Of COCO's labels, the twenty that VOC shares must all be known, by their COCO names.
    shared = "person bird cat cow dog horse sheep airplane bicycle boat bus car motorcycle train"
    for label in (
        *shared.split(),
        "bottle",
        "chair",
        "dining table",
        "potted plant",
        "couch",
        "tv",
    ):
        assert find_voc_classes(label), label


def test_a_box_of_edges_is_clipped_to_the_picture() -> None:
    assert Box.from_edges((-5.5, 2.2, 3.1, 99), 10, 20) == Box(0, 2, 4, 18)
    assert Box.from_edges((10, 0, 12, 5), 10, 20) is None
    assert Box(0, 0, 4, 4).grow(3, 10, 20) == Box(0, 0, 7, 7)


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys; import vision.detectors, vision.outlines, vision.detectors.local,"
        " vision.detectors.rekognition;"
        "print(sorted({'ai_edge_litert', 'boto3', 'botocore', 'onnxruntime', 'tensorflow'}"
        " & set(sys.modules)), {'django', 'celery'} & set(sys.modules))"
    )
    platform = Path(__file__).parents[2] / "platform"

    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(platform)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.strip() == "[] set()"
