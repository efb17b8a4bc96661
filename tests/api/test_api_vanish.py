"""vanish/: remove something from a picture in one request and store nothing."""

import io
import json
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gallery.models import Album, Photo
from gallery.services import cleanup
from inpainting.mask_files import read_mask_pixels
from inpainting.models import DetectionRun, Edit
from jobs.housekeeping import run_housekeeping
from tests import images, rows
from tests.api.caller import Caller, check_problem
from tests.api.vanish_calls import BOXES, CommitBlock, is_nothing_stored, prefer_wait
from tests.api.worker import run_all_jobs, run_jobs_while_waiting
from tests.storage import list_stored_files
from vision import masks
from vision.detectors.base import Box
from vision.selections import LEAST_GROWTH

HOLE = Box(x=40, y=20, width=12, height=10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that runs all jobs during the wait."""
    run_jobs_while_waiting(monkeypatch)


def build_picture() -> np.ndarray[Any, np.dtype[np.uint8]]:
    return images.build_scene(96, 64)


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_response_is_a_picture_of_the_same_format(
    run_on_commit: CommitBlock, owner: Caller, kind: str
) -> None:
    with run_on_commit():
        response = owner.post_form(
            "vanish/", image=images.encode_pixels(build_picture(), kind), boxes=BOXES
        )
    assert response.status_code == 200, response.body
    picture = Image.open(io.BytesIO(response.body))
    assert (picture.format, picture.size) == (kind, (96, 64))
    assert response["Content-Type"] == f"image/{kind.lower()}"
    assert "image-vanished." in response["Content-Disposition"]
    assert "Preference-Applied" not in response
    assert response["Cache-Control"] == "private, no-store"
    assert is_nothing_stored()


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(("growth", "grown"), [({"grow": "0"}, 0), ({}, LEAST_GROWTH)])
def test_pixels_outside_the_grown_mask_are_unchanged(
    owner: Caller, growth: dict[str, str], grown: int
) -> None:
    before = build_picture()
    png = rows.build_mask_png(hole=HOLE)
    response = prefer_wait(owner, 20).post_form(
        "vanish/", image=images.encode_pixels(before, "PNG"), mask=png, **growth
    )
    assert response["Preference-Applied"] == "wait=20"
    changed = (np.asarray(Image.open(io.BytesIO(response.body))) != before).any(axis=2)
    hole = masks.grow(masks.from_boxes((64, 96), [astuple(HOLE)]), grown) > 0
    assert changed[hole].any()
    assert not changed[~hole].any()


@pytest.mark.usefixtures("worker")
def test_a_polygon_and_an_output_format_are_accepted(owner: Caller) -> None:
    polygons = json.dumps([[[40, 20], [52, 20], [46, 30]]])
    response = owner.post_form(
        "vanish/", image=images.build_png(96, 64), polygons=polygons, format="jpeg"
    )
    assert Image.open(io.BytesIO(response.body)).format == "JPEG"


@pytest.mark.usefixtures("worker", "local_detector")
def test_a_cat_is_removed_by_its_label(
    run_on_commit: CommitBlock, owner: Caller, photos: Path
) -> None:
    before = Image.open(photos / "skimage_chelsea.png").convert("RGB").resize((300, 200))
    with run_on_commit():
        response = prefer_wait(owner, 60).post_form(
            "vanish/",
            image=images.encode_pixels(np.asarray(before), "PNG"),
            labels="cat",
            inpainter="patchmatch",
            grow=3,
        )
    assert response.status_code == 200, response.body
    after = np.asarray(Image.open(io.BytesIO(response.body)))
    assert (after != np.asarray(before)).any(axis=2).mean() > 0.2
    assert is_nothing_stored()


@pytest.mark.usefixtures("worker", "local_detector")
def test_a_label_that_is_not_in_the_picture_fails(
    run_on_commit: CommitBlock, owner: Caller
) -> None:
    with run_on_commit():
        response = owner.post_form("vanish/", image=images.build_png(96, 64), labels="dog")
    body = check_problem(response, 422, "vanish_failed")
    assert body["error"]["code"] == "label_not_found"
    assert is_nothing_stored()


@pytest.mark.usefixtures("local_detector")
def test_an_unsupported_label_is_refused_immediately(
    run_on_commit: CommitBlock, owner: Caller
) -> None:
    with run_on_commit():
        check_problem(
            owner.post_form("vanish/", image=images.build_png(96, 64), labels="unicorn"),
            422,
            "label_unsupported",
        )
    assert is_nothing_stored()


def test_after_the_wait_an_unfinished_edit_is_returned(owner: Caller) -> None:
    response = prefer_wait(owner, 0).post_form(
        "vanish/", image=images.build_png(96, 64), boxes=BOXES
    )
    edit = response.json()
    assert (response.status_code, edit["state"], edit["queue_position"]) == (202, "queued", 1)
    assert (response["Retry-After"], response["Preference-Applied"]) == ("1", "wait=0")
    time_left = (Album.objects.get().expires_at or timezone.now()) - timezone.now()
    assert timedelta(hours=22) < time_left < timedelta(hours=23)
    assert edit["expires_at"]
    run_all_jobs()
    finished_edit = owner.get(response["Location"]).json()
    assert finished_edit["state"] == "succeeded"
    download = owner.get(f"revisions/{finished_edit['revision']}/download/")
    assert Image.open(io.BytesIO(download.body)).size == (96, 64)
    assert not DetectionRun.objects.exists()


@pytest.mark.usefixtures("local_detector")
def test_an_edit_waits_for_the_detection_of_its_label(owner: Caller) -> None:
    form = {"image": images.build_png(96, 64), "labels": "dog", "boxes": BOXES}
    response = prefer_wait(owner, 0).post_form("vanish/", **form)
    edit = Edit.objects.get(pk=response.json()["id"])
    assert (edit.label, edit.mask.covered_pixels) == ("Removed dog, a marked area", 120)
    assert rows.run_all_edits() == []
    DetectionRun.objects.update(state="succeeded")
    rows.create_detection(edit.photo, "dog")
    (finished,) = rows.run_all_edits()
    assert (finished.state, finished.label, finished.awaited) == (
        "succeeded",
        "Removed dog, a marked area",
        None,
    )
    is_masked = read_mask_pixels(finished.mask) > 0
    assert is_masked[20:30, 40:52].all()
    assert is_masked[10:26, 10:30].all()
    assert not is_masked[:, 60:].any()
    assert [row.label for row in finished.detections.all()] == ["dog"]
    assert edit.photo.masks.count() == 1


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_failed_or_cancelled_detection_fails_the_edit(owner: Caller, state: str) -> None:
    prefer_wait(owner, 0).post_form("vanish/", image=images.build_png(96, 64), labels="dog")
    DetectionRun.objects.update(state=state)
    (edit,) = rows.run_all_edits()
    assert (edit.state, edit.error_code) == ("failed", "detection_cancelled")


def test_temporary_photos_are_in_no_list(owner: Caller, alice: User, stranger: Caller) -> None:
    other_photo = rows.upload(alice)
    edit = (
        prefer_wait(owner, 0)
        .post_form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
        .json()
    )
    photos = owner.get("photos/").json()["results"]
    assert [row["id"] for row in photos] == [str(other_photo.pk)]
    assert [row["id"] for row in owner.get("albums/").json()["results"]] == [
        str(other_photo.album_id)
    ]
    assert b"Temporary" not in owner.get("/photos/").body
    assert owner.get(f"photos/{edit['photo']}/").status_code == 200
    check_problem(stranger.get(f"photos/{edit['photo']}/"), 404, "not_found")
    check_problem(stranger.get(f"edits/{edit['id']}/"), 404, "not_found")


def test_expired_temporary_albums_are_deleted_with_their_files(
    run_on_commit: CommitBlock, owner: Caller, alice: User
) -> None:
    other_photo = rows.upload(alice)
    files = list_stored_files()
    with run_on_commit():
        prefer_wait(owner, 0).post_form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    run_all_jobs()
    assert cleanup.temporary_albums_sweep() == 0
    Album.objects.exclude(expires_at=None).update(expires_at=timezone.now())
    with run_on_commit():
        assert run_housekeeping()["temporary_albums_sweep"] == 1
    assert list(Photo.objects.all()) == [other_photo]
    assert Album.objects.count() == 1
    assert list_stored_files() == files


def test_a_temporary_photo_can_be_deleted_early(run_on_commit: CommitBlock, owner: Caller) -> None:
    with run_on_commit():
        edit = (
            prefer_wait(owner, 0)
            .post_form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
            .json()
        )
    with run_on_commit():
        assert owner.delete(f"photos/{edit['photo']}/").status_code == 204
    assert list_stored_files() == []


@pytest.mark.usefixtures("worker")
def test_a_repeated_request_is_redirected_to_the_picture(owner: Caller) -> None:
    caller = prefer_wait(owner, 20, **{"Idempotency-Key": "one-picture"})
    image = images.build_png(96, 64)
    form: dict[str, Any] = {"image": image, "boxes": BOXES}
    first = caller.post_form("vanish/", **form)
    assert first.status_code == 200
    second = caller.client.post(
        "/api/v1/vanish/",
        {"image": io.BytesIO(image), "boxes": BOXES},
        headers=caller.headers,
    )
    assert second.status_code == 422  # another file name is another request
    second = caller.post_form("vanish/", **form)
    assert second.status_code == 303
    download = owner.get(second["Location"])
    assert (download.status_code, download["Content-Type"]) == (200, "image/png")
    assert Photo.objects.count() == 1
