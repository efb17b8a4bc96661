"""What happens in the other rooms is counted."""

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
from tests.operations import scrape

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def client(alice: User) -> Client:
    """Alice's browser."""
    return admins.sign_in(alice)


def refused(code: str) -> float | None:
    return scrape.value("vanish_inputs_refused_total", code=code)


def test_an_edit_that_succeeds(alice: User, django_capture_on_commit_callbacks: Commits) -> None:
    rows.create_box_edit(rows.upload(alice), alice)
    with django_capture_on_commit_callbacks(execute=True):
        rows.run_all_edits()

    assert scrape.value("vanish_job_attempts_total", kind="edit", state="succeeded") == 1
    for stage in ("open", "load", "fill", "render"):
        assert scrape.value("vanish_stage_seconds_count", kind="edit", stage=stage) == 1
    assert not Tally.objects.filter(name="job_failures").exists()


def test_a_detection_that_fails_and_is_tried_again() -> None:
    told = {"error_code": "detector_unreachable", "timings": {"open": 0.2}}
    job_ended.send(DetectionRun, state=State.QUEUED, **told)
    job_ended.send(DetectionRun, state=State.FAILED, **told)

    for state in ("queued", "failed"):
        assert scrape.value("vanish_job_attempts_total", kind="detection", state=state) == 1
    cause = {"kind": "detection", "cause": "detector_unreachable"}
    assert scrape.value("vanish_job_failures_total", **cause) == 2
    assert scrape.value("vanish_stage_seconds_sum", kind="detection", stage="open") == 0.4


def test_an_edit_that_is_cancelled() -> None:
    job_ended.send(Edit, state=State.CANCELLED, error_code="", timings={})
    assert scrape.value("vanish_job_attempts_total", kind="edit", state="cancelled") == 1
    assert Tally.objects.count() == 1


def test_a_file_that_is_no_picture(client: Client) -> None:
    answer = client.post("/api/v1/photos/", {"file": SimpleUploadedFile("a.png", b"no picture")})
    assert answer.status_code == 415
    assert refused("unsupported_type") == 1


def test_a_mask_of_another_size(client: Client, alice: User) -> None:
    photo = rows.upload(alice)
    mask = SimpleUploadedFile("mask.png", rows.build_mask_png(width=5, height=5))
    answer = client.post(f"/api/v1/photos/{photo.pk}/masks/", {"file": mask})
    assert answer.status_code == 422
    assert refused("mask_wrong_size") == 1


def test_an_address_that_may_not_be_read(client: Client) -> None:
    body = {"url": "http://127.0.0.1/a.png"}
    answer = client.post("/api/v1/photos/", body, content_type="application/json")
    assert answer.status_code == 422
    assert refused("url_not_allowed") == 1


def test_other_refusals_are_not_about_the_input(client: Client, alice: User) -> None:
    photo = rows.upload(alice)
    path = f"/api/v1/photos/{photo.pk}/edits/"
    assert client.post(path, {}, content_type="application/json").status_code == 422
    assert client.get("/api/v1/nowhere/").status_code == 404
    assert not Tally.objects.exists()
