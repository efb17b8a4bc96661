"""Boxes and polygons, and masks built from them."""

from typing import Any

import numpy as np
import pytest

from accounts.models import User
from gallery.models import Photo
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Edit, Mask
from tests import rows
from tests.api.caller import Caller, check_problem, list_pointers
from tests.storage import list_stored_files
from vision.detectors.base import Box

SQUARE = [[10, 12], [22, 12], [22, 22], [10, 22]]
BOX = {"x": 40, "y": 30, "width": 5, "height": 4}
pytestmark = pytest.mark.django_db


def create_mask(owner: Caller, photo: Photo, **body: Any) -> Mask:
    response = owner.post(f"photos/{photo.pk}/masks/", body)
    assert response.status_code == 201, response.json()
    return Mask.objects.get(pk=response.json()["id"])


def test_a_rectangular_polygon_equals_the_box(owner: Caller, photo: Photo) -> None:
    by_polygon = create_mask(owner, photo, polygons=[SQUARE], name=" roof ")
    by_box = create_mask(owner, photo, boxes=[{"x": 10, "y": 12, "width": 12, "height": 10}])
    assert (read_mask_pixels(by_polygon) == read_mask_pixels(by_box)).all()
    assert (by_polygon.name, by_polygon.covered_pixels) == ("roof", 120)


def test_a_mask_is_the_union_of_all_selected_parts(owner: Caller, photo: Photo) -> None:
    dog, cat = (
        rows.create_detection(photo, "dog", shadow=True),
        rows.create_detection(photo, "cat", x=60),
    )
    first = create_mask(owner, photo, boxes=[BOX])
    parts = {
        "detections": [str(dog.pk)],
        "labels": ["cat"],
        "polygons": [[[0, 50], [8, 50], [0, 58]]],
        "mask": str(first.pk),
        "shadows": False,
    }
    union = read_mask_pixels(create_mask(owner, photo, **parts)) > 0
    assert union[10:26, 10:30].all()
    assert union[10:26, 60:80].all()
    assert union[30:34, 40:45].all()
    assert union[50:57, 0].all()
    for untouched in (union[:50, :5], union[:28, 35:55], union[:, 85:], union[40:, 20:]):
        assert not untouched.any()
    assert cat.is_current


def test_a_form_combines_a_mask_file_with_polygons(owner: Caller, photo: Photo) -> None:
    png = rows.build_mask_png(hole=Box(x=0, y=0, width=2, height=2))
    response = owner.post_form(f"photos/{photo.pk}/masks/", file=png, polygons=str([SQUARE]))
    assert (response.status_code, response.json()["covered_pixels"]) == (201, 124)


def test_an_edit_and_its_forewarnings_take_polygons(owner: Caller, photo: Photo) -> None:
    whole = [[[0, 0], [90, 0], [90, 64], [0, 64]]]
    body = owner.post(f"photos/{photo.pk}/edits/forewarnings/", {"polygons": whole}).json()
    assert {warning["code"] for warning in body["warnings"]} >= {"hole_large"}
    response = owner.post(f"photos/{photo.pk}/edits/", {"polygons": [SQUARE]})
    assert (response.status_code, response.json()["label"]) == (202, "Removed a marked area")
    (edit,) = rows.run_all_edits()
    assert (edit.state, edit.mask.covered_pixels) == ("succeeded", 120)


def test_corners_may_lie_outside_the_photo(owner: Caller, photo: Photo) -> None:
    beyond = create_mask(owner, photo, polygons=[[[-50, -50], [5, -50], [5, 5.5], [-50, 5.5]]])
    assert np.argwhere(read_mask_pixels(beyond)).max(axis=0).tolist() == [4, 4]


@pytest.mark.parametrize(
    ("polygon", "where"),
    [
        ([[1, 1], [2, 2]], "#/polygons/0"),
        ([[1, 1], [9, 1], [5]], "#/polygons/0/2"),
        ([[1, 1], [9, 1], [5, "x"]], "#/polygons/0/2"),
        ([[1, 1], [9, 1], [5, True]], "#/polygons/0/2"),
        ([[1, 1], [9, 1], [5, 1e9]], "#/polygons/0/2"),
        ([[1, 1], [9, 1], {"x": 5, "y": 5}], "#/polygons/0/2"),
        ("abc", "#/polygons/0"),
        ([[0, 0]] * 1001, "#/polygons/0"),
    ],
)
def test_invalid_polygons_are_refused(
    owner: Caller, photo: Photo, polygon: object, where: str
) -> None:
    body = check_problem(
        owner.post(f"photos/{photo.pk}/edits/", {"polygons": [polygon]}), 422, "invalid"
    )
    assert list_pointers(body) == [where]


