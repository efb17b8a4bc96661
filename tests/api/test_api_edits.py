"""edits/: request, read and cancel."""

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
from tests.api.caller import Caller, check_problem, list_pointers
from vision.detectors.base import Box

BOX = {"x": 8, "y": 6, "width": 10, "height": 5}
HOLE = Box(**BOX)
pytestmark = pytest.mark.django_db


def get_path(photo: Photo) -> str:
    return f"photos/{photo.pk}/edits/"


def test_a_queued_edit_is_returned_with_all_fields(owner: Caller, photo: Photo) -> None:
    body = {"boxes": [BOX], "grow": 2, "feather": 1, "inpainter": "patchmatch"}
    response = owner.post(get_path(photo), body)
    edit = response.json()
    assert response.status_code == 202
    assert edit.pop("warnings") == []
    assert (edit.pop("mask_convention"), edit.pop("mask_notes")) == (None, [])
    assert edit == owner.get(f"edits/{edit['id']}/").json()
    assert owner.get(get_path(photo)).json()["results"] == [edit]
    created = edit.pop("created_at")
    assert created
    assert edit == {
        "id": edit["id"],
        "photo": str(photo.pk),
        "state": "queued",
        "progress": 0.0,
        "label": "Removed a marked area",
        "inpainter": "patchmatch",
        "variant": 0,
        "variant_of": None,
        "base_revision": str(photo.current_id),
        "base_edit": None,
        "mask": str(Mask.objects.get().pk),
        "detections": [],
        "missing_labels": [],
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


def test_a_finished_edit_names_its_revision(owner: Caller, edited_photo: Photo) -> None:
    edit = owner.get(get_path(edited_photo)).json()["results"][0]
    assert (edit["state"], edit["progress"], edit["queue_position"]) == ("succeeded", 1.0, None)
    assert edit["revision"] == str(edited_photo.current_id)
    assert edit["finished_at"] >= edit["started_at"] >= edit["created_at"]


def test_a_second_edit_is_based_on_the_first(owner: Caller, photo: Photo) -> None:
    first = owner.post(get_path(photo), {"boxes": [BOX]}).json()
    second = owner.post(get_path(photo), {"boxes": [BOX | {"x": 50}]}).json()
    assert (second["base_edit"], second["base_revision"]) == (first["id"], None)
    assert (first["queue_position"], second["queue_position"]) == (1, 2)
    assert [row["id"] for row in owner.get(get_path(photo)).json()["results"]] == [
        second["id"],
        first["id"],
    ]


def test_detections_labels_and_boxes_are_combined(owner: Caller, photo: Photo) -> None:
    dog, cat = rows.create_detection(photo, "dog"), rows.create_detection(photo, "cat", x=60)
    body = {"detections": [str(dog.pk)], "labels": ["Cat"], "boxes": [BOX | {"y": 50}]}
    edit = owner.post(get_path(photo), body).json()
    assert set(edit["detections"]) == {str(dog.pk), str(cat.pk)}
    assert edit["label"] == "Removed cat, dog, a marked area"
    pixels = read_mask_pixels(Mask.objects.get())
    assert pixels[15, 15] == pixels[15, 65] == pixels[52, 10] == 255


@pytest.mark.parametrize("option", [{}, {"shadows": True}, {"shadows": False}])
@pytest.mark.parametrize("as_form", [False, True])
def test_shadows_are_removed_unless_disabled(
    owner: Caller, photo: Photo, option: dict[str, bool], as_form: bool
) -> None:
    dog = rows.create_detection(photo, "dog", shadow=True)
    if as_form:
        response = owner.post_form(get_path(photo), detections=str(dog.pk), **option)
    else:
        response = owner.post(get_path(photo), {"detections": [str(dog.pk)]} | option)
    assert response.status_code == 202, response.content
    pixels = read_mask_pixels(Mask.objects.get())
    assert pixels[15, 15] == 255
    assert (pixels[28, 35] == 255) == option.get("shadows", True)


def test_an_edit_can_use_a_stored_mask(owner: Caller, photo: Photo) -> None:
    png = rows.build_mask_png(hole=HOLE)
    mask = owner.post_form(f"photos/{photo.pk}/masks/", file=png).json()
    assert owner.post(get_path(photo), {"mask": mask["id"]}).json()["mask"] == mask["id"]


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
def test_an_edit_can_be_requested_by_a_form(
    owner: Caller, photo: Photo, fields: dict[str, Any]
) -> None:
    rows.create_detection(photo, "dog")
    rows.create_detection(photo, "cat", x=60)
    response = owner.post_form(get_path(photo), **fields, grow="3")
    assert response.status_code == 202, response.content
    assert response.json()["grow"] == 3
    assert len(response.json()["detections"]) == (2 if "labels" in fields else 0)


def test_a_form_can_list_detections(owner: Caller, photo: Photo) -> None:
    dog, cat = rows.create_detection(photo, "dog"), rows.create_detection(photo, "cat", x=60)
    response = owner.post_form(get_path(photo), detections=f"{dog.pk},{cat.pk}")
    assert len(response.json()["detections"]) == 2


def test_an_edit_can_choose_its_base(owner: Caller, edited_photo: Photo) -> None:
    original = edited_photo.revisions.get(number=0)
    edit = owner.post(
        get_path(edited_photo), {"boxes": [BOX], "base_revision": str(original.pk)}
    ).json()
    assert edit["base_revision"] == str(original.pk)
    following = owner.post(get_path(edited_photo), {"boxes": [BOX], "base_edit": edit["id"]}).json()
    assert following["base_edit"] == edit["id"]
    rows.run_all_edits()
    assert owner.get(f"edits/{edit['id']}/").json()["is_branch"]


def test_invalid_bases_are_refused(owner: Caller, photo: Photo, alice: User) -> None:
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
        body = check_problem(owner.post(get_path(photo), {"boxes": [BOX], **base}), *refusal)
        assert list_pointers(body) == [f"#/{list(base)[-1]}"]


def test_unknown_references_are_pointed_to(owner: Caller, photo: Photo, alice: User) -> None:
    unknown_id = str(uuid.uuid4())
    foreign_mask = owner.post(f"photos/{rows.upload(alice).pk}/masks/", {"boxes": [BOX]}).json()[
        "id"
    ]
    for address, body, field in (
        (get_path(photo), {"mask": unknown_id}, "mask"),
        (get_path(photo), {"mask": foreign_mask}, "mask"),
        (f"photos/{photo.pk}/masks/", {"mask": unknown_id}, "mask"),
        ("photos/", {"example": "fox", "album": unknown_id}, "album"),
        ("uploads/", {"filename": "a.png", "length": 9, "album": unknown_id}, "album"),
    ):
        refusal = check_problem(owner.post(address, body), 404, "not_found")
        assert list_pointers(refusal) == [f"#/{field}"], address
    refusal = check_problem(
        owner.patch(f"photos/{photo.pk}/", {"album": unknown_id}), 404, "not_found"
    )
    assert refusal["errors"][0]["received"] == unknown_id


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, (422, "nothing_chosen")),
        ({"labels": ["zebra"]}, (422, "label_not_found")),
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
        ({"boxes": [BOX], "inpainter": "lama"}, (409, "inpainter_unavailable")),
    ],
)
def test_invalid_edits_are_refused(
    owner: Caller, photo: Photo, body: dict[str, Any], refusal: tuple[int, str]
) -> None:
    rows.create_detection(photo, "dog")
    check_problem(owner.post(get_path(photo), body), *refusal)
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
def test_invalid_forms_are_refused(owner: Caller, photo: Photo, fields: dict[str, str]) -> None:
    check_problem(owner.post_form(get_path(photo), **fields), 422, "invalid")


