"""If-Match: a change based on an outdated state is not made (RFC 9110, 13.1)."""

from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from gallery.models import Album, AlbumMember, Photo, Role
from tests import rows
from tests.api.caller import Caller, check_problem, sign_in

pytestmark = pytest.mark.django_db
OTHER = f'"{"0" * 32}"'


def send(caller: Caller, method: str, path: str, body: Any = None, **headers: str) -> Any:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(caller, headers=caller.headers | names).send(method, path, body)


@pytest.fixture
def path(photo: Photo) -> str:
    return f"photos/{photo.pk}/"


def test_a_change_with_the_current_entity_tag_is_made(owner: Caller, path: str) -> None:
    tag = owner.get(path)["ETag"]
    response = send(owner, "PATCH", path, {"title": "Sea"}, If_Match=tag)
    assert (response.status_code, response.json()["title"]) == (200, "Sea")
    assert response["ETag"] == owner.get(path)["ETag"] != tag


def test_a_change_with_an_outdated_entity_tag_gets_412(owner: Caller, path: str) -> None:
    tag = owner.get(path)["ETag"]
    owner.patch(path, {"title": "Sea"})
    response = send(owner, "PATCH", path, {"title": "Hill"}, If_Match=tag)
    body = check_problem(response, 412, "precondition_failed")
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
def test_if_match_needs_the_strong_current_tag(
    owner: Caller, path: str, header: str, status: int
) -> None:
    tag = owner.get(path)["ETag"]
    response = send(owner, "PATCH", path, {"title": "Sea"}, If_Match=header.format(tag=tag))
    assert response.status_code == status


@pytest.mark.parametrize(
    ("header", "status"), [("{tag}", 412), ("W/{tag}", 412), ("*", 412), (OTHER, 200)]
)
def test_if_none_match_refuses_a_change_of_a_matching_resource(
    owner: Caller, path: str, header: str, status: int
) -> None:
    tag = owner.get(path)["ETag"]
    response = send(owner, "PATCH", path, {"title": "Sea"}, If_None_Match=header.format(tag=tag))
    assert response.status_code == status


def test_if_match_applies_to_the_deletion_of_photos(owner: Caller, path: str) -> None:
    tag = owner.get(path)["ETag"]
    check_problem(send(owner, "DELETE", path, If_Match=OTHER), 412, "precondition_failed")
    assert Photo.objects.exists()
    assert send(owner, "DELETE", path, If_Match=tag).status_code == 204
    assert not Photo.objects.exists()
    check_problem(send(owner, "DELETE", path, If_Match="*"), 404, "not_found")


def test_if_match_applies_to_undo_redo_and_restore(owner: Caller, edited_photo: Photo) -> None:
    path = f"photos/{edited_photo.pk}/"
    original = edited_photo.revisions.get(number=0)
    for step in (f"{path}undo/", f"{path}redo/", f"revisions/{original.pk}/restore/"):
        revision_before = owner.get(path).json()["current"]
        check_problem(send(owner, "POST", step, If_Match=OTHER), 412, "precondition_failed")
        before = owner.get(path)
        assert before.json()["current"] == revision_before
        response = send(owner, "POST", step, If_Match=before["ETag"])
        assert response.status_code == 200
        assert response["Content-Location"] == f"/api/v1/{path}"
        assert response["ETag"] == owner.get(path)["ETag"] != before["ETag"]


def test_if_match_applies_to_albums(owner: Caller, photo: Photo, bob: User) -> None:
    path = f"albums/{photo.album_id}/"
    tag = owner.get(path)["ETag"]
    renamed = send(owner, "PATCH", path, {"name": "Sea"}, If_Match=tag)
    assert (renamed.status_code, renamed["ETag"]) == (200, owner.get(path)["ETag"])
    for method, body in (("PATCH", {"name": "Hill"}), ("DELETE", None)):
        response = send(owner, method, path, body, If_Match=tag)
        check_problem(response, 412, "precondition_failed")
    assert send(owner, "DELETE", path, If_Match=renamed["ETag"]).status_code == 204
    assert not Album.objects.exists()


