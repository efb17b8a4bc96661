"""edits/forewarnings/: the warnings of an edit, requested without making the edit."""

from typing import Any

import numpy as np
import pytest

from accounts.models import User
from gallery.models import Photo
from inpainting.models import Edit, Mask
from tests import rows
from tests.api.caller import Caller, check_problem
from vision import masks

SMALL = {"x": 8, "y": 6, "width": 10, "height": 5}
LARGE = {"x": 10, "y": 8, "width": 60, "height": 40}
LOWER_HALF = {"x": 0, "y": 30, "width": 96, "height": 34}
pytestmark = pytest.mark.django_db


def get_path(photo: Photo) -> str:
    return f"photos/{photo.pk}/edits/forewarnings/"


def list_codes(response: Any) -> list[str]:
    assert response.status_code in {200, 202}, response.content
    return [warning["code"] for warning in response.json()["warnings"]]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (SMALL, []),
        (LARGE, ["hole_large"]),
        (LOWER_HALF, ["hole_large", "hole_touches_frame"]),
    ],
)
def test_forewarnings_equal_the_warnings_of_the_edit(
    owner: Caller, photo: Photo, box: dict[str, int], expected: list[str]
) -> None:
    forewarnings = owner.post(get_path(photo), {"boxes": [box]})
    assert list_codes(forewarnings) == expected
    assert not Edit.objects.exists()
    assert not Mask.objects.exists()
    edit = owner.post(f"photos/{photo.pk}/edits/", {"boxes": [box]})
    assert edit.json()["warnings"] == forewarnings.json()["warnings"]


def test_the_message_states_the_covered_share(owner: Caller, photo: Photo) -> None:
    (warning,) = owner.post(get_path(photo), {"boxes": [LARGE]}).json()["warnings"]
    assert "39% of the photo" in warning["message"]


def test_forewarnings_count_the_grown_mask(owner: Caller, photo: Photo) -> None:
    assert list_codes(owner.post(get_path(photo), {"boxes": [SMALL], "grow": 20})) == ["hole_large"]


def test_forewarnings_count_detections_and_stored_masks(owner: Caller, photo: Photo) -> None:
    dog = rows.create_detection(photo, "dog")
    png = masks.to_png(masks.from_boxes((64, 96), [(32, 8, 60, 44)]))
    mask = owner.post_form(f"photos/{photo.pk}/masks/", file=png).json()["id"]
    assert list_codes(owner.post(get_path(photo), {"detections": [str(dog.pk)]})) == []
    assert list_codes(owner.post(get_path(photo), {"labels": ["dog"], "mask": mask})) == [
        "hole_large"
    ]


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.3, 2.0])
def test_a_mask_file_may_have_another_size_of_the_same_shape(
    owner: Caller, photo: Photo, scale: float
) -> None:
    small = np.zeros((round(64 * scale), round(96 * scale)), np.uint8)
    small[2:-2, 2 : -len(small) // 2] = 255
    fields = {"mask_file": masks.to_png(small), "grow": "0"}
    assert list_codes(owner.post_form(get_path(photo), **fields)) == ["hole_large"]


def test_warnings_are_about_the_grown_mask(owner: Caller, photo: Photo) -> None:
    fields = {"mask_file": masks.to_png(masks.from_boxes((64, 96), [(2, 2, 60, 60)]))}
    touching = ["hole_large", "hole_touches_frame"]
    assert list_codes(owner.post_form(get_path(photo), **fields)) == touching
    assert list_codes(owner.post_form(get_path(photo), **fields, grow="0")) == ["hole_large"]


@pytest.mark.parametrize("size", [(96, 32), (48, 40), (192, 96), (95, 64)])
def test_a_mask_file_of_another_shape_is_refused(
    owner: Caller, photo: Photo, size: tuple[int, int]
) -> None:
    png = masks.to_png(masks.from_boxes((size[1], size[0]), [(4, 4, 9, 9)]))
    check_problem(owner.post_form(get_path(photo), mask_file=png), 422, "mask_wrong_size")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, (422, "nothing_chosen")),
        ({"labels": ["zebra"]}, (422, "label_not_found")),
        ({"boxes": [SMALL], "grow": 201}, (422, "setting_out_of_range")),
        ({"boxes": [{"x": 0, "y": 0, "width": 96, "height": 64}]}, (422, "mask_covers_everything")),
    ],
)
def test_forewarnings_refuse_what_an_edit_refuses(
    owner: Caller, photo: Photo, body: dict[str, Any], refusal: tuple[int, str]
) -> None:
    check_problem(owner.post(get_path(photo), body), *refusal)


def test_only_editors_may_request_forewarnings(
    viewer: Caller, stranger: Caller, photo: Photo, alice: User
) -> None:
    check_problem(viewer.post(get_path(photo), {"boxes": [SMALL]}), 403, "not_allowed")
    check_problem(stranger.post(get_path(photo), {"boxes": [SMALL]}), 404, "not_found")
    check_problem(Caller().post(get_path(photo), {"boxes": [SMALL]}), 401, "not_authenticated")
    foreign = rows.upload(alice)
    mask = rows.create_box_edit(foreign, alice).mask_id
    check_problem(stranger.post(get_path(foreign), {"mask": str(mask)}), 404, "not_found")
