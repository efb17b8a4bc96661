"""edits/: asked for, watched, cancelled."""

import json
import uuid
from typing import Any

import pytest

from accounts.models import User
from gallery.models import Photo
from inpainting.mask_files import read_mask_pixels
from inpainting.models import Edit, Mask
from inpainting.services import edit_claim_next
from jobs.models import State
from tests import rows
from tests.api.caller import Caller, pointers, problem
from vision.detectors.base import Box

BOX = {"x": 8, "y": 6, "width": 10, "height": 5}
HOLE = Box(**BOX)
pytestmark = pytest.mark.django_db


def path(photo: Photo) -> str:
    return f"photos/{photo.pk}/edits/"


def test_a_queued_edit_is_told_in_full(owner: Caller, photo: Photo) -> None:
    body = {"boxes": [BOX], "grow": 2, "feather": 1, "inpainter": "patchmatch"}
    answer = owner.post(path(photo), body)
    told = answer.json()
    assert answer.status_code == 202
    assert told.pop("warnings") == []
    assert told == owner.get(f"edits/{told['id']}/").json()
    assert owner.get(path(photo)).json()["results"] == [told]
    created = told.pop("created_at")
    assert created
    assert told == {
        "id": told["id"],
        "photo": str(photo.pk),
        "state": "queued",
        "progress": 0.0,
        "label": "Removed a marked area",
        "inpainter": "patchmatch",
        "base_revision": str(photo.current_id),
        "base_edit": None,
        "mask": str(Mask.objects.get().pk),
        "detections": [],
        "grow": 2,
        "feather": 1,
        "started_at": None,
        "finished_at": None,
        "queue_position": 1,
        "revision": None,
        "is_branch": False,
        "error": None,
        "cancel_requested": False,
    }


def test_a_finished_edit_names_its_revision(owner: Caller, edited: Photo) -> None:
    told = owner.get(path(edited)).json()["results"][0]
    assert (told["state"], told["progress"], told["queue_position"]) == ("succeeded", 1.0, None)
    assert told["revision"] == str(edited.current_id)
    assert told["finished_at"] >= told["started_at"] >= told["created_at"]


def test_the_next_one_waits_for_the_first(owner: Caller, photo: Photo) -> None:
    first = owner.post(path(photo), {"boxes": [BOX]}).json()
    second = owner.post(path(photo), {"boxes": [BOX | {"x": 50}]}).json()
    assert (second["base_edit"], second["base_revision"]) == (first["id"], None)
    assert (first["queue_position"], second["queue_position"]) == (1, 2)
    assert [row["id"] for row in owner.get(path(photo)).json()["results"]] == [
        second["id"],
        first["id"],
    ]


def test_by_detections_labels_and_boxes_together(owner: Caller, photo: Photo) -> None:
    dog, cat = rows.create_detection(photo, "dog"), rows.create_detection(photo, "cat", x=60)
    body = {"detections": [str(dog.pk)], "labels": ["Cat"], "boxes": [BOX | {"y": 50}]}
    told = owner.post(path(photo), body).json()
    assert set(told["detections"]) == {str(dog.pk), str(cat.pk)}
    assert told["label"] == "Removed cat, dog, a marked area"
    pixels = read_mask_pixels(Mask.objects.get())
    assert pixels[15, 15] == pixels[15, 65] == pixels[52, 10] == 255


@pytest.mark.parametrize("asked", [{}, {"shadows": True}, {"shadows": False}])
@pytest.mark.parametrize("as_form", [False, True])
def test_shadows_go_unless_they_are_to_stay(
    owner: Caller, photo: Photo, asked: dict[str, bool], as_form: bool
) -> None:
    dog = rows.create_detection(photo, "dog", shadow=True)
    if as_form:
        answer = owner.form(path(photo), detections=str(dog.pk), **asked)
    else:
        answer = owner.post(path(photo), {"detections": [str(dog.pk)]} | asked)
    assert answer.status_code == 202, answer.content
    pixels = read_mask_pixels(Mask.objects.get())
    assert pixels[15, 15] == 255
    assert (pixels[28, 35] == 255) == asked.get("shadows", True)


def test_by_a_mask_that_was_kept(owner: Caller, photo: Photo) -> None:
    png = rows.build_mask_png(hole=HOLE)
    mask = owner.form(f"photos/{photo.pk}/masks/", file=png).json()
    assert owner.post(path(photo), {"mask": mask["id"]}).json()["mask"] == mask["id"]


