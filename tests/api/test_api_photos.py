"""photos/: read, rename, move, delete, undo and redo."""

from datetime import datetime

import pytest

from accounts.models import User
from gallery.models import Photo, Role
from gallery.services import album_create
from tests import rows
from tests.api.caller import Caller, check_problem, list_pointers, sign_in

pytestmark = pytest.mark.django_db


def test_a_photo_is_returned_with_all_fields(owner: Caller, photo: Photo) -> None:
    body = owner.get(f"photos/{photo.pk}/").json()
    first = f"/api/v1/revisions/{photo.current_id}"
    links = {
        "id": str(photo.current_id),
        "number": 0,
        "thumbnail": f"{first}/thumbnail/",
        "preview": f"{first}/preview/",
        "download": f"{first}/download/",
    }
    assert datetime.fromisoformat(body.pop("created_at")) == photo.created_at
    assert body == {
        "id": str(photo.pk),
        "title": "beach",
        "filename": "beach.png",
        "album": str(photo.album_id),
        "format": "PNG",
        "mode": "RGB;8",
        "width": 96,
        "height": 64,
        "sha256": photo.original_sha256,
        "bytes": photo.original_bytes,
        "credit": "",
        "notes": [],
        "metadata": {
            "profile": None,
            "dpi": None,
            "camera": None,
            "lens": None,
            "taken_at": None,
            "has_location": False,
        },
        "renditions": [
            {"kind": kind, "url": links[kind], "width": 96, "height": 64}
            for kind in ("thumbnail", "preview")
        ],
        "role": "owner",
        "can_edit": True,
        "original": f"/api/v1/photos/{photo.pk}/original/",
        "current": links,
        "original_revision": links,
        "can_undo": False,
        "can_redo": False,
        "detection_state": "succeeded",
        "unfinished_edits": 0,
        "url": f"/photos/{photo.pk}/",
    }


@pytest.mark.parametrize(("role", "can_edit"), [(Role.EDITOR, True), (Role.VIEWER, False)])
def test_the_role_is_that_of_the_caller(
    photo: Photo, bob: User, role: Role, can_edit: bool
) -> None:
    rows.share(photo.album, bob, role)
    for body in (
        sign_in(bob).get(f"photos/{photo.pk}/").json(),
        sign_in(bob).get("photos/").json()["results"][0],
    ):
        assert (body["role"], body["can_edit"]) == (role, can_edit)


def test_the_list_has_visible_photos_newest_first(owner: Caller, alice: User, bob: User) -> None:
    first, second = rows.upload(alice), rows.upload(alice)
    rows.upload(bob)
    page = owner.get("photos/").json()
    assert [row["id"] for row in page["results"]] == [str(second.pk), str(first.pk)]


def test_a_photo_is_renamed_and_a_blank_title_is_refused(owner: Caller, photo: Photo) -> None:
    response = owner.patch(f"photos/{photo.pk}/", {"title": " Sea "})
    assert (response.status_code, response.json()["title"]) == (200, "Sea")
    body = check_problem(owner.patch(f"photos/{photo.pk}/", {"title": " "}), 422, "title_missing")
    assert list_pointers(body) == ["#/title"]


def test_a_photo_can_be_moved_only_to_a_visible_album(
    owner: Caller, photo: Photo, alice: User, bob: User
) -> None:
    other = album_create(user=alice, name="Other")
    moved = owner.patch(f"photos/{photo.pk}/", {"album": str(other.pk)}).json()
    assert moved["album"] == str(other.pk)
    foreign = album_create(user=bob, name="Bob's")
    response = owner.patch(f"photos/{photo.pk}/", {"album": str(foreign.pk)})
    check_problem(response, 404, "not_found")


def test_a_viewer_may_not_change_or_delete_a_photo(viewer: Caller, photo: Photo) -> None:
    check_problem(viewer.patch(f"photos/{photo.pk}/", {"title": "x"}), 403, "not_allowed")
    check_problem(viewer.delete(f"photos/{photo.pk}/"), 403, "not_allowed")
    assert Photo.objects.filter(pk=photo.pk, title="beach").exists()


def test_a_photo_is_deleted(owner: Caller, photo: Photo) -> None:
    assert owner.delete(f"photos/{photo.pk}/").status_code == 204
    check_problem(owner.get(f"photos/{photo.pk}/"), 404, "not_found")


def test_a_photo_with_edits_is_deleted(owner: Caller, edited_photo: Photo) -> None:
    assert owner.delete(f"photos/{edited_photo.pk}/").status_code == 204


def test_undo_and_redo_move_the_current_revision(owner: Caller, edited_photo: Photo) -> None:
    path = f"photos/{edited_photo.pk}/"
    body = owner.get(path).json()
    assert (body["current"]["number"], body["can_undo"], body["can_redo"]) == (1, True, False)
    assert body["original_revision"]["number"] == 0
    undone = owner.post(f"{path}undo/").json()
    assert (undone["current"]["number"], undone["can_undo"], undone["can_redo"]) == (0, False, True)
    check_problem(owner.post(f"{path}undo/"), 409, "nothing_to_undo")
    assert owner.post(f"{path}redo/").json()["current"]["number"] == 1
    check_problem(owner.post(f"{path}redo/"), 409, "nothing_to_redo")


def test_unfinished_edits_are_counted(owner: Caller, photo: Photo, alice: User) -> None:
    rows.create_box_edit(photo, alice)
    rows.create_box_edit(photo, alice, x=50)
    assert owner.get(f"photos/{photo.pk}/").json()["unfinished_edits"] == 2


def test_a_stranger_gets_404_for_a_photo(stranger: Caller, photo: Photo) -> None:
    for path in ("", "original/", "detections/", "masks/", "edits/", "revisions/"):
        check_problem(stranger.get(f"photos/{photo.pk}/{path}"), 404, "not_found")
    assert stranger.get("photos/").json()["results"] == []
