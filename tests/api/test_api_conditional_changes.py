"""If-Match: a change that was decided on what is no longer so is not made (RFC 9110, 13.1)."""

from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Role
from tests import rows
from tests.api.caller import Caller, problem, session

pytestmark = pytest.mark.django_db
OTHER = f'"{"0" * 32}"'


def send(caller: Caller, method: str, path: str, body: Any = None, **headers: str) -> Any:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(caller, headers=caller.headers | names).send(method, path, body)


@pytest.fixture
def path(photo: Photo) -> str:
    return f"photos/{photo.pk}/"


def test_a_change_of_what_is_still_so(owner: Caller, path: str) -> None:
    tag = owner.get(path)["ETag"]
    answer = send(owner, "PATCH", path, {"title": "Sea"}, If_Match=tag)
    assert (answer.status_code, answer.json()["title"]) == (200, "Sea")
    assert answer["ETag"] == owner.get(path)["ETag"] != tag


def test_a_change_of_what_is_no_longer_so(owner: Caller, path: str) -> None:
    tag = owner.get(path)["ETag"]
    owner.patch(path, {"title": "Sea"})
    answer = send(owner, "PATCH", path, {"title": "Hill"}, If_Match=tag)
    body = problem(answer, 412, "precondition_failed")
    assert body["errors"][0]["header"] == "If-Match"
    assert owner.get(path).json()["title"] == "Sea"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("{tag}", 200),
        ("*", 200),
        (f"{OTHER}, {{tag}}", 200),
        (OTHER, 412),
        ("W/{tag}", 412),
        (f"W/{{tag}}, {OTHER}", 412),
        ("nonsense", 412),
        ("", 412),
    ],
)
def test_if_match(owner: Caller, path: str, header: str, status: int) -> None:
    tag = owner.get(path)["ETag"]
    answer = send(owner, "PATCH", path, {"title": "Sea"}, If_Match=header.format(tag=tag))
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("header", "status"), [("{tag}", 412), ("W/{tag}", 412), ("*", 412), (OTHER, 200)]
)
def test_if_none_match_of_a_change(owner: Caller, path: str, header: str, status: int) -> None:
    tag = owner.get(path)["ETag"]
    answer = send(owner, "PATCH", path, {"title": "Sea"}, If_None_Match=header.format(tag=tag))
    assert answer.status_code == status


def test_photos_are_deleted_on_condition(owner: Caller, path: str) -> None:
    tag = owner.get(path)["ETag"]
    problem(send(owner, "DELETE", path, If_Match=OTHER), 412, "precondition_failed")
    assert Photo.objects.exists()
    assert send(owner, "DELETE", path, If_Match=tag).status_code == 204
    assert not Photo.objects.exists()
    problem(send(owner, "DELETE", path, If_Match="*"), 404, "not_found")


def test_undo_redo_and_restore(owner: Caller, edited: Photo) -> None:
    path = f"photos/{edited.pk}/"
    original = edited.revisions.get(number=0)
    for step in (f"{path}undo/", f"{path}redo/", f"revisions/{original.pk}/restore/"):
        shown = owner.get(path).json()["current"]
        problem(send(owner, "POST", step, If_Match=OTHER), 412, "precondition_failed")
        before = owner.get(path)
        assert before.json()["current"] == shown
        answer = send(owner, "POST", step, If_Match=before["ETag"])
        assert answer.status_code == 200
        assert answer["Content-Location"] == f"/api/v1/{path}"
        assert answer["ETag"] == owner.get(path)["ETag"] != before["ETag"]