@pytest.mark.parametrize(
    ("png", "code"),
    [
        (rows.build_mask_png(), "mask_empty"),
        (rows.build_mask_png(width=64, hole=HOLE), "mask_wrong_size"),
    ],
    ids=["empty", "other size"],
)
def test_invalid_mask_files_are_refused(owner: Caller, photo: Photo, png: bytes, code: str) -> None:
    check_problem(owner.post_form(get_path(photo), mask_file=png), 422, code)
    assert not Edit.objects.exists()


def test_a_queued_edit_is_cancelled_immediately(owner: Caller, photo: Photo) -> None:
    edit = owner.post(get_path(photo), {"boxes": [BOX]}).json()
    response = owner.delete(f"edits/{edit['id']}/")
    assert response.status_code == 202
    assert (response.json()["state"], response.json()["queue_position"]) == ("cancelled", None)
    check_problem(owner.delete(f"edits/{edit['id']}/"), 409, "edit_finished")


def test_cancelling_a_running_edit_requests_its_stop(
    owner: Caller, photo: Photo, alice: User
) -> None:
    rows.create_box_edit(photo, alice)
    running = edit_claim_next()
    assert running is not None
    edit = owner.delete(f"edits/{running.pk}/").json()
    assert (edit["state"], edit["cancel_requested"]) == ("running", True)


def test_a_failed_edit_reports_its_error(owner: Caller, photo: Photo, alice: User) -> None:
    edit = rows.create_box_edit(photo, alice)
    Edit.objects.filter(pk=edit.pk).update(
        state=State.FAILED, error_code="weights_missing", error_message="Fetch the weights."
    )
    assert owner.get(f"edits/{edit.pk}/").json()["error"] == {
        "code": "weights_missing",
        "message": "Fetch the weights.",
        "permanent": False,
    }


def test_a_viewer_may_only_read_an_edit(viewer: Caller, photo: Photo, alice: User) -> None:
    edit = rows.create_box_edit(photo, alice)
    assert viewer.get(f"edits/{edit.pk}/").status_code == 200
    check_problem(viewer.post(get_path(photo), {"boxes": [BOX]}), 403, "not_allowed")
    check_problem(viewer.delete(f"edits/{edit.pk}/"), 403, "not_allowed")


def test_a_stranger_gets_404_for_an_edit(stranger: Caller, photo: Photo, alice: User) -> None:
    edit = rows.create_box_edit(photo, alice)
    check_problem(stranger.get(f"edits/{edit.pk}/"), 404, "not_found")
    check_problem(stranger.delete(f"edits/{edit.pk}/"), 404, "not_found")
    check_problem(stranger.post(get_path(photo), {"boxes": [BOX]}), 404, "not_found")
