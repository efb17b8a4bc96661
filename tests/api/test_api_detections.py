"""photos/{id}/detections/: the detected objects of a photo."""

import pytest

from accounts.models import User
from gallery.models import Photo
from inpainting.models import Detection, DetectionRun
from inpainting.services import PhotoSelection, edit_create
from jobs.models import State
from tests import rows
from tests.api.caller import Caller, check_problem

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("local_detector")
def test_detections_are_listed_by_descending_confidence(owner: Caller, photo: Photo) -> None:
    dog = rows.create_detection(photo, "dog", shadow=True)
    Detection.objects.create(
        photo=photo, detector="local", label="beach", parents=["nature"], confidence=0.95
    )
    Detection.objects.create(
        photo=photo, detector="local", label="old", confidence=0.99, is_current=False
    )
    body = owner.get(f"photos/{photo.pk}/detections/").json()
    assert (body["state"], body["error"], body["detector"]) == ("succeeded", None, "local")
    beach, first_dog = body["results"]
    assert (beach["label"], beach["parents"], beach["box"]) == ("beach", ["nature"], None)
    assert (beach["outline"], beach["outline_method"], beach["shadow"]) == ([], None, [])
    assert first_dog == {
        "id": str(dog.pk),
        "label": "dog",
        "parents": [],
        "confidence": 0.9,
        "detector": "local",
        "box": {"x": 10, "y": 10, "width": 20, "height": 16},
        "outline": [[[10, 10], [30, 10], [30, 26], [10, 26]]],
        "outline_method": "box",
        "shadow": [[[10, 26], [40, 26], [40, 30], [10, 30]]],
        "removed": False,
    }


def test_detections_removed_in_the_current_revision_are_marked(
    owner: Caller, photo: Photo, alice: User
) -> None:
    dog, cat = rows.create_detection(photo, "dog"), rows.create_detection(photo, "cat", x=50)
    edit_create(user=alice, photo=photo, selection=PhotoSelection(detection_ids=[dog.pk]))
    rows.run_all_edits()
    path = f"photos/{photo.pk}/"
    removed = {str(dog.pk): True, str(cat.pk): False}
    results = owner.get(f"{path}detections/").json()["results"]
    assert {row["id"]: row["removed"] for row in results} == removed
    owner.post(f"{path}undo/")
    results = owner.get(f"{path}detections/").json()["results"]
    assert not any(row["removed"] for row in results)


def test_a_failed_detection_reports_its_error(owner: Caller, photo: Photo) -> None:
    DetectionRun.objects.filter(photo=photo).update(
        state=State.FAILED,
        error_code="detector_denied",
        error_message="The detector refused the key.",
        error_is_permanent=True,
    )
    body = owner.get(f"photos/{photo.pk}/detections/").json()
    assert body["state"] == "failed"
    assert body["error"] == {
        "code": "detector_denied",
        "message": "The detector refused the key.",
        "permanent": True,
    }


def test_a_second_request_is_refused_while_one_is_queued(owner: Caller, photo: Photo) -> None:
    path = f"photos/{photo.pk}/detections/"
    response = owner.post(path)
    assert (response.status_code, response.json()["state"]) == (202, "queued")
    check_problem(owner.post(path), 409, "detection_unfinished")


def test_a_viewer_may_not_request_detection(viewer: Caller, photo: Photo) -> None:
    check_problem(viewer.post(f"photos/{photo.pk}/detections/"), 403, "not_allowed")
