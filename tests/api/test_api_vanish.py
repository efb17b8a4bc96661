"""vanish/: a picture in, the picture without something out, and nothing kept."""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.services import token_create
from gallery.models import Album, Photo
from gallery.services import cleanup
from inpainting.mask_files import read_mask_pixels
from inpainting.models import DetectionRun, Edit
from jobs.housekeeping import run_housekeeping
from tests import images, rows
from tests.api.caller import Caller, by_token, pointers, problem
from tests.api.worked import work, work_while_waiting
from tests.storage import list_stored_files
from vision.detectors.base import Box

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

Committed = Callable[[], AbstractContextManager[Any]]
HOLE = Box(x=40, y=20, width=12, height=10)
BOXES = json.dumps([{"x": 40, "y": 20, "width": 12, "height": 10}])
pytestmark = pytest.mark.django_db


@pytest.fixture
def promptly(django_capture_on_commit_callbacks: "DjangoCaptureOnCommitCallbacks") -> Committed:
    """A block after which everything is done that waits for the commit: files go then."""
    return partial(django_capture_on_commit_callbacks, execute=True)


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker is at hand."""
    work_while_waiting(monkeypatch)


def preferring(caller: Caller, seconds: int, **headers: str) -> Caller:
    return replace(caller, headers=caller.headers | {"Prefer": f"wait={seconds}"} | headers)


def picture() -> np.ndarray[Any, np.dtype[np.uint8]]:
    return images.build_scene(96, 64)


def nothing_is_kept() -> bool:
    return not (Photo.objects.exists() or Album.objects.exists() or list_stored_files())


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_picture_comes_back_without_it(promptly: Committed, owner: Caller, kind: str) -> None:
    with promptly():
        answer = owner.form("vanish/", image=images.encode_pixels(picture(), kind), boxes=BOXES)
    assert answer.status_code == 200, answer.body
    got = Image.open(io.BytesIO(answer.body))
    assert (got.format, got.size) == (kind, (96, 64))
    assert answer["Content-Type"] == f"image/{kind.lower()}"
    assert "image-vanished." in answer["Content-Disposition"]
    assert "Preference-Applied" not in answer
    assert answer["Cache-Control"] == "private, no-store"
    assert nothing_is_kept()


@pytest.mark.usefixtures("worked")
def test_what_was_not_named_stays_as_it_was(owner: Caller) -> None:
    before = picture()
    png = rows.build_mask_png(hole=HOLE)
    answer = preferring(owner, 20).form(
        "vanish/", image=images.encode_pixels(before, "PNG"), mask=png
    )
    assert answer["Preference-Applied"] == "wait=20"
    changed = (np.asarray(Image.open(io.BytesIO(answer.body))) != before).any(axis=2)
    assert changed[20:30, 40:52].any()
    changed[20:30, 40:52] = False
    assert not changed.any()


@pytest.mark.usefixtures("worked")
def test_in_another_format_by_a_polygon(owner: Caller) -> None:
    polygons = json.dumps([[[40, 20], [52, 20], [46, 30]]])
    answer = owner.form("vanish/", image=images.build_png(96, 64), polygons=polygons, format="jpeg")
    assert Image.open(io.BytesIO(answer.body)).format == "JPEG"


@pytest.mark.usefixtures("worked", "local_detector")
def test_a_cat_by_its_label(promptly: Committed, owner: Caller, photos: Path) -> None:
    before = Image.open(photos / "skimage_chelsea.png").convert("RGB").resize((300, 200))
    with promptly():
        answer = preferring(owner, 60).form(
            "vanish/",
            image=images.encode_pixels(np.asarray(before), "PNG"),
            labels="cat",
            inpainter="patchmatch",
            grow=3,
        )
    assert answer.status_code == 200, answer.body
    after = np.asarray(Image.open(io.BytesIO(answer.body)))
    assert (after != np.asarray(before)).any(axis=2).mean() > 0.2
    assert nothing_is_kept()


@pytest.mark.usefixtures("worked", "local_detector")
def test_a_label_that_is_not_in_the_picture(promptly: Committed, owner: Caller) -> None:
    with promptly():
        answer = owner.form("vanish/", image=images.build_png(96, 64), labels="dog")
    body = problem(answer, 422, "vanish_failed")
    assert body["error"]["code"] == "unknown_label"
    assert nothing_is_kept()


@pytest.mark.usefixtures("local_detector")
def test_a_label_that_nobody_knows_is_refused_at_once(promptly: Committed, owner: Caller) -> None:
    with promptly():
        problem(
            owner.form("vanish/", image=images.build_png(96, 64), labels="unicorn"),
            422,
            "unknown_label",
        )
    assert nothing_is_kept()


def test_what_is_not_done_in_time_is_an_edit_to_look_at(owner: Caller) -> None:
    answer = preferring(owner, 0).form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    told = answer.json()
    assert (answer.status_code, told["state"], told["queue_position"]) == (202, "queued", 1)
    assert (answer["Retry-After"], answer["Preference-Applied"]) == ("1", "wait=0")
    hours = (Album.objects.get().expires_at or timezone.now()) - timezone.now()
    assert timedelta(hours=22) < hours < timedelta(hours=23)
    assert told["expires_at"]
    work()
    done = owner.get(answer["Location"]).json()
    assert done["state"] == "succeeded"
    got = owner.get(f"revisions/{done['revision']}/download/")
    assert Image.open(io.BytesIO(got.body)).size == (96, 64)
    assert not DetectionRun.objects.exists()


@pytest.mark.usefixtures("local_detector")
def test_an_edit_waits_for_the_look_that_its_label_needs(owner: Caller) -> None:
    form = {"image": images.build_png(96, 64), "labels": "dog", "boxes": BOXES}
    answer = preferring(owner, 0).form("vanish/", **form)
    edit = Edit.objects.get(pk=answer.json()["id"])
    assert (edit.label, edit.mask.covered_pixels) == ("Removed dog, a marked area", 120)
    assert rows.run_all_edits() == []
    DetectionRun.objects.update(state="succeeded")
    rows.create_detection(edit.photo, "dog")
    (ran,) = rows.run_all_edits()
    assert (ran.state, ran.label, ran.awaited) == ("succeeded", "Removed dog, a marked area", None)
    goes = read_mask_pixels(ran.mask) > 0
    assert goes[20:30, 40:52].all()
    assert goes[10:26, 10:30].all()
    assert not goes[:, 60:].any()
    assert [row.label for row in ran.detections.all()] == ["dog"]
    assert edit.photo.masks.count() == 1


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_look_that_came_to_nothing_ends_the_edit(owner: Caller, state: str) -> None:
    preferring(owner, 0).form("vanish/", image=images.build_png(96, 64), labels="dog")
    DetectionRun.objects.update(state=state)
    (ran,) = rows.run_all_edits()
    assert (ran.state, ran.error_code) == ("failed", "detection_cancelled")


def test_nobody_sees_it_in_a_list(owner: Caller, alice: User, stranger: Caller) -> None:
    kept = rows.upload(alice)
    edit = preferring(owner, 0).form("vanish/", image=images.build_png(96, 64), boxes=BOXES).json()
    listed = owner.get("photos/").json()["results"]
    assert [row["id"] for row in listed] == [str(kept.pk)]
    assert [row["id"] for row in owner.get("albums/").json()["results"]] == [str(kept.album_id)]
    assert b"Temporary" not in owner.get("/photos/").body
    assert owner.get(f"photos/{edit['photo']}/").status_code == 200
    problem(stranger.get(f"photos/{edit['photo']}/"), 404, "not_found")
    problem(stranger.get(f"edits/{edit['id']}/"), 404, "not_found")


def test_its_time_comes(promptly: Committed, owner: Caller, alice: User) -> None:
    kept = rows.upload(alice)
    files = list_stored_files()
    with promptly():
        preferring(owner, 0).form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    work()
    assert cleanup.temporary_albums_sweep() == 0
    Album.objects.exclude(expires_at=None).update(expires_at=timezone.now())
    with promptly():
        assert run_housekeeping()["temporary_albums_sweep"] == 1
    assert list(Photo.objects.all()) == [kept]
    assert Album.objects.count() == 1
    assert list_stored_files() == files


def test_it_can_be_deleted_sooner(promptly: Committed, owner: Caller) -> None:
    with promptly():
        edit = (
            preferring(owner, 0).form("vanish/", image=images.build_png(96, 64), boxes=BOXES).json()
        )
    with promptly():
        assert owner.delete(f"photos/{edit['photo']}/").status_code == 204
    assert list_stored_files() == []


@pytest.mark.usefixtures("worked")
def test_who_may_ask_again_gets_it_again(owner: Caller) -> None:
    caller = preferring(owner, 20, **{"Idempotency-Key": "one-picture"})
    image = images.build_png(96, 64)
    form: dict[str, Any] = {"image": image, "boxes": BOXES}
    first = caller.form("vanish/", **form)
    assert first.status_code == 200
    again = caller.client.post(
        "/api/v1/vanish/",
        {"image": io.BytesIO(image), "boxes": BOXES},
        headers=caller.headers,
    )
    assert again.status_code == 422  # another file name is another request
    again = caller.form("vanish/", **form)
    assert again.status_code == 303
    got = owner.get(again["Location"])
    assert (got.status_code, got["Content-Type"]) == (200, "image/png")
    assert Photo.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "code", "pointer"),
    [
        ({"boxes": BOXES}, "invalid", "#/image"),
        ({"image": b"no picture", "boxes": BOXES}, "unsupported_type", "#/image"),
        ({"image": images.build_png(96, 64)}, "nothing_chosen", "#"),
        (
            {"image": images.build_png(96, 64), "boxes": BOXES, "format": "bmp"},
            "invalid",
            "#/format",
        ),
        (
            {"image": images.build_png(96, 64), "boxes": BOXES, "grow": -1},
            "setting_out_of_range",
            None,
        ),
        (
            {"image": images.build_png(96, 64), "mask": rows.build_mask_png(width=9)},
            "mask_wrong_size",
            "#/mask",
        ),
        ({"mask": rows.build_mask_png(), "image": b"x"}, "unsupported_type", "#/image"),
        (
            {"image": images.build_png(96, 64), "boxes": BOXES, "inpaiter": "x"},
            "invalid",
            "#/inpaiter",
        ),
        ({"image": images.build_png(9, 9), "boxes": BOXES}, "box_outside", None),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_kept(
    promptly: Committed, owner: Caller, form: dict[str, Any], code: str, pointer: str | None
) -> None:
    status = 415 if code == "unsupported_type" else 422
    with promptly():
        body = problem(owner.form("vanish/", **form), status, code)
    assert pointer is None or pointers(body) == [pointer]
    assert nothing_is_kept()


def test_a_mask_that_was_drawn_is_in_no_file(promptly: Committed, owner: Caller) -> None:
    everything = '[{"x": 0, "y": 0, "width": 96, "height": 64}]'
    with promptly():
        answer = owner.form("vanish/", image=images.build_png(96, 64), boxes=everything)
    assert "errors" not in problem(answer, 422, "mask_covers_everything")


def test_json_has_no_room_for_a_picture(owner: Caller) -> None:
    body = problem(owner.post("vanish/", {"boxes": []}), 415, "unsupported_media_type")
    (fault,) = body["errors"]
    assert (fault["header"], fault["expected"]) == ("Content-Type", ["multipart/form-data"])
    assert "This address takes multipart/form-data." in body["detail"]


def test_all_scopes_that_are_missing_are_told_at_once(alice: User) -> None:
    _, text = token_create(user=alice, name="x", scopes=["edits:write"], expires_in=None)
    answer = by_token(text).form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    body = problem(answer, 403, "scope_missing")
    assert body["missing_scopes"] == ["photos:write", "detections:write"]


def test_an_edit_that_was_stopped_meanwhile(
    promptly: Committed, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.waiting._sleep", lambda _: Edit.objects.update(state="cancelled"))
    with promptly():
        answer = owner.form("vanish/", image=images.build_png(96, 64), boxes=BOXES)
    problem(answer, 409, "vanish_cancelled")
    assert nothing_is_kept()
