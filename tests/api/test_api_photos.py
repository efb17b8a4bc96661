"""photos/: shown, renamed, moved, deleted, undone."""

from datetime import datetime

import pytest

from accounts.models import User
from gallery.models import Photo, Role
from gallery.services import album_create
from tests import rows
from tests.api.caller import Caller, pointers, problem, session

pytestmark = pytest.mark.django_db


def test_a_photo_is_told_in_full(owner: Caller, photo: Photo) -> None:
    told = owner.get(f"photos/{photo.pk}/").json()
    first = f"/api/v1/revisions/{photo.current_id}"
    links = {
        "id": str(photo.current_id),
        "number": 0,
        "thumbnail": f"{first}/thumbnail/",
        "preview": f"{first}/preview/",
        "download": f"{first}/download/",
    }
    assert datetime.fromisoformat(told.pop("created_at")) == photo.created_at
    assert told == {
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
def test_the_role_is_the_askers(photo: Photo, bob: User, role: Role, can_edit: bool) -> None:
    rows.share(photo.album, bob, role)
    for told in (
        session(bob).get(f"photos/{photo.pk}/").json(),
        session(bob).get("photos/").json()["results"][0],
    ):
        assert (told["role"], told["can_edit"]) == (role, can_edit)


def test_the_list_is_newest_first_and_of_visible_photos(
    owner: Caller, alice: User, bob: User
) -> None:
    first, second = rows.upload(alice), rows.upload(alice)
    rows.upload(bob)
    listed = owner.get("photos/").json()
    assert [row["id"] for row in listed["results"]] == [str(second.pk), str(first.pk)]


def test_another_title(owner: Caller, photo: Photo) -> None:
    answer = owner.patch(f"photos/{photo.pk}/", {"title": " Sea "})
    assert (answer.status_code, answer.json()["title"]) == (200, "Sea")
    body = problem(owner.patch(f"photos/{photo.pk}/", {"title": " "}), 422, "title_missing")
    assert pointers(body) == ["#/title"]


def test_another_album(owner: Caller, photo: Photo, alice: User, bob: User) -> None:
    other = album_create(user=alice, name="Other")
    moved = owner.patch(f"photos/{photo.pk}/", {"album": str(other.pk)}).json()
    assert moved["album"] == str(other.pk)
    foreign = album_create(user=bob, name="Bob's")
    answer = owner.patch(f"photos/{photo.pk}/", {"album": str(foreign.pk)})
    problem(answer, 404, "not_found")


def test_a_viewer_changes_nothing(viewer: Caller, photo: Photo) -> None:
    problem(viewer.patch(f"photos/{photo.pk}/", {"title": "x"}), 403, "not_allowed")
    problem(viewer.delete(f"photos/{photo.pk}/"), 403, "not_allowed")
    assert Photo.objects.filter(pk=photo.pk, title="beach").exists()


def test_deleting(owner: Caller, photo: Photo) -> None:
    assert owner.delete(f"photos/{photo.pk}/").status_code == 204
    problem(owner.get(f"photos/{photo.pk}/"), 404, "not_found")


def test_deleting_one_with_edits(owner: Caller, edited: Photo) -> None:
    assert owner.delete(f"photos/{edited.pk}/").status_code == 204


def test_undo_and_redo(owner: Caller, edited: Photo) -> None:
    path = f"photos/{edited.pk}/"
    told = owner.get(path).json()
    assert (told["current"]["number"], told["can_undo"], told["can_redo"]) == (1, True, False)
    assert told["original_revision"]["number"] == 0
    undone = owner.post(f"{path}undo/").json()
    assert (undone["current"]["number"], undone["can_undo"], undone["can_redo"]) == (0, False, True)
    problem(owner.post(f"{path}undo/"), 409, "nothing_to_undo")
    assert owner.post(f"{path}redo/").json()["current"]["number"] == 1
    problem(owner.post(f"{path}redo/"), 409, "nothing_to_redo")


def test_work_that_is_under_way_is_counted(owner: Caller, photo: Photo, alice: User) -> None:
    rows.create_box_edit(photo, alice)
    rows.create_box_edit(photo, alice, x=50)
    assert owner.get(f"photos/{photo.pk}/").json()["unfinished_edits"] == 2


def test_strangers_find_nothing(stranger: Caller, photo: Photo) -> None:
    for path in ("", "original/", "detections/", "masks/", "edits/", "revisions/"):
        problem(stranger.get(f"photos/{photo.pk}/{path}"), 404, "not_found")
    assert stranger.get("photos/").json()["results"] == []