def test_a_polygon_outside_the_photo_is_refused(owner: Caller, photo: Photo) -> None:
    beside = [[100, 0], [120, 0], [110, 10]]
    response = owner.post(f"photos/{photo.pk}/edits/", {"polygons": [SQUARE, beside]})
    body = check_problem(response, 422, "polygon_outside")
    assert list_pointers(body) == ["#/polygons/1"]
    assert body["errors"][0]["expected"] == {"width": 96, "height": 64}


def test_a_polygon_without_a_pixel_is_refused(owner: Caller, photo: Photo) -> None:
    thin = [[1.1, 1.1], [1.2, 1.1], [1.1, 1.2]]
    check_problem(owner.post(f"photos/{photo.pk}/edits/", {"polygons": [thin]}), 422, "mask_empty")


def test_polygons_with_too_many_crossings_are_refused(
    owner: Caller, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inpainting.services.polygons.MAX_CROSSINGS", 500)
    zigzag = [[x / 10, 64 * (x % 2)] for x in range(20)]
    response = owner.post(f"photos/{photo.pk}/edits/", {"polygons": [zigzag]})
    check_problem(response, 422, "polygons_too_large")


def test_a_mask_is_renamed(owner: Caller, photo: Photo) -> None:
    mask = create_mask(owner, photo, boxes=[BOX])
    response = owner.patch(f"masks/{mask.pk}/", {"name": "  the boat "})
    assert (response.status_code, response.json()["name"]) == (200, "the boat")
    assert owner.patch(f"masks/{mask.pk}/", {"name": ""}).json()["name"] == ""
    body = check_problem(owner.patch(f"masks/{mask.pk}/", {"name": "x" * 121}), 422, "invalid")
    assert list_pointers(body) == ["#/name"]


def test_an_unused_mask_is_deleted_with_its_file(
    owner: Caller, photo: Photo, django_capture_on_commit_callbacks: Any
) -> None:
    before = list_stored_files()
    mask = create_mask(owner, photo, boxes=[BOX])
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.delete(f"masks/{mask.pk}/").status_code == 204
    assert list_stored_files() == before
    check_problem(owner.get(f"masks/{mask.pk}/"), 404, "not_found")


def test_a_mask_used_by_an_edit_cannot_be_deleted(owner: Caller, photo: Photo, alice: User) -> None:
    mask = create_mask(owner, photo, boxes=[BOX])
    edit = owner.post(f"photos/{photo.pk}/edits/", {"mask": str(mask.pk)}).json()
    assert Edit.objects.get(pk=edit["id"]).mask == mask
    check_problem(owner.delete(f"masks/{mask.pk}/"), 409, "mask_in_use")
    assert owner.get(f"masks/{mask.pk}/").status_code == 200


def test_viewers_and_strangers_may_not_change_a_mask(
    owner: Caller, viewer: Caller, stranger: Caller, photo: Photo
) -> None:
    path = f"masks/{create_mask(owner, photo, boxes=[BOX]).pk}/"
    check_problem(viewer.patch(path, {"name": "x"}), 403, "not_allowed")
    check_problem(viewer.delete(path), 403, "not_allowed")
    check_problem(stranger.patch(path, {"name": "x"}), 404, "not_found")
    check_problem(stranger.delete(path), 404, "not_found")


def test_a_rename_with_an_outdated_entity_tag_gets_412(owner: Caller, photo: Photo) -> None:
    path = f"masks/{create_mask(owner, photo, boxes=[BOX]).pk}/"
    tag = owner.get(path)["ETag"]
    owner.patch(path, {"name": "first"})
    owner.headers["If-Match"] = tag
    check_problem(owner.patch(path, {"name": "second"}), 412, "precondition_failed")
