"""Events of the other apps are counted."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from inpainting.models import DetectionRun, Edit
from jobs.models import State
from jobs.signals import job_ended
from operations.models import Tally
from tests import admins, rows
from tests.operations.metric_samples import read_value

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def client(alice: User) -> Client:
    """A client in which Alice is signed in."""
    return admins.sign_in(alice)


def read_refusals(code: str) -> float | None:
    """Return how many inputs were refused with this code."""
    return read_value("vanish_inputs_refused_total", code=code)


def test_an_edit_that_succeeds_is_counted_with_its_stages(
    alice: User, django_capture_on_commit_callbacks: Commits
) -> None:
    rows.create_box_edit(rows.upload(alice), alice)
    with django_capture_on_commit_callbacks(execute=True):
        rows.run_all_edits()

    assert read_value("vanish_job_attempts_total", kind="edit", state="succeeded") == 1
    for stage in ("open", "load", "fill", "render"):
        assert read_value("vanish_stage_seconds_count", kind="edit", stage=stage) == 1
    assert not Tally.objects.filter(name="job_failures").exists()


def test_a_detection_that_is_retried_and_fails_is_counted_twice() -> None:
    values = {"error_code": "detector_unreachable", "timings": {"open": 0.2}}
    job_ended.send(DetectionRun, state=State.QUEUED, **values)
    job_ended.send(DetectionRun, state=State.FAILED, **values)

    for state in ("queued", "failed"):
        assert read_value("vanish_job_attempts_total", kind="detection", state=state) == 1
    cause = {"kind": "detection", "cause": "detector_unreachable"}
    assert read_value("vanish_job_failures_total", **cause) == 2
    assert read_value("vanish_stage_seconds_sum", kind="detection", stage="open") == 0.4


def test_a_cancelled_edit_is_counted_as_an_attempt_only() -> None:
    job_ended.send(Edit, state=State.CANCELLED, error_code="", timings={})
    assert read_value("vanish_job_attempts_total", kind="edit", state="cancelled") == 1
    assert Tally.objects.count() == 1


def test_a_file_that_is_no_picture_is_counted(client: Client) -> None:
    response = client.post("/api/v1/photos/", {"file": SimpleUploadedFile("a.png", b"no picture")})
    assert response.status_code == 415
    assert read_refusals("unsupported_type") == 1


def test_a_mask_of_another_size_is_counted(client: Client, alice: User) -> None:
    photo = rows.upload(alice)
    mask = SimpleUploadedFile("mask.png", rows.build_mask_png(width=5, height=5))
    response = client.post(f"/api/v1/photos/{photo.pk}/masks/", {"file": mask})
    assert response.status_code == 422
    assert read_refusals("mask_wrong_size") == 1


def test_a_url_that_is_not_allowed_is_counted(client: Client) -> None:
    body = {"url": "http://127.0.0.1/a.png"}
    response = client.post("/api/v1/photos/", body, content_type="application/json")
    assert response.status_code == 422
    assert read_refusals("url_not_allowed") == 1


def test_other_refusals_are_not_counted(client: Client, alice: User) -> None:
    photo = rows.upload(alice)
    path = f"/api/v1/photos/{photo.pk}/edits/"
    assert client.post(path, {}, content_type="application/json").status_code == 422
    assert client.get("/api/v1/nowhere/").status_code == 404
    assert not Tally.objects.exists()
