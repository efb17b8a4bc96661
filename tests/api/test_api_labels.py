"""Labels in requests: what is not in the photo, what no detector knows, what is waited for."""

import json
from typing import Any

import pytest

from accounts.models import User
from gallery.models import Photo
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Detection, DetectionRun, Edit
from jobs.models import State
from tests import images, rows
from tests.api.caller import Caller, check_problem
from tests.api.vanish_calls import prefer_wait
from tests.api.worker import run_jobs_while_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_detector")]
BOX = {"x": 70, "y": 40, "width": 12, "height": 10}
BOXES = json.dumps([BOX])


@pytest.fixture
def photo(alice: User) -> Photo:
    """A photo of Alice, with a dog and a truck."""
    photo = rows.upload(alice)
    rows.create_detection(photo, "dog")
    rows.create_detection(photo, "truck", y=40)
    return photo


@pytest.fixture
def new_photo(photo: Photo) -> Photo:
    """The same, but objects are still being looked for."""
    DetectionRun.objects.update(state=State.QUEUED)
    return photo


def get_path(photo: Photo, call: str = "edits/") -> str:
    return f"photos/{photo.pk}/{call}"


CALLS = ("edits/", "edits/forewarnings/", "masks/")


@pytest.mark.parametrize("call", CALLS)
def test_a_near_label_in_the_photo_is_named(owner: Caller, photo: Photo, call: str) -> None:
    body = check_problem(
        owner.post(get_path(photo, call), {"labels": ["car", "cup"]}), 422, "label_not_found"
    )
    assert "Near “car” is “truck”; “vehicle” stands for all of them." in body["detail"]
    assert body["near_labels"] == {"car": ["truck"], "cup": []}
    faults = [(each["pointer"], each["received"], each["expected"]) for each in body["errors"]]
    assert faults == [("#/labels", name, ["dog", "truck"]) for name in ("car", "cup")]
    assert not Edit.objects.exists()


@pytest.mark.parametrize("call", CALLS)
def test_a_label_that_the_detector_does_not_know_is_always_refused(
    owner: Caller, photo: Photo, call: str
) -> None:
    for extra in ({}, {"if_missing": "ignore", "boxes": [BOX]}):
        body = check_problem(
            owner.post(get_path(photo, call), {"labels": ["dog", "trcuk"], **extra}),
            422,
            "label_unsupported",
        )
        assert body["near_labels"] == {"trcuk": ["truck"]}
        (fault,) = body["errors"]
        assert (fault["pointer"], fault["received"], fault["expected"]) == (
            "#/labels/1",
            "trcuk",
            ["truck"],
        )


def test_any_label_may_be_asked_where_another_detector_looked(owner: Caller, photo: Photo) -> None:
    DetectionRun.objects.update(detector="rekognition")
    check_problem(owner.post(get_path(photo), {"labels": ["trcuk"]}), 422, "label_not_found")


@pytest.mark.parametrize("call", CALLS)
def test_missing_labels_fail_on_request(owner: Caller, photo: Photo, call: str) -> None:
    for body in ({"labels": ["dog", "car"]}, {"labels": ["car"], "boxes": [BOX]}):
        refused = owner.post(get_path(photo, call), {**body, "if_missing": "fail"})
        check_problem(refused, 422, "label_not_found")
        assert owner.post(get_path(photo, call), body).status_code in (200, 201, 202)
    check_problem(
        owner.post(get_path(photo, call), {"labels": ["dog"], "if_missing": "hope"}), 422, "invalid"
    )


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ({"labels": ["dog", "car"]}, "Removed dog"),
        ({"labels": ["car"], "boxes": [BOX]}, "Removed a marked area"),
        ({"labels": ["car", "animal"], "boxes": [BOX]}, "Removed dog, a marked area"),
    ],
)
@pytest.mark.parametrize("is_awaited", [False, True])
def test_the_rest_is_removed_and_the_missing_label_is_named(
    owner: Caller, photo: Photo, body: dict[str, Any], label: str, is_awaited: bool
) -> None:
    Detection.objects.filter(label="dog").update(parents=["animal"])
    if is_awaited:
        DetectionRun.objects.update(state=State.QUEUED)
    response = owner.post(get_path(photo), body)
    assert response.status_code == 202
    created = response.json()
    if is_awaited:
        assert (created["warnings"], created["missing_labels"]) == ([], [])
        DetectionRun.objects.update(state=State.SUCCEEDED)
    else:
        assert [each["code"] for each in created["warnings"]] == ["label_not_found"]
        assert created["missing_labels"] == ["car"]
    rows.run_all_edits()
    edit = owner.get(f"edits/{created['id']}/").json()
    assert (edit["state"], edit["label"], edit["missing_labels"]) == ("succeeded", label, ["car"])
    pixels = read_mask_pixels(Edit.objects.get().mask)
    assert (pixels[10:26, 10:30] > 0).all() == ("dog" in label)
    assert (pixels[40:50, 70:82] > 0).all() == ("area" in label)


