"""Detection runs: request with a detector and a threshold, read and cancel."""

import pytest
from pytest_django import Settings

from accounts.models import User
from gallery.models import Photo
from inpainting.models import Detection, DetectionRun
from inpainting.selectors import select_claimable_edits
from inpainting.services import detection_claim_next, detection_run
from jobs.models import State
from tests import rows
from tests.api.caller import Caller, check_problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_detector")]


def request_detection(owner: Caller, photo: Photo, **body: object) -> dict[str, object]:
    response = owner.post(f"photos/{photo.pk}/detections/", body)
    assert response.status_code == 202
    run: dict[str, object] = response.json()
    assert owner.get(response["Location"]).json() == run
    return run


def test_a_detection_run_is_returned_with_all_fields(owner: Caller, photo: Photo) -> None:
    body = request_detection(owner, photo)
    run = DetectionRun.objects.get(photo=photo)
    assert body == {
        "id": str(run.pk),
        "photo": str(photo.pk),
        "state": "queued",
        "progress": 0,
        "queue_position": 1,
        "detector": "local",
        "min_confidence": None,
        "revision": None,
        "queued_at": body["queued_at"],
        "started_at": None,
        "finished_at": None,
        "error": None,
        "cancel_requested": False,
        "detections": f"/api/v1/photos/{photo.pk}/detections/",
    }
    assert owner.get(f"photos/{photo.pk}/detections/").json()["run"] == str(run.pk)


def test_the_queue_position_counts_earlier_runs(owner: Caller, alice: User, photo: Photo) -> None:
    other = rows.upload(alice)
    request_detection(owner, other)
    assert request_detection(owner, photo)["queue_position"] == 2


def test_a_threshold_drops_less_confident_detections(owner: Caller, photo: Photo) -> None:
    assert (
        request_detection(owner, photo, detector="local", min_confidence=1.0)["min_confidence"]
        == 1.0
    )
    run = detection_claim_next()
    assert run is not None
    detection_run(run)
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED, run.error_message
    assert not Detection.objects.filter(photo=photo, is_current=True).exists()
    assert request_detection(owner, photo)["min_confidence"] is None


@pytest.mark.parametrize("value", [-0.1, 1.1, "much", "nan"])
def test_a_threshold_that_is_no_share_is_refused(
    owner: Caller, photo: Photo, value: object
) -> None:
    body = {"min_confidence": value}
    refusal = check_problem(owner.post(f"photos/{photo.pk}/detections/", body), 422, "invalid")
    assert refusal["errors"][0]["pointer"] == "#/min_confidence"


def test_an_unknown_detector_is_refused(owner: Caller, photo: Photo) -> None:
    response = owner.post(f"photos/{photo.pk}/detections/", {"detector": "oracle"})
    refusal = check_problem(response, 422, "unknown_detector")
    assert refusal["errors"][0]["expected"] == ["local", "rekognition"]


def test_a_detector_that_is_not_configured_is_refused(owner: Caller, photo: Photo) -> None:
    response = owner.post(f"photos/{photo.pk}/detections/", {"detector": "rekognition"})
    check_problem(response, 409, "detector_unavailable")
    infos = {info["name"]: info for info in owner.get("engines/").json()["detectors"]}
    assert not infos["rekognition"]["available"]
    assert infos["local"]["available"]


def test_the_local_detector_can_be_requested_beside_another_default(
    owner: Caller, photo: Photo, settings: Settings
) -> None:
    settings.DETECTOR = "rekognition"
    assert request_detection(owner, photo, detector="local")["detector"] == "local"


def test_a_queued_run_is_cancelled_immediately(owner: Caller, photo: Photo) -> None:
    run = request_detection(owner, photo)["id"]
    response = owner.delete(f"detection-runs/{run}/")
    assert (response.status_code, response.json()["state"]) == (202, "cancelled")
    assert detection_claim_next() is None
    check_problem(owner.delete(f"detection-runs/{run}/"), 409, "detection_finished")
    assert request_detection(owner, photo)["cancel_requested"] is False


def test_a_running_run_that_is_cancelled_changes_nothing(owner: Caller, photo: Photo) -> None:
    known = rows.create_detection(photo)
    request_detection(owner, photo)
    run = detection_claim_next()
    assert run is not None
    response = owner.delete(f"detection-runs/{run.pk}/")
    assert (response.json()["state"], response.json()["cancel_requested"]) == ("running", True)
    detection_run(run)
    run.refresh_from_db()
    assert run.state == State.CANCELLED
    known.refresh_from_db()
    assert known.is_current
    assert not select_claimable_edits().exists()


def test_a_viewer_may_read_a_run_but_not_cancel_it(
    owner: Caller, viewer: Caller, photo: Photo
) -> None:
    run = request_detection(owner, photo)["id"]
    assert viewer.get(f"detection-runs/{run}/").status_code == 200
    check_problem(viewer.delete(f"detection-runs/{run}/"), 403, "not_allowed")


def test_a_stranger_gets_404_for_a_run(owner: Caller, stranger: Caller, photo: Photo) -> None:
    run = request_detection(owner, photo)["id"]
    check_problem(stranger.get(f"detection-runs/{run}/"), 404, "not_found")
    check_problem(stranger.delete(f"detection-runs/{run}/"), 404, "not_found")
