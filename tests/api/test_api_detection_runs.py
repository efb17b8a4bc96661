"""Looks for objects: asked for with a detector and a threshold, looked at, stopped."""

import pytest
from pytest_django import Settings

from accounts.models import User
from gallery.models import Photo
from inpainting.models import Detection, DetectionRun
from inpainting.selectors import select_claimable_edits
from inpainting.services import detection_claim_next, detection_run
from jobs.models import State
from tests import rows
from tests.api.caller import Caller, problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_detector")]


def asked(owner: Caller, photo: Photo, **body: object) -> dict[str, object]:
    answer = owner.post(f"photos/{photo.pk}/detections/", body)
    assert answer.status_code == 202
    told: dict[str, object] = answer.json()
    assert owner.get(answer["Location"]).json() == told
    return told


def test_a_look_is_told_in_full(owner: Caller, photo: Photo) -> None:
    told = asked(owner, photo)
    run = DetectionRun.objects.get(photo=photo)
    assert told == {
        "id": str(run.pk),
        "photo": str(photo.pk),
        "state": "queued",
        "progress": 0,
        "queue_position": 1,
        "detector": "local",
        "min_confidence": None,
        "queued_at": told["queued_at"],
        "started_at": None,
        "finished_at": None,
        "error": None,
        "cancel_requested": False,
        "detections": f"/api/v1/photos/{photo.pk}/detections/",
    }
    assert owner.get(f"photos/{photo.pk}/detections/").json()["run"] == str(run.pk)


def test_the_place_in_the_queue(owner: Caller, alice: User, photo: Photo) -> None:
    other = rows.upload(alice)
    asked(owner, other)
    assert asked(owner, photo)["queue_position"] == 2


def test_with_a_threshold_only_what_is_surer_is_kept(owner: Caller, photo: Photo) -> None:
    assert asked(owner, photo, detector="local", min_confidence=1.0)["min_confidence"] == 1.0
    run = detection_claim_next()
    assert run is not None
    detection_run(run)
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED, run.error_message
    assert not Detection.objects.filter(photo=photo, is_current=True).exists()
    assert asked(owner, photo)["min_confidence"] is None


@pytest.mark.parametrize("value", [-0.1, 1.1, "much", "nan"])
def test_a_threshold_is_a_share(owner: Caller, photo: Photo, value: object) -> None:
    body = {"min_confidence": value}
    refused = problem(owner.post(f"photos/{photo.pk}/detections/", body), 422, "invalid")
    assert refused["errors"][0]["pointer"] == "#/min_confidence"


def test_an_unknown_detector_is_refused(owner: Caller, photo: Photo) -> None:
    answer = owner.post(f"photos/{photo.pk}/detections/", {"detector": "oracle"})
    refused = problem(answer, 422, "unknown_detector")
    assert refused["errors"][0]["expected"] == ["local", "rekognition"]


def test_no_photo_leaves_for_a_detector_that_is_not_set_up(owner: Caller, photo: Photo) -> None:
    answer = owner.post(f"photos/{photo.pk}/detections/", {"detector": "rekognition"})
    problem(answer, 409, "detector_unavailable")
    infos = {info["name"]: info for info in owner.get("engines/").json()["detectors"]}
    assert not infos["rekognition"]["available"]
    assert infos["local"]["available"]


def test_where_another_detector_is_set_the_local_one_can_be_asked(
    owner: Caller, photo: Photo, settings: Settings
) -> None:
    settings.DETECTOR = "rekognition"
    assert asked(owner, photo, detector="local")["detector"] == "local"


def test_a_waiting_look_is_stopped_at_once(owner: Caller, photo: Photo) -> None:
    run = asked(owner, photo)["id"]
    answer = owner.delete(f"detection-runs/{run}/")
    assert (answer.status_code, answer.json()["state"]) == (202, "cancelled")
    assert detection_claim_next() is None
    problem(owner.delete(f"detection-runs/{run}/"), 409, "detection_finished")
    assert asked(owner, photo)["cancel_requested"] is False


def test_a_running_look_is_stopped_and_changes_nothing(owner: Caller, photo: Photo) -> None:
    known = rows.create_detection(photo)
    asked(owner, photo)
    run = detection_claim_next()
    assert run is not None
    answer = owner.delete(f"detection-runs/{run.pk}/")
    assert (answer.json()["state"], answer.json()["cancel_requested"]) == ("running", True)
    detection_run(run)
    run.refresh_from_db()
    assert run.state == State.CANCELLED
    known.refresh_from_db()
    assert known.is_current
    assert not select_claimable_edits().exists()


def test_a_viewer_looks_and_does_not_stop(owner: Caller, viewer: Caller, photo: Photo) -> None:
    run = asked(owner, photo)["id"]
    assert viewer.get(f"detection-runs/{run}/").status_code == 200
    problem(viewer.delete(f"detection-runs/{run}/"), 403, "not_allowed")


def test_strangers_find_no_look(owner: Caller, stranger: Caller, photo: Photo) -> None:
    run = asked(owner, photo)["id"]
    problem(stranger.get(f"detection-runs/{run}/"), 404, "not_found")
    problem(stranger.delete(f"detection-runs/{run}/"), 404, "not_found")