def test_if_match_applies_to_members(owner: Caller, photo: Photo, bob: User) -> None:
    member = rows.share(photo.album, bob, Role.VIEWER)
    path = f"albums/{photo.album_id}/members/{member.pk}/"
    assert sign_in(bob).get(path).json()["email"] == bob.email
    tag = owner.get(path)["ETag"]
    changed = send(owner, "PATCH", path, {"role": "editor"}, If_Match=tag)
    assert (changed.status_code, changed["ETag"]) == (200, owner.get(path)["ETag"])
    check_problem(send(owner, "DELETE", path, If_Match=tag), 412, "precondition_failed")
    deletion = send(sign_in(bob), "DELETE", path, If_Match=changed["ETag"])
    assert deletion.status_code == 204
    assert AlbumMember.objects.get().role == Role.OWNER


def test_if_match_applies_to_webhooks(owner: Caller, stranger: Caller, alice: User) -> None:
    body = {"url": "https://shop.example/hook", "events": ["edit.failed"]}
    path = f"webhooks/{owner.post('webhooks/', body).json()['id']}/"
    tag = owner.get(path)["ETag"]
    changed = send(owner, "PATCH", path, {"description": "Shop"}, If_Match=tag)
    assert (changed.status_code, changed["ETag"]) == (200, owner.get(path)["ETag"])
    for method, change in (("PATCH", {"description": "x"}), ("DELETE", None)):
        response = send(owner, method, path, change, If_Match=tag)
        check_problem(response, 412, "precondition_failed")
        check_problem(send(stranger, method, path, change, If_Match=tag), 404, "not_found")
    assert send(owner, "DELETE", path, If_Match=changed["ETag"]).status_code == 204


def test_permissions_are_checked_before_preconditions(
    viewer: Caller, stranger: Caller, photo: Photo, bob: User
) -> None:
    bobs_membership = photo.album.memberships.get(user=bob)
    alices_membership = photo.album.memberships.exclude(user=bob).get()
    album = f"albums/{photo.album_id}/"
    for method, path, body in (
        ("PATCH", f"photos/{photo.pk}/", {"title": "x"}),
        ("DELETE", f"photos/{photo.pk}/", None),
        ("POST", f"photos/{photo.pk}/undo/", None),
        ("PATCH", album, {"name": "x"}),
        ("DELETE", album, None),
        ("PATCH", f"{album}members/{bobs_membership.pk}/", {"role": "editor"}),
        ("DELETE", f"{album}members/{alices_membership.pk}/", None),
    ):
        response = send(viewer, method, path, body, If_Match=OTHER)
        check_problem(response, 403, "not_allowed")
        check_problem(send(stranger, method, path, body, If_Match=OTHER), 404, "not_found")
        check_problem(send(Caller(), method, path, body, If_Match=OTHER), 401, "not_authenticated")


def test_unsupported_preconditions_are_refused(owner: Caller, path: str) -> None:
    body = {"boxes": [{"x": 4, "y": 4, "width": 8, "height": 8}]}
    for headers in ({"If_Match": "*"}, {"If_None_Match": OTHER}):
        response = send(owner, "POST", f"{path}edits/", body, **headers)
        refusal = check_problem(response, 400, "condition_not_supported")
        assert refusal["errors"][0]["header"] == next(iter(headers)).replace("_", "-")
    assert owner.get(f"{path}edits/").json()["results"] == []


def test_a_refused_change_keeps_the_entity_tag(owner: Caller, path: str) -> None:
    tag = owner.get(path)["ETag"]
    check_problem(send(owner, "PATCH", path, {"title": " "}, If_Match=tag), 422, "title_missing")
    assert owner.get(path)["ETag"] == tag