@pytest.mark.parametrize(
    "fields",
    [
        {"mask_file": rows.build_mask_png(hole=HOLE)},
        {"boxes": json.dumps([BOX])},
        {"labels": "dog, cat"},
        {"labels": '["dog", "cat"]'},
        {"labels": ["dog", "cat"]},
    ],
    ids=["mask file", "boxes as JSON", "labels with commas", "labels as JSON", "labels repeated"],
)
def test_by_a_form(owner: Caller, photo: Photo, fields: dict[str, Any]) -> None:
    rows.create_detection(photo, "dog")
    rows.create_detection(photo, "cat", x=60)
    answer = owner.form(path(photo), **fields, grow="3")
    assert answer.status_code == 202, answer.content
    assert answer.json()["grow"] == 3
    assert len(answer.json()["detections"]) == (2 if "labels" in fields else 0)


def test_detections_in_a_form(owner: Caller, photo: Photo) -> None:
    dog, cat = rows.create_detection(photo, "dog"), rows.create_detection(photo, "cat", x=60)
    answer = owner.form(path(photo), detections=f"{dog.pk},{cat.pk}")
    assert len(answer.json()["detections"]) == 2


def test_on_top_of_a_chosen_base(owner: Caller, edited: Photo) -> None:
    original = edited.revisions.get(number=0)
    told = owner.post(path(edited), {"boxes": [BOX], "base_revision": str(original.pk)}).json()
    assert told["base_revision"] == str(original.pk)
    following = owner.post(path(edited), {"boxes": [BOX], "base_edit": told["id"]}).json()
    assert following["base_edit"] == told["id"]
    rows.run_all_edits()
    assert owner.get(f"edits/{told['id']}/").json()["is_branch"]


def test_bases_that_cannot_be(owner: Caller, photo: Photo, alice: User) -> None:
    other = rows.upload(alice)
    edit = rows.create_box_edit(other, alice)
    both = {"base_revision": str(photo.current_id), "base_edit": str(edit.pk)}
    for base, refusal in (
        ({"base_revision": str(other.current_id)}, (404, "not_found")),
        ({"base_revision": str(uuid.uuid4())}, (404, "not_found")),
        ({"base_edit": str(edit.pk)}, (404, "not_found")),
        ({"base_edit": str(uuid.uuid4())}, (404, "not_found")),
        ({"base_edit": "x"}, (422, "invalid")),
        (both, (422, "two_bases")),
    ):
        body = problem(owner.post(path(photo), {"boxes": [BOX], **base}), *refusal)
        assert pointers(body) == [f"#/{list(base)[-1]}"]


def test_references_that_lead_nowhere_are_pointed_at(
    owner: Caller, photo: Photo, alice: User
) -> None:
    nothing = str(uuid.uuid4())
    foreign = owner.post(f"photos/{rows.upload(alice).pk}/masks/", {"boxes": [BOX]}).json()["id"]
    for asked, body, field in (
        (path(photo), {"mask": nothing}, "mask"),
        (path(photo), {"mask": foreign}, "mask"),
        (f"photos/{photo.pk}/masks/", {"mask": nothing}, "mask"),
        ("photos/", {"example": "fox", "album": nothing}, "album"),
        ("uploads/", {"filename": "a.png", "length": 9, "album": nothing}, "album"),
    ):
        told = problem(owner.post(asked, body), 404, "not_found")
        assert pointers(told) == [f"#/{field}"], asked
    told = problem(owner.patch(f"photos/{photo.pk}/", {"album": nothing}), 404, "not_found")
    assert told["errors"][0]["received"] == nothing


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, (422, "nothing_chosen")),
        ({"labels": ["zebra"]}, (422, "unknown_label")),
        ({"labels": "dog"}, (422, "invalid")),
        ({"detections": [str(uuid.uuid4())]}, (422, "unknown_detection")),
        ({"detections": ["x"]}, (422, "invalid")),
        ({"mask": str(uuid.uuid4())}, (404, "not_found")),
        ({"boxes": [BOX | {"x": 200}]}, (422, "box_outside")),
        ({"boxes": [BOX | {"x": -1}]}, (422, "invalid")),
        ({"boxes": [BOX | {"width": 0}]}, (422, "invalid")),
        ({"boxes": [BOX | {"width": 10**30}]}, (422, "invalid")),
        ({"boxes": [{"x": 1}]}, (422, "invalid")),
        ({"boxes": [BOX] * 501}, (422, "invalid")),
        ({"boxes": [{"x": 0, "y": 0, "width": 96, "height": 64}]}, (422, "mask_covers_everything")),
        ({"boxes": [BOX], "grow": 201}, (422, "setting_out_of_range")),
        ({"boxes": [BOX], "grow": -1}, (422, "setting_out_of_range")),
        ({"boxes": [BOX], "feather": "soft"}, (422, "invalid")),
        ({"boxes": [BOX], "inpainter": "magic"}, (422, "unknown_inpainter")),
        ({"boxes": [BOX], "inpainter": "hifill"}, (409, "inpainter_unavailable")),
    ],
)
def test_wishes_that_make_no_sense(
    owner: Caller, photo: Photo, body: dict[str, Any], refusal: tuple[int, str]
) -> None:
    rows.create_detection(photo, "dog")
    problem(owner.post(path(photo), body), *refusal)
    assert not Edit.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"boxes": "[" * 100_000},
        {"boxes": "[1, 2"},
        {"boxes": "8,6,10,5"},
        {"labels": "[" + '"a",' * 600 + '"a"]'},
        {"detections": '[{"a": 1}]'},
        {"mask_file": "text"},
    ],
)
def test_forms_that_make_no_sense(owner: Caller, photo: Photo, fields: dict[str, str]) -> None:
    problem(owner.form(path(photo), **fields), 422, "invalid")