def test_an_edit_by_labels_waits_for_the_detection(owner: Caller, new_photo: Photo) -> None:
    truck = Detection.objects.get(label="truck")
    body = {"labels": ["dog"], "detections": [str(truck.pk)]}
    response = owner.post(get_path(new_photo), body)
    assert (response.status_code, response["Retry-After"]) == (202, "1")
    assert response.json()["label"] == "Removed dog, truck"
    assert rows.run_all_edits() == []
    DetectionRun.objects.update(state=State.SUCCEEDED)
    (edit,) = rows.run_all_edits()
    assert (edit.state, edit.label) == ("succeeded", "Removed dog, truck")
    assert {row.label for row in edit.detections.all()} == {"dog", "truck"}


def test_an_awaited_label_that_is_not_there_fails_the_edit(owner: Caller, new_photo: Photo) -> None:
    for body in ({"labels": ["car"]}, {"labels": ["dog", "car"], "if_missing": "fail"}):
        owner.post(get_path(new_photo), body)
    DetectionRun.objects.update(state=State.SUCCEEDED)
    for edit in rows.run_all_edits():
        assert (edit.state, edit.error_code) == ("failed", "label_not_found")
        assert "Near “car” is “truck”" in edit.error_message


def test_a_photo_without_a_detection_run_gets_one(owner: Caller, photo: Photo) -> None:
    DetectionRun.objects.all().delete()
    assert owner.post(get_path(photo), {"labels": ["dog"]}).status_code == 202
    assert DetectionRun.objects.get().state == State.QUEUED


@pytest.mark.parametrize("call", ["edits/forewarnings/", "masks/"])
def test_what_cannot_wait_says_when_to_try_again(
    owner: Caller, new_photo: Photo, call: str
) -> None:
    response = owner.post(get_path(new_photo, call), {"labels": ["dog"]})
    check_problem(response, 409, "detection_unfinished")
    assert response["Retry-After"] == "2"


def test_labels_are_refused_after_a_detection_without_a_result(owner: Caller, photo: Photo) -> None:
    Detection.objects.all().delete()
    message = "A file that this needs is not installed."
    DetectionRun.objects.update(state=State.FAILED, error_message=message)
    body = check_problem(
        owner.post(get_path(photo), {"labels": ["dog"]}), 409, "detection_cancelled"
    )
    assert body["detail"] == message


@pytest.mark.parametrize("body", [{"labels": ["dog"]}, {"labels": ["dog"], "if_missing": "fail"}])
def test_only_editors_may_edit_by_labels(
    viewer: Caller, stranger: Caller, new_photo: Photo, body: dict[str, Any]
) -> None:
    check_problem(viewer.post(get_path(new_photo), body), 403, "not_allowed")
    check_problem(stranger.post(get_path(new_photo), body), 404, "not_found")
    check_problem(Caller().post(get_path(new_photo), body), 401, "not_authenticated")


def test_vanish_removes_the_rest_and_names_the_missing_label(
    owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_jobs_while_waiting(monkeypatch)
    form = {"image": images.build_png(96, 64), "labels": "dog, traffic light", "boxes": BOXES}
    response = prefer_wait(owner, 20).post_form("vanish/", **form)
    assert response.status_code == 200, response.body
    assert response["Missing-Labels"] == "dog, traffic light"
    refused = prefer_wait(owner, 20).post_form("vanish/", **form, if_missing="fail")
    body = check_problem(refused, 422, "vanish_failed")
    assert body["error"]["code"] == "label_not_found"
