"""Objects at clicked points."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.vision.canvas import build_picture
from vision.errors import OutlineFailed, WeightsMissing
from vision.images import Picture, decode
from vision.outlines import Point, PointedObject, find_at_points
from vision.weights import ModelStore

WIDTH, HEIGHT = 600, 400
GREEN, RED, BLUE = (40, 140, 60), (220, 40, 40), (60, 60, 220)


@dataclass(frozen=True)
class Clicked:
    """A click in a photo, and points (x, y) in px that belong to the object and that do not."""

    photo: str
    click: tuple[int, int]
    inside: list[tuple[int, int]]
    outside: list[tuple[int, int]]


CLICKS = [
    Clicked("legendary_2.jpg", (640, 700), [(777, 264), (551, 365), (621, 1026)], [(483, 453)]),
    Clicked("legendary_4.jpg", (395, 600), [(405, 449), (413, 780)], [(347, 774), (600, 600)]),
    Clicked("legendary_5.jpg", (693, 570), [(693, 540), (670, 560)], [(1023, 500), (600, 500)]),
    Clicked("budgie_oakland-zoo-otters.jpg", (2300, 1200), [(1196, 712), (3571, 1255)], [(9, 9)]),
    Clicked("budgie_perched-osprey.jpg", (1400, 900), [(1430, 500), (1300, 1200)], [(2500, 900)]),
    Clicked("skimage_coffee.png", (380, 260), [(370, 280)], [(290, 100), (450, 330)]),
    Clicked("kodak_06.png", (330, 330), [(200, 350), (430, 330)], [(330, 450), (100, 200)]),
    Clicked("udacity_highway_1.jpg", (1160, 460), [(1080, 470), (1230, 470)], [(880, 450)]),
]


@pytest.fixture
def _red_and_blue_are_salient(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute_saliency(rgb: NDArray[np.uint8], _store: ModelStore) -> NDArray[np.float32]:
        return (rgb[..., 1] < 90).astype(np.float32)

    monkeypatch.setattr("vision.outlines.point_candidates.compute_saliency", compute_saliency)
    monkeypatch.setattr("vision.outlines.at_points.check_points", lambda _store: None)


def draw_discs(*discs: tuple[int, int, int, tuple[int, int, int]]) -> Picture:
    """Return a green picture with discs (x, y, radius, colour)."""
    pixels = np.full((HEIGHT, WIDTH, 3), GREEN, np.uint8)
    for x, y, radius, color in discs:
        cv2.circle(pixels, (x, y), radius, color, cv2.FILLED)
    grain = np.random.default_rng(7).integers(-8, 9, pixels.shape)
    return build_picture(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def find(picture: Picture, folder: Path, *points: Point) -> PointedObject:
    """Find the object without a model file: for replaced networks."""
    return find_at_points(picture, points, ModelStore(folder))


@pytest.mark.usefixtures("_red_and_blue_are_salient")
@pytest.mark.parametrize("radius", [12, 40, 150])
def test_the_object_under_the_click_is_found_at_every_size(radius: int, tmp_path: Path) -> None:
    picture = draw_discs((300, 200, radius, RED), (560, 30, 20, RED))

    found = find(picture, tmp_path, Point(300 + radius // 2, 200))

    expected = cv2.circle(np.zeros((HEIGHT, WIDTH), np.uint8), (300, 200), radius, 255, cv2.FILLED)
    assert found.mask[expected > 0].all()
    assert np.count_nonzero(found.mask) < np.pi * (1.12 * radius + 5) ** 2
    assert not found.mask[30, 560]


@pytest.mark.usefixtures("_red_and_blue_are_salient")
def test_more_points_add_objects_and_take_parts_away(tmp_path: Path) -> None:
    picture = draw_discs((200, 200, 50, RED), (285, 200, 40, BLUE), (500, 200, 30, RED))
    click = Point(180, 200)

    both = find(picture, tmp_path, click)
    three = find(picture, tmp_path, click, Point(500, 200))
    red_only = find(picture, tmp_path, click, Point(300, 200, adds=False))

    assert [bool(both.mask[200, x]) for x in (170, 300, 500)] == [True, True, False]
    assert [bool(three.mask[200, x]) for x in (170, 300, 500)] == [True, True, True]
    assert [bool(red_only.mask[200, x]) for x in (170, 300, 500)] == [True, False, False]


@pytest.mark.usefixtures("_red_and_blue_are_salient")
def test_a_click_on_the_background_finds_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutlineFailed, match="No object stands out") as caught:
        find(draw_discs((100, 100, 40, RED)), tmp_path, Point(400, 300))

    assert (caught.value.code, caught.value.user_can_fix) == ("no_object_there", True)


@pytest.mark.usefixtures("_red_and_blue_are_salient")
@pytest.mark.parametrize("points", [(), (Point(9, 9, adds=False),), (Point(WIDTH, 9),)])
def test_points_must_add_and_lie_inside(points: tuple[Point, ...], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"point|Point"):
        find(draw_discs(), tmp_path, *points)


def test_a_missing_model_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing):
        find(draw_discs(), tmp_path, Point(10, 10))


def test_a_missing_runtime_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("vision.outlines.at_points.is_onnx_installed", lambda: False)

    with pytest.raises(OutlineFailed) as caught:
        find(draw_discs(), tmp_path, Point(10, 10))

    assert caught.value.code == "outlines_unavailable"
    assert "ONNX" not in caught.value.message


@pytest.mark.parametrize("clicked", CLICKS, ids=lambda clicked: clicked.photo)
def test_clicks_find_objects_in_real_photos(
    clicked: Clicked, photos: Path, store: ModelStore
) -> None:
    found = find_at_points(decode(photos / clicked.photo), [Point(*clicked.click)], store)

    assert [(x, y) for x, y in clicked.inside if not found.mask[y, x]] == []
    assert [(x, y) for x, y in clicked.outside if found.mask[y, x]] == []
