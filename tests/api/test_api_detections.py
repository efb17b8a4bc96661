"""photos/{id}/detections/."""

import pytest

from accounts.models import User
from gallery.models import Photo
from inpainting.models import Detection, DetectionRun
from inpainting.services import PhotoSelection, edit_create
from jobs.models import State
from tests import rows
from tests.api.caller import Caller, problem

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("local_detector")
def test_what_was_found_is_told_surest_first(owner: Caller, photo: Photo) -> None:
    dog = rows.create_detection(photo, "dog", shadow=True)
    Detection.objects.create(
        photo=photo, detector="local", label="beach", parents=["nature"], confidence=0.95
    )
    Detection.objects.create(
        photo=photo, detector="local", label="old", confidence=0.99, is_current=False
    )
    told = owner.get(f"photos/{photo.pk}/detections/").json()
    assert (told["state"], told["error"], told["detector"]) == ("succeeded", None, "local")
    beach, found = told["results"]
    assert (beach["label"], beach["parents"], beach["box"]) == ("beach", ["nature"], None)
    assert (beach["outline"], beach["outline_method"], beach["shadow"]) == ([], None, [])
    assert found == {
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


def test_what_is_gone_in_the_current_state_is_told(
    owner: Caller, photo: Photo, alice: User
) -> None:
    dog, cat = rows.create_detection(photo, "dog"), rows.create_detection(photo, "cat", x=50)
    edit_create(user=alice, photo=photo, selection=PhotoSelection(detection_ids=[dog.pk]))
    rows.run_all_edits()
    path = f"photos/{photo.pk}/"
    removed = {str(dog.pk): True, str(cat.pk): False}
    told = owner.get(f"{path}detections/").json()["results"]
    assert {row["id"]: row["removed"] for row in told} == removed
    owner.post(f"{path}undo/")
    told = owner.get(f"{path}detections/").json()["results"]
    assert not any(row["removed"] for row in told)


def test_a_failure_is_told(owner: Caller, photo: Photo) -> None:
    DetectionRun.objects.filter(photo=photo).update(
        state=State.FAILED,
        error_code="detector_denied",
        error_message="The detector refused the key.",
        error_is_permanent=True,
    )
    told = owner.get(f"photos/{photo.pk}/detections/").json()
    assert told["state"] == "failed"
    assert told["error"] == {
        "code": "detector_denied",
        "message": "The detector refused the key.",
        "permanent": True,
    }


def test_looking_again(owner: Caller, photo: Photo) -> None:
    path = f"photos/{photo.pk}/detections/"
    answer = owner.post(path)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    problem(owner.post(path), 409, "detection_unfinished")


def test_a_viewer_does_not_look_again(viewer: Caller, photo: Photo) -> None:
    problem(viewer.post(f"photos/{photo.pk}/detections/"), 403, "not_allowed")
