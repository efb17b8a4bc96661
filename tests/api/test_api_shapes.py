"""Boxes and polygons, and masks that are made of them."""

from typing import Any

import numpy as np
import pytest

from accounts.models import User
from gallery.models import Photo
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Edit, Mask
from tests import rows
from tests.api.caller import Caller, pointers, problem
from tests.storage import list_stored_files
from vision.detectors.base import Box

SQUARE = [[10, 12], [22, 12], [22, 22], [10, 22]]
BOX = {"x": 40, "y": 30, "width": 5, "height": 4}
pytestmark = pytest.mark.django_db


def made(owner: Caller, photo: Photo, **body: Any) -> Mask:
    answer = owner.post(f"photos/{photo.pk}/masks/", body)
    assert answer.status_code == 201, answer.json()
    return Mask.objects.get(pk=answer.json()["id"])


def test_a_polygon_of_right_angles_is_the_box(owner: Caller, photo: Photo) -> None:
    by_polygon = made(owner, photo, polygons=[SQUARE], name=" roof ")
    by_box = made(owner, photo, boxes=[{"x": 10, "y": 12, "width": 12, "height": 10}])
    assert (read_mask_pixels(by_polygon) == read_mask_pixels(by_box)).all()
    assert (by_polygon.name, by_polygon.covered_pixels) == ("roof", 120)


def test_a_mask_is_the_union_of_all_that_is_named(owner: Caller, photo: Photo) -> None:
    dog, cat = (
        rows.create_detection(photo, "dog", shadow=True),
        rows.create_detection(photo, "cat", x=60),
    )
    first = made(owner, photo, boxes=[BOX])
    parts = {
        "detections": [str(dog.pk)],
        "labels": ["cat"],
        "polygons": [[[0, 50], [8, 50], [0, 58]]],
        "mask": str(first.pk),
        "shadows": False,
    }
    union = read_mask_pixels(made(owner, photo, **parts)) > 0
    assert union[10:26, 10:30].all()
    assert union[10:26, 60:80].all()
    assert union[30:34, 40:45].all()
    assert union[50:57, 0].all()
    for untouched in (union[:50, :5], union[:28, 35:55], union[:, 85:], union[40:, 20:]):
        assert not untouched.any()
    assert cat.is_current


def test_a_mask_in_a_form_with_shapes_beside_it(owner: Caller, photo: Photo) -> None:
    png = rows.build_mask_png(hole=Box(x=0, y=0, width=2, height=2))
    answer = owner.form(f"photos/{photo.pk}/masks/", file=png, polygons=str([SQUARE]))
    assert (answer.status_code, answer.json()["covered_pixels"]) == (201, 124)


def test_an_edit_and_its_forewarnings_take_polygons(owner: Caller, photo: Photo) -> None:
    whole = [[[0, 0], [90, 0], [90, 64], [0, 64]]]
    told = owner.post(f"photos/{photo.pk}/edits/forewarnings/", {"polygons": whole}).json()
    assert {warning["code"] for warning in told["warnings"]} >= {"hole_large"}
    answer = owner.post(f"photos/{photo.pk}/edits/", {"polygons": [SQUARE]})
    assert (answer.status_code, answer.json()["label"]) == (202, "Removed a marked area")
    (edit,) = rows.run_all_edits()
    assert (edit.state, edit.mask.covered_pixels) == ("succeeded", 120)


def test_corners_may_lie_beside_the_photo(owner: Caller, photo: Photo) -> None:
    beyond = made(owner, photo, polygons=[[[-50, -50], [5, -50], [5, 5.5], [-50, 5.5]]])
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
def test_what_is_no_polygon_is_refused(
    owner: Caller, photo: Photo, polygon: object, where: str
) -> None:
    body = problem(owner.post(f"photos/{photo.pk}/edits/", {"polygons": [polygon]}), 422, "invalid")
    assert pointers(body) == [where]


def test_a_polygon_beside_the_photo_is_refused(owner: Caller, photo: Photo) -> None:
    beside = [[100, 0], [120, 0], [110, 10]]
    answer = owner.post(f"photos/{photo.pk}/edits/", {"polygons": [SQUARE, beside]})
    body = problem(answer, 422, "polygon_outside")
    assert pointers(body) == ["#/polygons/1"]
    assert body["errors"][0]["expected"] == {"width": 96, "height": 64}


def test_a_polygon_without_a_pixel_is_refused(owner: Caller, photo: Photo) -> None:
    thin = [[1.1, 1.1], [1.2, 1.1], [1.1, 1.2]]
    problem(owner.post(f"photos/{photo.pk}/edits/", {"polygons": [thin]}), 422, "mask_empty")


def test_outlines_that_are_long_together_are_refused(
    owner: Caller, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inpainting.services.polygons.MAX_CROSSINGS", 500)
    zigzag = [[x / 10, 64 * (x % 2)] for x in range(20)]
    answer = owner.post(f"photos/{photo.pk}/edits/", {"polygons": [zigzag]})
    problem(answer, 422, "polygons_too_large")


def test_a_mask_is_renamed(owner: Caller, photo: Photo) -> None:
    mask = made(owner, photo, boxes=[BOX])
    answer = owner.patch(f"masks/{mask.pk}/", {"name": "  the boat "})
    assert (answer.status_code, answer.json()["name"]) == (200, "the boat")
    assert owner.patch(f"masks/{mask.pk}/", {"name": ""}).json()["name"] == ""
    body = problem(owner.patch(f"masks/{mask.pk}/", {"name": "x" * 121}), 422, "invalid")
    assert pointers(body) == ["#/name"]


def test_an_unused_mask_goes_with_its_file(
    owner: Caller, photo: Photo, django_capture_on_commit_callbacks: Any
) -> None:
    before = list_stored_files()
    mask = made(owner, photo, boxes=[BOX])
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.delete(f"masks/{mask.pk}/").status_code == 204
    assert list_stored_files() == before
    problem(owner.get(f"masks/{mask.pk}/"), 404, "not_found")


def test_a_mask_that_an_edit_was_made_with_stays(owner: Caller, photo: Photo, alice: User) -> None:
    mask = made(owner, photo, boxes=[BOX])
    edit = owner.post(f"photos/{photo.pk}/edits/", {"mask": str(mask.pk)}).json()
    assert Edit.objects.get(pk=edit["id"]).mask == mask
    problem(owner.delete(f"masks/{mask.pk}/"), 409, "mask_in_use")
    assert owner.get(f"masks/{mask.pk}/").status_code == 200


def test_viewers_and_strangers_change_no_mask(
    owner: Caller, viewer: Caller, stranger: Caller, photo: Photo
) -> None:
    here = f"masks/{made(owner, photo, boxes=[BOX]).pk}/"
    problem(viewer.patch(here, {"name": "x"}), 403, "not_allowed")
    problem(viewer.delete(here), 403, "not_allowed")
    problem(stranger.patch(here, {"name": "x"}), 404, "not_found")
    problem(stranger.delete(here), 404, "not_found")


def test_a_mask_that_changed_meanwhile_is_not_renamed(owner: Caller, photo: Photo) -> None:
    here = f"masks/{made(owner, photo, boxes=[BOX]).pk}/"
    tag = owner.get(here)["ETag"]
    owner.patch(here, {"name": "first"})
    owner.headers["If-Match"] = tag
    problem(owner.patch(here, {"name": "second"}), 412, "precondition_failed")