@pytest.mark.parametrize(
    ("png", "code"),
    [
        (rows.build_mask_png(), "mask_empty"),
        (rows.build_mask_png(width=64, hole=HOLE), "mask_wrong_size"),
    ],
    ids=["empty", "other size"],
)
def test_mask_files_that_make_no_sense(owner: Caller, photo: Photo, png: bytes, code: str) -> None:
    problem(owner.form(path(photo), mask_file=png), 422, code)
    assert not Edit.objects.exists()


def test_while_objects_are_looked_for_labels_must_wait(owner: Caller, photo: Photo) -> None:
    owner.post(f"photos/{photo.pk}/detections/")
    problem(owner.post(path(photo), {"labels": ["dog"]}), 409, "detection_unfinished")


def test_a_queued_edit_is_cancelled_at_once(owner: Caller, photo: Photo) -> None:
    edit = owner.post(path(photo), {"boxes": [BOX]}).json()
    answer = owner.delete(f"edits/{edit['id']}/")
    assert answer.status_code == 202
    assert (answer.json()["state"], answer.json()["queue_position"]) == ("cancelled", None)
    problem(owner.delete(f"edits/{edit['id']}/"), 409, "edit_finished")


def test_a_running_edit_is_asked_to_stop(owner: Caller, photo: Photo, alice: User) -> None:
    rows.create_box_edit(photo, alice)
    running = edit_claim_next()
    assert running is not None
    told = owner.delete(f"edits/{running.pk}/").json()
    assert (told["state"], told["cancel_requested"]) == ("running", True)


def test_a_failure_is_told(owner: Caller, photo: Photo, alice: User) -> None:
    edit = rows.create_box_edit(photo, alice)
    Edit.objects.filter(pk=edit.pk).update(
        state=State.FAILED, error_code="weights_missing", error_message="Fetch the weights."
    )
    assert owner.get(f"edits/{edit.pk}/").json()["error"] == {
        "code": "weights_missing",
        "message": "Fetch the weights.",
        "permanent": False,
    }


def test_a_viewer_only_watches(viewer: Caller, photo: Photo, alice: User) -> None:
    edit = rows.create_box_edit(photo, alice)
    assert viewer.get(f"edits/{edit.pk}/").status_code == 200
    problem(viewer.post(path(photo), {"boxes": [BOX]}), 403, "not_allowed")
    problem(viewer.delete(f"edits/{edit.pk}/"), 403, "not_allowed")


def test_strangers_find_no_edit(stranger: Caller, photo: Photo, alice: User) -> None:
    edit = rows.create_box_edit(photo, alice)
    problem(stranger.get(f"edits/{edit.pk}/"), 404, "not_found")
    problem(stranger.delete(f"edits/{edit.pk}/"), 404, "not_found")
    problem(stranger.post(path(photo), {"boxes": [BOX]}), 404, "not_found")
