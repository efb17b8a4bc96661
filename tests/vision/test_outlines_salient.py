"""Outlines by saliency: when they are believed, and how far they go beyond the detector's box.

The network is replaced: red is salient, dark red is a little salient.
"""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.canvas import build_picture
from vision.detectors import Box, Detection
from vision.errors import OutlineFailed
from vision.masks import from_polygons
from vision.outlines import Point, at_points, find_at_points, find_outline, saliency, salient
from vision.outlines.object_crop import ObjectCrop
from vision.outlines.shapes import Shape
from vision.weights import ModelStore

WIDTH, HEIGHT = 400, 300
GREEN, RED, DARK_RED = (40, 140, 60), (220, 40, 40), (130, 30, 30)
BOX = Box(150, 100, 80, 80)
BODY = (150, 100, 230, 180)


@pytest.fixture(autouse=True)
def _red_is_salient(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute_saliency(rgb: NDArray[np.uint8], _store: ModelStore) -> NDArray[np.float32]:
        green = rgb[..., 1] > 90
        return np.where(green, 0, np.where(rgb[..., 0] > 180, 0.95, 0.3)).astype(np.float32)

    monkeypatch.setattr(salient, "compute_saliency", compute_saliency)
    monkeypatch.setattr("vision.outlines.find.can_find_salient_shape", lambda _store: True)


def draw_scene(
    *bars: tuple[int, int, int, int], color: tuple[int, int, int] = RED
) -> NDArray[np.uint8]:
    """Draw the body and bars (left, top, right, bottom) on green: the pixels, [H,W,3] uint8."""
    pixels = np.full((HEIGHT, WIDTH, 3), GREEN, np.uint8)
    for left, top, right, bottom in bars:
        cv2.rectangle(pixels, (left, top), (right - 1, bottom - 1), color, cv2.FILLED)
    left, top, right, bottom = BODY
    cv2.rectangle(pixels, (left, top), (right - 1, bottom - 1), RED, cv2.FILLED)
    return pixels


def draw_outline(
    pixels: NDArray[np.uint8], folder: Path, *others: Detection, label: str = "frisbee"
) -> tuple[str, NDArray[np.bool_]]:
    """Return the method and the pixels of the outline of the object in `BOX`."""
    outline = find_outline(
        build_picture(pixels), Detection(label, 0.9, BOX, (), "drawn"), ModelStore(folder), others
    )
    return outline.method, from_polygons((HEIGHT, WIDTH), outline.polygons) > 0


def test_a_salient_object_is_outlined_tightly(tmp_path: Path) -> None:
    method, mask = draw_outline(draw_scene(), tmp_path)

    assert method == "u2net"
    assert mask[100:180, 150:230].all()
    assert mask.sum() < 96 * 100


def test_an_arm_beyond_the_first_crop_is_found_in_a_wider_one(tmp_path: Path) -> None:
    first = ObjectCrop.from_box(build_picture(draw_scene()), BOX, salient.GROWTHS[0]).area
    arm = (190, first.y - 20, 200, 120)

    _, mask = draw_outline(draw_scene(arm), tmp_path)

    assert mask[first.y - 18 : 100, 190:200].all()


def test_what_leaves_even_the_wider_crop_stays(tmp_path: Path) -> None:
    """A bird does not take along the branch that it sits on."""
    _, mask = draw_outline(draw_scene((0, 170, 400, 178)), tmp_path)

    assert not mask[:, :135].any()
    assert not mask[:, 245:].any()


def test_uncertain_pixels_far_from_the_box_stay(tmp_path: Path) -> None:
    _, mask = draw_outline(draw_scene((190, 70, 200, 120), color=DARK_RED), tmp_path)

    assert not mask[60:84].any()


def test_another_object_at_the_arm_stays_unless_a_person_carries_it(tmp_path: Path) -> None:
    pixels = draw_scene((190, 70, 214, 120))
    box = Box(186, 66, 32, 26)

    _, beside_dog = draw_outline(pixels, tmp_path, Detection("dog", 0.9, box, (), "drawn"))
    racket = Detection("tennis racket", 0.9, box, (), "drawn")
    _, with_racket = draw_outline(pixels, tmp_path, racket, label="person")

    assert not beside_dog[58:84].any()
    assert with_racket[72:100, 190:214].all()


def test_a_salient_part_is_not_taken_for_an_object_of_unknown_kind(tmp_path: Path) -> None:
    """The box says that the object is twice as high as what stands out in it."""
    pixels = draw_scene()
    pixels[140:180] = GREEN

    method, _ = draw_outline(pixels, tmp_path)

    assert method != "u2net"


@pytest.mark.parametrize(
    ("known_part", "is_believed"),
    [((150, 100, 230, 180), True), ((150, 100, 230, 110), False), ((100, 60, 150, 200), False)],
    ids=["agrees", "knows only a strip of it", "knows another object"],
)
def test_saliency_must_agree_with_what_is_known(
    known_part: tuple[int, int, int, int], is_believed: bool, tmp_path: Path
) -> None:
    def find_known(crop: ObjectCrop) -> Shape:
        left, top, right, bottom = known_part
        corners: list[tuple[float, float]] = [
            (left, top), (right, top), (right, bottom), (left, bottom)
        ]  # fmt: skip
        return crop.draw_polygons([corners])

    found = salient.find_salient_shape(
        build_picture(draw_scene()),
        Detection("person", 0.9, BOX, (), "drawn"),
        (),
        find_known,
        ModelStore(tmp_path),
    )

    assert (found is not None) == is_believed


def test_a_runtime_that_does_not_load_ends_no_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise ImportError("a shared library is missing")

    monkeypatch.setattr(saliency, "open_onnx_session", fail)
    monkeypatch.setattr(salient, "compute_saliency", saliency.compute_saliency)
    monkeypatch.setattr(at_points, "is_onnx_installed", lambda: True)
    monkeypatch.setattr(ModelStore, "get_path", lambda store, name: store.folder / name)

    method, mask = draw_outline(draw_scene(), tmp_path)

    assert method in ("grabcut", "box")
    assert mask[100:180, 150:230].all()
    with pytest.raises(OutlineFailed, match="a shared library is missing") as caught:
        find_at_points(build_picture(draw_scene()), [Point(190, 140)], ModelStore(tmp_path))
    assert caught.value.code == "outlines_unavailable"
