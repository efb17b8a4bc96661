"""outlines/: the object at points that somebody clicked; nothing is stored."""

import base64
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from accounts.models import User
from gallery.models import Photo
from inpainting.models import Mask
from inpainting.services import PhotoSelection, edit_create
from tests import images, rows
from tests.api.caller import Caller, check_problem
from vision import masks
from vision.detectors.base import Box
from vision.weights import ModelStore

WIDTH, HEIGHT = 320, 240
CLICK = {"x": 160, "y": 120}
pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(alice: User) -> Photo:
    """Alice's green photo with a red disc."""
    pixels = np.full((HEIGHT, WIDTH, 3), (40, 140, 60), np.uint8)
    cv2.circle(pixels, (160, 120), 40, (220, 40, 40), cv2.FILLED)
    return rows.upload(alice, data=images.encode_pixels(pixels, "PNG"))


@pytest.fixture
def _red_is_salient(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute_saliency(rgb: NDArray[np.uint8], _store: ModelStore) -> NDArray[np.float32]:
        return (rgb[..., 1] < 90).astype(np.float32)

    monkeypatch.setattr("vision.outlines.point_candidates.compute_saliency", compute_saliency)
    monkeypatch.setattr("vision.outlines.at_points.check_points", lambda _store: None)
    monkeypatch.setattr("inpainting.services.outlines.check_points", lambda _store: None)


def get_path(photo: Photo) -> str:
    return f"photos/{photo.pk}/outlines/"


@pytest.mark.usefixtures("_red_is_salient")
def test_the_outline_and_the_mask_are_the_same_object(owner: Caller, photo: Photo) -> None:
    body = owner.post(get_path(photo), {"points": [CLICK]}).json()

    mask = masks.from_png(base64.b64decode(body["mask"]), width=WIDTH, height=HEIGHT)
    polygons = [[(x, y) for x, y in ring] for ring in body["polygons"]]
    assert (masks.from_polygons((HEIGHT, WIDTH), polygons) == mask).all()
    assert body["covered_pixels"] == np.count_nonzero(mask)
    assert mask[120, 160]
    assert not mask[20, 20]
    assert not Mask.objects.exists()


@pytest.mark.usefixtures("_red_is_salient")
def test_the_polygons_can_be_removed(owner: Caller, photo: Photo) -> None:
    polygons = owner.post(get_path(photo), {"points": [CLICK]}).json()["polygons"]

    assert owner.post(f"photos/{photo.pk}/edits/", {"polygons": polygons}).status_code == 202


@pytest.mark.usefixtures("_red_is_salient")
def test_the_mask_alone_is_a_picture(owner: Caller, photo: Photo) -> None:
    response = owner.post(f"{get_path(photo)}?format=png", {"points": [CLICK]})

    assert response.headers["Content-Type"] == "image/png"
    assert masks.from_png(response.content, width=WIDTH, height=HEIGHT)[120, 160]


@pytest.mark.usefixtures("_red_is_salient")
def test_the_current_revision_is_examined_unless_another_is_named(
    owner: Caller, photo: Photo, alice: User
) -> None:
    original = photo.current
    assert original is not None
    box = Box(x=110, y=70, width=100, height=100)
    edit_create(user=alice, photo=photo, selection=PhotoSelection(boxes=[box]))
    rows.run_all_edits()

    now = owner.post(get_path(photo), {"points": [CLICK]})
    before = owner.post(get_path(photo), {"points": [CLICK], "revision": str(original.pk)})

    check_problem(now, 422, "no_object_there")
    assert before.status_code == 200


@pytest.mark.usefixtures("_red_is_salient")
@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([{"x": WIDTH, "y": 4}], "point_outside"),
        ([CLICK | {"adds": False}], "no_adding_point"),
        ([{"x": 10, "y": 10}], "no_object_there"),
        ([], "invalid"),
        ([CLICK] * 9, "invalid"),
        ([{"x": -1, "y": 4}], "invalid"),
        ([{"x": 4}], "invalid"),
    ],
)
def test_unusable_points_are_refused(
    points: list[dict[str, Any]], code: str, owner: Caller, photo: Photo
) -> None:
    check_problem(owner.post(get_path(photo), {"points": points}), 422, code)


@pytest.mark.usefixtures("_red_is_salient")
def test_a_revision_of_another_photo_is_refused(owner: Caller, photo: Photo, alice: User) -> None:
    other = rows.upload(alice)
    assert other.current is not None

    body = {"points": [CLICK], "revision": str(other.current.pk)}
    check_problem(owner.post(get_path(photo), body), 404, "not_found")


def test_a_missing_model_file_is_said(owner: Caller, photo: Photo, settings: Any) -> None:
    settings.MODEL_MIRROR = None

    check_problem(owner.post(get_path(photo), {"points": [CLICK]}), 409, "weights_missing")


def test_only_editors_may_ask(viewer: Caller, stranger: Caller, photo: Photo) -> None:
    check_problem(viewer.post(get_path(photo), {"points": [CLICK]}), 403, "not_allowed")
    check_problem(stranger.post(get_path(photo), {"points": [CLICK]}), 404, "not_found")
