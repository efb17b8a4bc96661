"""The local detector: what it finds in real photos, and what it does with odd pictures."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from tests.vision.canvas import picture_of
from tests.vision.objects import NO_OBJECTS, OBJECTS
from vision.detectors import Box, Detection, load_detector
from vision.detectors.labels import COCO, VOC, find_voc_classes
from vision.detectors.local import LocalDetector
from vision.errors import VisionError, WeightsMissing
from vision.images import decode
from vision.srgb import convert_to_srgb
from vision.weights import ModelStore

LEAST_IOU = 0.65


def iou(box: Box, other: tuple[int, int, int, int]) -> float:
    """Intersection over union."""
    x, y, width, height = other
    wide = min(box.x + box.width, x + width) - max(box.x, x)
    high = min(box.y + box.height, y + height) - max(box.y, y)
    shared = max(0, wide) * max(0, high)
    return shared / (box.width * box.height + width * height - shared)


def best_match(found: list[Detection], label: str, box: tuple[int, int, int, int]) -> float:
    """The largest IoU of a detection called `label` with `box`; 0 where there is none."""
    return max((iou(d.box, box) for d in found if d.label == label and d.box), default=0.0)


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_finds_what_a_person_sees(name: str, photos: Path, store: ModelStore) -> None:
    picture = decode(photos / name)

    found = LocalDetector(store).detect(picture)

    for label, box in OBJECTS[name]:
        assert best_match(found, label, box) >= LEAST_IOU, (label, box, found)
    assert [d.confidence for d in found] == sorted((d.confidence for d in found), reverse=True)
    for detection in found:
        assert detection.box is not None
        assert 0 <= detection.box.x < detection.box.x + detection.box.width <= picture.width
        assert 0 <= detection.box.y < detection.box.y + detection.box.height <= picture.height
        assert 0.25 <= detection.confidence <= 1
        assert (detection.detector, detection.parents) == ("local", ())


@pytest.mark.parametrize("name", NO_OBJECTS)
def test_finds_nothing_where_nothing_is(name: str, photos: Path, store: ModelStore) -> None:
    assert LocalDetector(store).detect(decode(photos / name)) == []


def test_a_car_is_reported_once(photos: Path, store: ModelStore) -> None:
    found = LocalDetector(store, threshold=0.1).detect(decode(photos / "udacity_highway_1.jpg"))

    on_the_white_car = [d for d in found if d.box and iou(d.box, (1056, 406, 218, 104)) > 0.6]
    assert [d.label for d in on_the_white_car] == ["car"]


def test_threshold_is_the_least_confidence(photos: Path, store: ModelStore) -> None:
    picture = decode(photos / "udacity_highway_1.jpg")

    sure = LocalDetector(store, threshold=0.5).detect(picture)
    likely = LocalDetector(store, threshold=0.25).detect(picture)

    assert sure == likely[: len(sure)]
    assert 0 < len(sure) < len(likely)


def _as_grey(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(rgb).convert("L"))[..., None]


def _with_alpha(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.concatenate([pixels, np.full_like(pixels[..., :1], 255)], axis=2)


@pytest.mark.parametrize("kind", ["grey", "grey and alpha", "alpha", "16 bit", "16 bit grey"])
def test_every_kind_of_canvas_is_understood(kind: str, photos: Path, store: ModelStore) -> None:
    rgb = np.array(decode(photos / "legendary_4.jpg").pixels)
    grey = _as_grey(rgb)
    canvases: dict[str, NDArray[Any]] = {
        "grey": grey,
        "grey and alpha": _with_alpha(grey),
        "alpha": _with_alpha(rgb),
        "16 bit": rgb.astype(np.uint16) * 257,
        "16 bit grey": grey.astype(np.uint16) * 257,
    }

    found = LocalDetector(store).detect(picture_of(canvases[kind]))

    assert best_match(found, *OBJECTS["legendary_4.jpg"][0]) >= LEAST_IOU


def test_a_colour_profile_is_applied() -> None:
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pixels = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8)
    swapped = _bgr_profile(plain)

    assert np.abs(convert_to_srgb(pixels, plain).astype(int) - pixels).max() <= 1
    assert np.abs(convert_to_srgb(pixels, swapped).astype(int) - pixels[..., ::-1]).max() <= 2


def _bgr_profile(profile: bytes) -> bytes:
    """A matrix profile whose red primary is blue's and the other way round."""
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")


def test_a_broken_profile_does_not_matter() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8)

    assert (convert_to_srgb(pixels, b"not a profile") == pixels).all()


def test_transparent_pixels_are_seen_on_white() -> None:
    pixels = np.array([[[10, 20, 30, 0], [10, 20, 30, 255], [0, 0, 0, 128]]], np.uint8)

    assert convert_to_srgb(pixels, None).tolist() == [
        [[255, 255, 255], [10, 20, 30], [127, 127, 127]]
    ]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 700), (2000, 2), (416, 416)])
def test_odd_sizes_pass(width: int, height: int, store: ModelStore) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)

    for detection in LocalDetector(store).detect(picture_of(noise)):
        assert detection.box is not None


def test_says_where_the_model_is_missing(tmp_path: Path) -> None:
    grey = picture_of(np.full((10, 10, 1), 128, np.uint8))

    with pytest.raises(WeightsMissing) as refused:
        LocalDetector(ModelStore(tmp_path)).detect(grey)

    assert "yolox_nano.onnx" in refused.value.message


def test_detectors_are_found_by_name(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)

    assert load_detector("local", store).name == "local"
    assert load_detector("rekognition", store).name == "rekognition"
    with pytest.raises(VisionError) as refused:
        load_detector("oracle", store)
    assert refused.value.code == "unknown_detector"


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


def test_box_of_edges_is_clipped_to_the_picture() -> None:
    assert Box.from_edges((-5.5, 2.2, 3.1, 99), 10, 20) == Box(0, 2, 4, 18)
    assert Box.from_edges((10, 0, 12, 5), 10, 20) is None
    assert Box(0, 0, 4, 4).grow(3, 10, 20) == Box(0, 0, 7, 7)


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys; import vision.detectors, vision.outlines, vision.detectors.local,"
        " vision.detectors.rekognition;"
        "print(sorted({'boto3', 'botocore', 'onnxruntime', 'tensorflow', 'django', 'celery'}"
        " & set(sys.modules)))"
    )
    platform = Path(__file__).parents[2] / "platform"

    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(platform)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.strip() == "[]"
