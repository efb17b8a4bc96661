"""edits/forewarnings/: what would be warned of, asked without doing it."""

from typing import Any

import numpy as np
import pytest

from accounts.models import User
from gallery.models import Photo
from inpainting.models import Edit, Mask
from tests import rows
from tests.api.caller import Caller, problem
from vision import masks

SMALL = {"x": 8, "y": 6, "width": 10, "height": 5}
LARGE = {"x": 10, "y": 8, "width": 60, "height": 40}
LOWER_HALF = {"x": 0, "y": 30, "width": 96, "height": 34}
pytestmark = pytest.mark.django_db


def path(photo: Photo) -> str:
    return f"photos/{photo.pk}/edits/forewarnings/"


def codes(answer: Any) -> list[str]:
    assert answer.status_code in {200, 202}, answer.content
    return [warning["code"] for warning in answer.json()["warnings"]]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (SMALL, []),
        (LARGE, ["hole_large"]),
        (LOWER_HALF, ["hole_large", "hole_touches_frame"]),
    ],
)
def test_asking_and_doing_tell_the_same(
    owner: Caller, photo: Photo, box: dict[str, int], expected: list[str]
) -> None:
    asked = owner.post(path(photo), {"boxes": [box]})
    assert codes(asked) == expected
    assert not Edit.objects.exists()
    assert not Mask.objects.exists()
    done = owner.post(f"photos/{photo.pk}/edits/", {"boxes": [box]})
    assert done.json()["warnings"] == asked.json()["warnings"]


def test_the_message_is_for_people(owner: Caller, photo: Photo) -> None:
    (warning,) = owner.post(path(photo), {"boxes": [LARGE]}).json()["warnings"]
    assert "39% of the photo" in warning["message"]


def test_what_the_mask_grows_by_counts(owner: Caller, photo: Photo) -> None:
    assert codes(owner.post(path(photo), {"boxes": [SMALL], "grow": 20})) == ["hole_large"]


def test_detections_and_kept_masks_count(owner: Caller, photo: Photo) -> None:
    dog = rows.create_detection(photo, "dog")
    png = masks.to_png(masks.from_boxes((64, 96), [(32, 8, 60, 44)]))
    mask = owner.form(f"photos/{photo.pk}/masks/", file=png).json()["id"]
    assert codes(owner.post(path(photo), {"detections": [str(dog.pk)]})) == []
    assert codes(owner.post(path(photo), {"labels": ["dog"], "mask": mask})) == ["hole_large"]


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.3])
def test_a_mask_file_may_be_smaller_than_the_photo(
    owner: Caller, photo: Photo, scale: float
) -> None:
    small = np.zeros((round(64 * scale), round(96 * scale)), np.uint8)
    small[2:-2, 2 : -len(small) // 2] = 255
    assert codes(owner.form(path(photo), mask_file=masks.to_png(small))) == ["hole_large"]


@pytest.mark.parametrize("size", [(96, 32), (48, 40), (192, 128)])
def test_a_mask_file_of_another_shape_is_refused(
    owner: Caller, photo: Photo, size: tuple[int, int]
) -> None:
    png = masks.to_png(masks.from_boxes((size[1], size[0]), [(4, 4, 9, 9)]))
    problem(owner.form(path(photo), mask_file=png), 422, "mask_wrong_size")


def test_an_edit_takes_no_smaller_mask(owner: Caller, photo: Photo) -> None:
    png = masks.to_png(masks.from_boxes((32, 48), [(4, 4, 9, 9)]))
    problem(owner.form(f"photos/{photo.pk}/edits/", mask_file=png), 422, "mask_wrong_size")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, (422, "nothing_chosen")),
        ({"labels": ["zebra"]}, (422, "unknown_label")),
        ({"boxes": [SMALL], "grow": 201}, (422, "setting_out_of_range")),
        ({"boxes": [{"x": 0, "y": 0, "width": 96, "height": 64}]}, (422, "mask_covers_everything")),
    ],
)
def test_what_makes_no_sense_is_refused_as_an_edit_is(
    owner: Caller, photo: Photo, body: dict[str, Any], refusal: tuple[int, str]
) -> None:
    problem(owner.post(path(photo), body), *refusal)


def test_who_may_not_edit_may_not_ask(
    viewer: Caller, stranger: Caller, photo: Photo, alice: User
) -> None:
    problem(viewer.post(path(photo), {"boxes": [SMALL]}), 403, "not_allowed")
    problem(stranger.post(path(photo), {"boxes": [SMALL]}), 404, "not_found")
    problem(Caller().post(path(photo), {"boxes": [SMALL]}), 401, "not_authenticated")
    foreign = rows.upload(alice)
    mask = rows.create_box_edit(foreign, alice).mask_id
    problem(stranger.post(path(foreign), {"mask": str(mask)}), 404, "not_found")
