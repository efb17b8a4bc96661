"""Looking for objects: the run, what it keeps, and how it fails."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from accounts.models import User
from gallery.models import Photo, Role
from gallery.services import photo_upload
from inpainting.models import Detection, DetectionRun
from inpainting.selectors import select_detections
from inpainting.services import detection_claim_next, detection_request, detection_run
from jobs.models import State
from tests import rows
from web.errors import NotAllowed, Problem

pytestmark = pytest.mark.django_db


def _look() -> DetectionRun:
    run = detection_claim_next()
    assert run is not None
    detection_run(run)
    run.refresh_from_db()
    return run


@pytest.fixture
def cat(alice: User, photos: Path, local_detector: None) -> Photo:
    data = (photos / "skimage_chelsea.png").read_bytes()
    return photo_upload(user=alice, data=data, filename="chelsea.png")


def test_a_cat_is_found_with_its_outline(cat: Photo) -> None:
    assert _look().state == State.SUCCEEDED
    found = select_detections(cat).get(label="cat")
    assert found.has_place
    assert found.outline_method in {"deeplab", "grabcut", "box"}
    assert len(found.outline[0]) >= 4
    assert 0.25 < found.confidence <= 1


def test_looking_again_keeps_the_rows_that_edits_name(alice: User, cat: Photo) -> None:
    _look()
    before = set(select_detections(cat).values_list("pk", flat=True))
    gone = rows.create_detection(cat, "unicorn")
    detection_request(user=alice, photo=cat)
    _look()
    assert set(select_detections(cat).values_list("pk", flat=True)) == before
    assert not Detection.objects.get(pk=gone.pk).is_current


def test_two_looks_at_once_are_refused(alice: User, cat: Photo) -> None:
    with pytest.raises(Problem) as refusal:
        detection_request(user=alice, photo=cat)
    assert (refusal.value.code, refusal.value.status) == ("detection_unfinished", 409)


def test_a_viewer_may_not_ask(bob: User, cat: Photo) -> None:
    rows.share(cat.album, bob, Role.VIEWER)
    with pytest.raises(NotAllowed):
        detection_request(user=bob, photo=cat)


@pytest.mark.usefixtures("local_detector")
def test_missing_weights_fail_for_good_and_say_what_to_do(
    alice: User, settings: Settings, tmp_path: Path
) -> None:
    settings.MODEL_MIRROR = None
    rows.upload(alice)
    DetectionRun.objects.update(state=State.QUEUED)
    run = _look()
    assert (run.state, run.error_code, run.error_is_permanent) == (
        State.FAILED,
        "weights_missing",
        True,
    )
    assert "weights fetch" in run.error_message


def test_a_fault_of_ours_is_tried_again(alice: User, settings: Settings) -> None:
    photo = rows.upload(alice)
    DetectionRun.objects.update(state=State.QUEUED)
    default_storage.delete(str(photo.original.name))
    run = _look()
    assert (run.state, run.attempt, run.error_code) == (State.QUEUED, 1, "internal_error")
    assert run.not_before is not None