def test_albums(owner: Caller, photo: Photo, bob: User) -> None:
    path = f"albums/{photo.album_id}/"
    tag = owner.get(path)["ETag"]
    renamed = send(owner, "PATCH", path, {"name": "Sea"}, If_Match=tag)
    assert (renamed.status_code, renamed["ETag"]) == (200, owner.get(path)["ETag"])
    for method, body in (("PATCH", {"name": "Hill"}), ("DELETE", None)):
        answer = send(owner, method, path, body, If_Match=tag)
        problem(answer, 412, "precondition_failed")
    assert send(owner, "DELETE", path, If_Match=renamed["ETag"]).status_code == 204
    assert not Album.objects.exists()


def test_members(owner: Caller, photo: Photo, bob: User) -> None:
    member = rows.share(photo.album, bob, Role.VIEWER)
    path = f"albums/{photo.album_id}/members/{member.pk}/"
    assert session(bob).get(path).json()["email"] == bob.email
    tag = owner.get(path)["ETag"]
    changed = send(owner, "PATCH", path, {"role": "editor"}, If_Match=tag)
    assert (changed.status_code, changed["ETag"]) == (200, owner.get(path)["ETag"])
    problem(send(owner, "DELETE", path, If_Match=tag), 412, "precondition_failed")
    leaves = send(session(bob), "DELETE", path, If_Match=changed["ETag"])
    assert leaves.status_code == 204
    assert AlbumMember.objects.get().role == Role.OWNER


def test_webhooks(owner: Caller, stranger: Caller, alice: User) -> None:
    body = {"url": "https://shop.example/hook", "events": ["edit.failed"]}
    path = f"webhooks/{owner.post('webhooks/', body).json()['id']}/"
    tag = owner.get(path)["ETag"]
    changed = send(owner, "PATCH", path, {"description": "Shop"}, If_Match=tag)
    assert (changed.status_code, changed["ETag"]) == (200, owner.get(path)["ETag"])
    for method, change in (("PATCH", {"description": "x"}), ("DELETE", None)):
        answer = send(owner, method, path, change, If_Match=tag)
        problem(answer, 412, "precondition_failed")
        problem(send(stranger, method, path, change, If_Match=tag), 404, "not_found")
    assert send(owner, "DELETE", path, If_Match=changed["ETag"]).status_code == 204


def test_whoever_may_not_is_told_so_whatever_the_condition(
    viewer: Caller, stranger: Caller, photo: Photo, bob: User
) -> None:
    bobs = photo.album.memberships.get(user=bob)
    alices = photo.album.memberships.exclude(user=bob).get()
    album = f"albums/{photo.album_id}/"
    for method, path, body in (
        ("PATCH", f"photos/{photo.pk}/", {"title": "x"}),
        ("DELETE", f"photos/{photo.pk}/", None),
        ("POST", f"photos/{photo.pk}/undo/", None),
        ("PATCH", album, {"name": "x"}),
        ("DELETE", album, None),
        ("PATCH", f"{album}members/{bobs.pk}/", {"role": "editor"}),
        ("DELETE", f"{album}members/{alices.pk}/", None),
    ):
        answer = send(viewer, method, path, body, If_Match=OTHER)
        problem(answer, 403, "not_allowed")
        problem(send(stranger, method, path, body, If_Match=OTHER), 404, "not_found")
        problem(send(Caller(), method, path, body, If_Match=OTHER), 401, "not_authenticated")


def test_conditions_that_nobody_would_check_are_refused(owner: Caller, path: str) -> None:
    body = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}
    for headers in ({"If_Match": "*"}, {"If_None_Match": OTHER}):
        answer = send(owner, "POST", f"{path}edits/", body, **headers)
        told = problem(answer, 400, "condition_not_supported")
        assert told["errors"][0]["header"] == next(iter(headers)).replace("_", "-")
    assert owner.get(f"{path}edits/").json()["results"] == []


def test_a_refused_change_leaves_nothing_behind(owner: Caller, path: str) -> None:
    tag = owner.get(path)["ETag"]
    problem(send(owner, "PATCH", path, {"title": " "}, If_Match=tag), 422, "title_missing")
    assert owner.get(path)["ETag"] == tag
