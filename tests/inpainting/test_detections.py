"""Detection runs: what they find, what a second one keeps, and how they fail."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from accounts.models import User
from gallery.models import Photo, Role
from gallery.services import photo_undo, photo_upload
from inpainting.models import Detection, DetectionRun
from inpainting.selectors import find_removed_detection_ids, select_detections
from inpainting.services import (
    PhotoSelection,
    detection_claim_next,
    detection_request,
    detection_run,
    edit_create,
)
from inpainting.services.detections import detection_retry
from jobs.models import State
from tests import rows
from vision.detectors.base import Box
from web.errors import NotAllowed, Problem

pytestmark = pytest.mark.django_db


def _run_detection() -> DetectionRun:
    run = detection_claim_next()
    assert run is not None
    detection_run(run)
    run.refresh_from_db()
    return run


@pytest.fixture
def cat(alice: User, photos: Path, local_detector: None) -> Photo:
    """A photo of a cat."""
    data = (photos / "skimage_chelsea.png").read_bytes()
    return photo_upload(user=alice, data=data, filename="chelsea.png")


def test_a_cat_is_found_with_its_outline(cat: Photo) -> None:
    assert _run_detection().state == State.SUCCEEDED
    detection = select_detections(cat).get(label="cat")
    assert detection.has_place
    assert detection.outline_method == "u2net"
    assert len(detection.outline[0]) >= 4
    assert 0.25 < detection.confidence <= 1


def test_a_second_detection_keeps_the_rows_of_the_first(alice: User, cat: Photo) -> None:
    _run_detection()
    before = set(select_detections(cat).values_list("pk", flat=True))
    missing = rows.create_detection(cat, "unicorn")
    detection_request(user=alice, photo=cat)
    _run_detection()
    assert set(select_detections(cat).values_list("pk", flat=True)) == before
    assert not Detection.objects.get(pk=missing.pk).is_current


def test_a_second_detection_examines_the_photo_as_it_is_now(alice: User, cat: Photo) -> None:
    _run_detection()
    found = select_detections(cat).get(label="cat")
    whole = Box(x=1, y=1, width=cat.width - 2, height=cat.height - 2)
    edit_create(user=alice, photo=cat, selection=PhotoSelection(boxes=[whole]))
    rows.run_all_edits()
    cat.refresh_from_db()
    assert found.pk in find_removed_detection_ids(cat.current)
    assert detection_request(user=alice, photo=cat).revision == cat.current
    assert _run_detection().state == State.SUCCEEDED
    # The cat is not found in its own fill, and is there again after an undo.
    assert [row.pk for row in select_detections(cat).filter(label="cat")] == [found.pk]
    photo_undo(user=alice, photo=cat)
    cat.refresh_from_db()
    assert not find_removed_detection_ids(cat.current)


@pytest.mark.parametrize(("width", "is_gone"), [(20, True), (12, False)])
def test_an_object_under_a_painted_mask_is_gone(alice: User, width: int, is_gone: bool) -> None:
    photo = rows.upload(alice)
    dog, cat = rows.create_detection(photo, "dog"), rows.create_detection(photo, "cat", x=50)
    box = Box(x=10, y=10, width=width, height=16)
    edit_create(user=alice, photo=photo, selection=PhotoSelection(boxes=[box]))
    (edit,) = rows.run_all_edits()
    photo.refresh_from_db()
    gone = {dog.pk} if is_gone else set()
    assert find_removed_detection_ids(photo.current) == gone
    assert set(edit.covered_detections.values_list("pk", flat=True)) == gone
    assert cat.pk not in gone


def test_an_object_painted_over_before_it_is_found_is_gone(alice: User, cat: Photo) -> None:
    whole = Box(x=1, y=1, width=cat.width - 2, height=cat.height - 2)
    edit_create(user=alice, photo=cat, selection=PhotoSelection(boxes=[whole]))
    rows.run_all_edits()
    _run_detection()
    cat.refresh_from_db()
    found = select_detections(cat).get(label="cat")
    assert found.pk in find_removed_detection_ids(cat.current)


def test_another_run_by_an_admin_keeps_its_options(alice: User, cat: Photo) -> None:
    _run_detection()
    rows.create_box_edit(cat, alice)
    rows.run_all_edits()
    cat.refresh_from_db()
    detection_request(user=alice, photo=cat, min_confidence=0.2)
    again = detection_retry(_run_detection())
    assert (again.state, again.min_confidence) == (State.QUEUED, 0.2)
    assert again.revision == cat.current


def test_what_is_found_in_place_of_a_removed_object_is_another_one(alice: User, cat: Photo) -> None:
    _run_detection()
    found = select_detections(cat).get(label="cat")
    edit = rows.create_box_edit(cat, alice)
    rows.run_all_edits()
    edit.covered_detections.set([found])
    cat.refresh_from_db()
    detection_request(user=alice, photo=cat)
    _run_detection()
    left = select_detections(cat).filter(label="cat").exclude(pk=found.pk)
    assert left.count() == 1
    assert not find_removed_detection_ids(cat.current) & set(left.values_list("pk", flat=True))


def test_a_second_detection_is_refused_while_one_waits(alice: User, cat: Photo) -> None:
    with pytest.raises(Problem) as refusal:
        detection_request(user=alice, photo=cat)
    assert (refusal.value.code, refusal.value.status) == ("detection_unfinished", 409)


def test_a_viewer_may_not_request_a_detection(bob: User, cat: Photo) -> None:
    rows.share(cat.album, bob, Role.VIEWER)
    with pytest.raises(NotAllowed):
        detection_request(user=bob, photo=cat)


@pytest.mark.usefixtures("local_detector")
def test_missing_weights_fail_permanently_and_only_the_log_names_the_command(
    alice: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MODEL_MIRROR = None
    rows.upload(alice)
    DetectionRun.objects.update(state=State.QUEUED)
    run = _run_detection()
    assert (run.state, run.error_code, run.error_is_permanent) == (
        State.FAILED,
        "weights_missing",
        True,
    )
    assert "Tell its administrator" in run.error_message
    assert "manage.py" not in run.error_message
    assert "efficientdet_lite0.tflite is not installed: run `python manage.py" in caplog.text


def test_an_internal_error_is_retried(alice: User, settings: Settings) -> None:
    photo = rows.upload(alice)
    DetectionRun.objects.update(state=State.QUEUED)
    default_storage.delete(str(photo.original.name))
    run = _run_detection()
    assert (run.state, run.attempt, run.error_code) == (State.QUEUED, 1, "internal_error")
    assert run.not_before is not None
